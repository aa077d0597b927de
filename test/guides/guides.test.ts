import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  App,
  CaddyOverlay,
  ComposeFile,
  EnvTemplate,
  EnvVar,
  GpuOverlay,
  LambStack,
  Ollama,
  Service,
} from "lamb-compose";
import {
  commandsOf,
  DeploymentGuide,
  type Guide,
  type GuidePage,
  LambGuides,
  MigrationNotes,
  OperationsGuide,
} from "lamb-compose/guides";
import { lint } from "markdownlint/promise";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../lib/cli/command-table";
import { makeProgram } from "../../lib/cli/program";
import { anchorOf } from "../../lib/guides/markdown";
import { filesBelow, goldenOf } from "../examples/program";
import { CommandsOf, lambPages, namedCommands, RUN_ELSEWHERE } from "../support/guide-commands";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** LAMB's guides, with all that can be added to the stack. */
function lambGuides() {
  const app = new App();
  const stack = new LambStack(app, "next");
  new Ollama(stack);
  new GpuOverlay(stack);
  new CaddyOverlay(stack, "prod");
  const guides = new LambGuides(app, "guides", { stack });
  return { guides: [guides.deployment, guides.operations, guides.migration], synthesis: app.synth().assertValid() };
}

/** The guides of a stack of somebody's own. */
function ownGuides(page?: (facts: unknown, page: GuidePage) => GuidePage) {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  const port = new EnvVar("SHOP_PORT", { meaning: "port | of <the> shop", default: "`80`", formerNames: ["PORT"] });
  new Service(file, "web", { image: "shop:1", ports: [`127.0.0.1:\${SHOP_PORT:-80}:80`], environment: { P: port } });
  const retired = [{ name: "OLD", reason: "the shop has one", harmlessValue: "a|b" }];
  const env = new EnvTemplate(app, "env", { fileName: "conf/.env.example", retired });
  const props = { env, page };
  const guides: Guide[] = [
    new DeploymentGuide(app, "d", { ...props, fileName: "docs/deep/install.md" }),
    new OperationsGuide(app, "o", props),
    new MigrationNotes(app, "m", props),
  ];
  return { guides, synthesis: app.synth().assertValid() };
}

const SETS = { "of LAMB": lambGuides(), "of a stack of one's own": ownGuides() };

it("says of each port with which address and protocol it is published", () => {
  const app = new App();
  const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
  const ports = ["0.0.0.0:443:443", "127.0.0.1:53:53/udp", "[::1]:8080:80", "5000:5000/sctp", "127.0.0.1::81", "82"];
  new Service(file, "web", { image: "shop:1", ports });
  const env = new EnvTemplate(app, "env", { fileName: ".env.example" });
  new DeploymentGuide(app, "guide", { env });
  const text = app.synth().assertValid().files.get("Documentation/deployment.md");
  expect(text).toContain("`443`, `127.0.0.1:53/udp`, `[::1]:8080`, `5000/sctp`, `127.0.0.1:any`, `any`");
});

/** The paths and headings that links of a text lead to, of those that lead to no other host. */
function linksOf(text: string): readonly (readonly [file: string, heading: string])[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, file = "", heading = ""]) => [
    file,
    heading,
  ]);
}

