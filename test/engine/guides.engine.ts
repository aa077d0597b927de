import { readFileSync } from "node:fs";
import { copyFile, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, ComposeFile, EnvTemplate, EnvVar, Healthcheck, Image, Service, Volume } from "lamb-compose";
import { commandsOf, DeploymentGuide, MigrationNotes, OperationsGuide } from "lamb-compose/guides";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { SAMPLES } from "../../lib/lamb/guides/words";
import { lambPages, RUN_ELSEWHERE } from "../support/guide-commands";
import { ENTER, typed } from "../support/terminal";
import { describeWith } from "../support/tools";
import { fillTemplate, LOCAL_REGISTRY } from "./deployment";
import { type NpmRegistry, startNpmRegistry } from "./npm-registry";
import { removeProject, TEST_PROJECT } from "./project";
import { Reader, type Typing } from "./reader";
import { must, type Ran, run } from "./run";

const MANIFEST = fileURLToPath(new URL("../../package.json", import.meta.url));
const ELSEWHERE = new Set<string>(Object.values(RUN_ELSEWHERE).flat());
/** Chapters that say how else it can be done: after each, the folder is again what it was. */
const OTHER_WAYS = new Set(["proxy", "own-images", "mirror", "gpu", "without-node"]);
const SAME = { id: "with a profile", output: ["what runs is what the files say"] };
const AFTER_OTHER_WAYS = { id: "back", lines: ["docker compose up --detach --remove-orphans", "lamb-compose up"] };
/** Under `.localhost` Caddy signs its certificates itself. */
const [LAMB, CHAT, MAIL] = ["lamb.localhost", "chat.localhost", "it@uni-of-tests.eu"];
const AGREES: Typing = { more: "--watch 1", answers: [["Go on?", ["y"]]] };

/** What is done at a command: how it is typed, and what the page says around it in words. */
interface Step {
  readonly typing?: Typing;
  readonly before?: () => Promise<unknown>;
  readonly after?: (ran: Ran) => Promise<unknown>;
}