describe.each(Object.entries(SETS))("guides %s", (_, { guides, synthesis }) => {
  const texts = new Map(guides.map(({ fileName }) => [fileName, synthesis.files.get(fileName) ?? ""]));

  it("are clean for markdownlint", async () => {
    const config = { default: true, MD013: { line_length: 120, tables: false, code_blocks: false } };
    const strings = Object.fromEntries(
      [...texts].map(([name, text]) => [name, text.replace(/^<!--.*-->$/m, "<!-- -->")]),
    );
    const found = await lint({ strings, config });
    expect(String(found)).toBe("");
  });

  it("have links that lead to a heading that is there", () => {
    for (const [name, text] of texts) {
      const links = linksOf(text);
      expect(links.length, name).toBeGreaterThan(2);
      for (const [file, heading] of links) {
        const path = new URL(file, `http://x/${name}`).pathname.slice(1);
        const target = texts.get(file === "" ? name : path) ?? "";
        const headings = [...target.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) => anchorOf(title));
        expect(heading === "" ? headings.length > 0 : headings.includes(heading), `${name}: ${file}#${heading}`).toBe(
          true,
        );
      }
    }
  });

  it("name every command, and every chapter, once a page", () => {
    for (const guide of guides) {
      const page = guide.page(synthesis.context);
      const ids = [...commandsOf(page), ...page.chapters].map(({ id }) => `${id}`);
      const commands = commandsOf(page).map(({ id }) => id);
      expect(new Set(commands).size).toBe(commands.length);
      expect(new Set(page.chapters.map(({ id }) => id)).size).toBe(page.chapters.length);
      expect(ids.filter((id) => !/^[a-z][a-z-]*$/.test(id))).toEqual([]);
      const fences = [...(texts.get(guide.fileName) ?? "").matchAll(/^```sh(?: id=(\S+))?$/gm)].map(([, id]) => id);
      expect(fences).toEqual(commands);
    }
  });

  it("have the same in a second synthesis, and no value of nothing", () => {
    for (const [name, text] of texts) expect(text, name).not.toMatch(/undefined|\[object|NaN/);
  });
});

describe("guides of LAMB", () => {
  const { guides, synthesis } = SETS["of LAMB"];
  const [install = "", , migration = ""] = guides.map(({ fileName }) => synthesis.files.get(fileName) ?? "");

  it("have every setting of the template, every service and every volume", () => {
    for (const { name } of synthesis.context.variables()) expect(install).toContain(`| \`${name}\` |`);
    const services = synthesis.context.files.flatMap(({ document }) => Object.keys(document.services ?? {}));
    const volumes = synthesis.context.files.flatMap(({ document }) => Object.keys(document.volumes ?? {}));
    for (const name of [...services, ...volumes]) expect(install).toContain(`| \`${name}\` |`);
  });

  it("have every former name with what it is called now", () => {
    for (const { name, formerNames } of synthesis.context.variables()) {
      for (const former of formerNames) expect(migration).toContain(`| \`${former}\` | \`${name}\` |`);
    }
  });

  it("give commands that there are, with options that they have", () => {
    const rows = commandTable(makeProgram());
    const said = guides.flatMap(({ fileName }) => {
      const text = (synthesis.files.get(fileName) ?? "").replaceAll("\\\n", " ");
      return [...text.matchAll(/(?:^|`|\()lamb-compose ([^`\n]*)/gm)].map(([, words = ""]) => words.trim());
    });
    expect(said.length).toBeGreaterThan(25);
    for (const line of said) {
      const [first = "", second = ""] = line.split(/\s+/);
      const row = rows.find(({ path }) => path === `${first} ${second}`) ?? rows.find(({ path }) => path === first);
      expect(row, line).toBeDefined();
      const known = row?.options.flatMap(({ words }) => words) ?? [];
      for (const word of line.match(/(?<=\s)--[a-z-]+/g) ?? []) expect(known, line).toContain(word);
    }
  });

  it("have no command that the engine does not run: in the order of the pages, or in a test that has what it needs", () => {
    const names = Object.values(RUN_ELSEWHERE).flat();
    const commands = namedCommands(lambPages());
    expect(names.filter((name) => !commands.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    for (const [test, own] of Object.entries(RUN_ELSEWHERE)) {
      const text = readFileSync(join(ROOT, `test/engine/${test}.engine.ts`), "utf8");
      expect(text).toContain(`new CommandsOf("${test}")`);
      expect(text, "it says so when it has left one out").toContain("expect(guide.left).toEqual([])");
      for (const name of own) expect(text, test).toContain(`guide.take("${name}")`);
    }
    expect(new CommandsOf("backup").left).toEqual(RUN_ELSEWHERE.backup);
  });

  it("speak to people: no word of programs where none is needed", () => {
    for (const { fileName } of guides) {
      const text = (synthesis.files.get(fileName) ?? "").replace(/```[\s\S]*?```/g, "");
      expect(text).not.toMatch(/\b(construct|synthesi[sz]e|TypeScript|YAML|JSON|stdin|interpolat\w+)\b(?! \\?")/);
    }
  });
});

describe("a guide", () => {
  it("is of one's own words where the program says so", () => {
    const { guides, synthesis } = ownGuides((_, page) => ({
      ...page,
      title: "Botiga",
      chapters: page.chapters.slice(0, 1),
    }));
    const text = synthesis.files.get(guides[0]?.fileName ?? "") ?? "";
    expect(text).toMatch(/^# Botiga\n/);
    expect(text.match(/^## /gm)).toHaveLength(1);
  });

  it("shows the text of others as it is", () => {
    const { synthesis } = SETS["of a stack of one's own"];
    const text = [...synthesis.files.values()].join("");
    expect(text).toContain("| `SHOP_PORT` | port \\\\\\| of \\<the\\> shop | `` `80` `` |".replace("\\\\\\|", "\\|"));
    expect(text).toContain("(`a\\|b`)");
  });

  it("speaks of another page only where the program writes it", () => {
    const app = new App();
    const file = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: "shop" });
    new Service(file, "web", { image: "shop:1" });
    new DeploymentGuide(app, "d", { env: new EnvTemplate(app, "env", { fileName: ".env.example" }) });
    const alone = app.synth().files.get("Documentation/deployment.md") ?? "";
    expect(alone).toContain("\nHow to install this deployment, and what it is made of.\n");
    const own = SETS["of a stack of one's own"].synthesis.files.get("docs/deep/install.md") ?? "";
    expect(own.replaceAll("\n", " ")).toMatch(/made of\. \[Operations\].*\. \[Migration\]\(.*\) says what changed/);
  });

  it("leads to the files that it stands beside, from any folder", () => {
    const { synthesis } = SETS["of a stack of one's own"];
    expect(synthesis.files.get("docs/deep/install.md")).toContain("(../../Documentation/operations.md)");
    expect(synthesis.files.get("Documentation/operations.md")).toContain("(../docs/deep/install.md)");
  });
});

it("the golden files of the examples are those that readers get", () => {
  const guides = ["prod", "plain"].map((example) =>
    [...filesBelow(goldenOf(example)).keys()].filter((path) => path.startsWith("Documentation/")),
  );
  expect(guides).toEqual([
    [
      "Documentation/images.md",
      "Documentation/installation/deployment.md",
      "Documentation/installation/migration.md",
      "Documentation/installation/operations.md",
    ],
    ["Documentation/deployment.md", "Documentation/operations.md"],
  ]);
});

it("are written from one reading of the files, and each page is made once", () => {
  const seen = new Set<unknown>();
  let pages = 0;
  const { synthesis, guides } = ownGuides((facts, page) => {
    seen.add(facts);
    pages++;
    return page;
  });
  expect([pages, seen.size]).toEqual([guides.length, 1]);
  expect(guides[0]?.page(synthesis.context)).toBe(guides[0]?.page(synthesis.context));
});