describeWith(["docker-engine", "python", "restic"], "every command of the guides, in the order of the pages", () => {
  vi.setConfig({ testTimeout: 900_000 });
  const project = `${TEST_PROJECT}${process.pid}-guides`;
  const registry = `${LOCAL_REGISTRY}/${project}`;
  let reader: Reader;
  let npm: NpmRegistry;
  let backups = "";
  const tagged = new Set<string>();
  const tag = async (image: string, name: string) => {
    await must("docker", ["tag", inject("standIns")?.[image] ?? "", name]);
    tagged.add(name);
  };
  const publish = async (image: string, name: string) => {
    await must("docker", ["tag", inject("standIns")?.[image] ?? "", name]);
    await must("docker", ["push", "--quiet", name]);
    await must("docker", ["image", "rm", name]);
  };
  /** Folders stay the same ones: containers have them mounted. */
  const putBack = async () => {
    const before = join(reader.home, "before");
    const kept = new Set(await readdir(before, { recursive: true }));
    for (const name of await readdir(reader.path(), { recursive: true })) {
      if (!kept.has(name)) await rm(reader.path(name), { recursive: true, force: true });
    }
    await cp(before, reader.path(), { recursive: true });
    await rm(before, { recursive: true });
  };
  const settings = () => parseDotenv(readFileSync(reader.path(".env"), "utf8")).values;
  const edit = async (name: string, change: (text: string) => string) => {
    await writeFile(reader.path(name), change(await readFile(reader.path(name), "utf8")));
  };
  /** Gives a deployment a project of the tests', so that what a killed run leaves is found. */
  const named = (text: string) =>
    `${text.replace(/^(# )?COMPOSE_PROJECT_NAME=.*$/m, "")}\nCOMPOSE_PROJECT_NAME=${project}\n`;
  beforeAll(async () => {
    backups = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    reader = await Reader.create({
      [SAMPLES.backups]: backups,
      [SAMPLES.lamb]: LAMB,
      [SAMPLES.chat]: CHAT,
      [SAMPLES.mail]: MAIL,
      [SAMPLES.registry]: registry,
    });
    const published = join(reader.home, "published");
    await cp(dirname(inject("command")), join(published, "dist"), { recursive: true });
    await copyFile(MANIFEST, join(published, "package.json"));
    npm = await startNpmRegistry(published);
  });
  afterAll(async () => {
    npm?.stop();
    await removeProject(project);
    await removeProject(`${project}-own`);
    const format = "{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}";
    const { stdout } = await must("docker", ["image", "ls", "--digests", "--format", format]);
    const pulled = stdout.split(/\s/).filter((name) => name.startsWith(registry));
    for (const name of [...tagged, ...pulled]) await run("docker", ["image", "rm", name]);
    await reader.remove();
    await rm(backups, { recursive: true });
  });

  const steps: Readonly<Record<string, Step>> = {
    "deployment/get": {
      typing: {
        env: {
          get npm_config_registry() {
            return npm.url;
          },
          get npm_config_prefix() {
            return reader.home;
          },
          get npm_config_cache() {
            return join(reader.home, "npm");
          },
          npm_config_audit: "false",
          npm_config_update_notifier: "false",
        },
      },
    },
    // What it finds depends on the host.
    "deployment/host": { typing: { status: [1] } },
    "deployment/init-asking": {
      typing: {
        answers: [
          ["certificates come from", [ENTER]],
          ["first administrator", typed(MAIL)],
          ["reach LAMB", typed(LAMB)],
          ["reach Open WebUI", typed(CHAT)],
          ["certificate authority", typed(MAIL)],
          ["provider/model", [ENTER]],
          ["at their price", [ENTER]],
        ],
      },
    },
    "deployment/init": {
      before: () => rename(reader.path("lamb"), reader.path("asked")),
      after: async () => {
        const files = await Promise.all(
          ["asked", "lamb"].map((name) => readdir(reader.path(name), { recursive: true })),
        );
        expect(files[0]).toEqual(files[1]);
        await edit("lamb/.env", named);
      },
    },
    "deployment/verify": {
      // Caddy's own authority stands for one that everybody trusts.
      before: () => must("docker", ["compose", "cp", AUTHORITY, reader.path("ca.crt")], { cwd: reader.path() }),
      typing: {
        env: {
          get NODE_EXTRA_CA_CERTS() {
            return reader.path("ca.crt");
          },
        },
      },
    },
    "deployment/key": {
      typing: {
        answers: [
          ["Value of OPENAI_API_KEY", typed("sk-of-a-test")],
          ["a new value?", ["y"]],
        ],
      },
      after: async () => expect(settings().get("OPENAI_API_KEY")).toBe("sk-of-a-test"),
    },
    "deployment/load": {
      after: async ({ stdout }) => {
        for (const name of await images()) expect(stdout).toContain(`Loaded image: ${name}\n`);
      },
    },
    "deployment/own-image": { before: () => publish("lamb", `${registry}/lamb:ours-1`) },
    "deployment/own-image-check": {
      before: () => edit(".env", (text) => text.replace(/^COMPOSE_FILE=.*$/m, "$&:docker-compose.own.yaml")),
      after: async ({ stdout }) => expect(stdout).toContain(`${registry}/lamb:ours-1\n`),
    },
    "deployment/mirror-images": {
      after: async ({ stdout }) => {
        const copies = [...stdout.matchAll(/^docker buildx imagetools create --tag (\S+) (\S+)$/gm)];
        expect(copies).toHaveLength(4);
        for (const [, to = "", from = ""] of copies) await publish(partOf(from), to);
      },
    },
    "deployment/lock-init": {
      after: async () => {
        for (const name of await images()) expect(name).toMatch(/@sha256:/);
      },
    },
    "deployment/ollama": {
      before: () => tag("ollama", "ollama/ollama:0.12.6"),
      after: async ({ stderr }) => {
        const [, line = ""] = /All would be: (COMPOSE_FILE=.*)$/m.exec(stderr) ?? [];
        const before = await readFile(reader.path(".env"), "utf8");
        await edit(".env", (text) => text.replace(/^COMPOSE_FILE=.*$/m, line));
        const { stdout } = await must("docker", ["compose", "config"], { cwd: reader.path() });
        expect(stdout).toContain("driver: nvidia");
        // This machine has no GPU: Docker takes the files, and what runs from here on is the page's way without one.
        await writeFile(reader.path(".env"), before);
      },
    },
    "deployment/ollama-up": {
      after: () => reader.type({ ...SAME, lines: ["lamb-compose diff --deployed"] }),
    },
    "deployment/ollama-model": { typing: { answers: [] } },
    "deployment/plain-settings": {
      before: async () => {
        await rename(reader.path(".env"), reader.path("filled"));
      },
      after: async () => {
        const filled = parseDotenv(await readFile(reader.path("filled"), "utf8")).values;
        await fillTemplate(reader.path(), Object.fromEntries(filled));
      },
    },
    "operations/doctor": { typing: { status: [1] } },
    "operations/upgrade": { typing: AGREES },
    "operations/rollback": { typing: AGREES },
  };
  const images = async () => {
    const { stdout } = await must("docker", ["compose", "config", "--images"], { cwd: reader.path() });
    return [...new Set(stdout.trim().split("\n"))];
  };

  it("to LAMB: install, first login, closed network, upgrade and back, uninstall", async () => {
    for (const version of ["v0.6", "v0.7"]) {
      for (const image of ["lamb", "lamb-kb", "openwebui", "lamb-library-manager"]) {
        await tag(image, `ghcr.io/lamb-project/${image}:${version}`);
      }
    }
    await tag("caddy", "caddy:2.10.2-alpine");
    for (const page of lambPages()) {
      for (const chapter of page.chapters) {
        const isOther = OTHER_WAYS.has(chapter.id);
        if (isOther)
          await cp(reader.path(), join(reader.home, "before"), { recursive: true, preserveTimestamps: true });
        for (const command of commandsOf({ ...page, chapters: [chapter] })) {
          const name = `${page.id}/${command.id}`;
          if (ELSEWHERE.has(name)) continue;
          const { typing, before, after } = steps[name] ?? {};
          await before?.();
          const ran = await reader.type(command, typing);
          await after?.(ran);
        }
        if (isOther) await putBack();
      }
      if (page.id === "deployment") await reader.type(AFTER_OTHER_WAYS);
    }
  });

  it("to a stack of one's own", async () => {
    for (const version of ["1", "2"]) await publish("lamb-kb", `${registry}/shop:${version}`);
    const app = new App();
    const shop = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: `${project}-own` });
    const version = new EnvVar("SHOP_VERSION", { meaning: "version of the shop", default: "1" });
    new Service(shop, "web", {
      image: new Image(`${registry}/shop`, { tag: version }),
      command: ["sleep", "1000"],
      init: true,
      healthcheck: Healthcheck.command(["true"]),
      volumes: [new Volume(shop, "data").at("/data")],
    });
    const env = new EnvTemplate(app, "env", { fileName: ".env.example" });
    const guides = [
      new DeploymentGuide(app, "deployment", { env }),
      new OperationsGuide(app, "operations", { env }),
      new MigrationNotes(app, "migration", { env }),
    ];
    const own = join(reader.home, "own");
    const { context } = await app
      .synth()
      .assertValid()
      .write(own)
      .then(() => app.synth());
    await reader.type({ id: "own", lines: [`cd '${own}'`] });
    const running = () => must("docker", ["compose", "ps", "--format", "{{.Image}}"], { cwd: own });
    for (const command of guides.flatMap((guide) => commandsOf(guide.page(context)))) {
      if (command.id === "pull") await edit(".env", (text) => `${text}\nSHOP_VERSION=2\n`);
      await reader.type(command);
      if (command.id === "upgrade") expect((await running()).stdout).toBe(`${registry}/shop:2\n`);
    }
  });
});

const AUTHORITY = "caddy:/data/caddy/pki/authorities/local/root.crt";

/** The stand-in of an image, by the last part of its name. */
function partOf(image: string): string {
  return /([^/:]+):[^/]*$/.exec(image)?.[1] ?? "";
}
