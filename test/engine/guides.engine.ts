import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  CaddyOverlay,
  ComposeFile,
  EnvTemplate,
  EnvVar,
  Healthcheck,
  LambStack,
  Service,
  Volume,
} from "lamb-compose";
import {
  commandsOf,
  DeploymentGuide,
  type Guide,
  type GuideCommand,
  LambGuides,
  MigrationNotes,
  OperationsGuide,
} from "lamb-compose/guides";
import { afterAll, beforeAll, expect, inject, it, vi } from "vitest";
import { SAMPLES } from "../../lib/lamb/guides/words";
import { describeWith } from "../support/tools";
import { removeProject, TEST_PROJECT } from "./project";
import { must, run } from "./run";

/** What stands for the reader's own names: under `.localhost` Caddy signs its certificates itself. */
const OWN: readonly (readonly [string, string])[] = [
  [SAMPLES.lamb, "lamb.localhost"],
  [SAMPLES.chat, "chat.localhost"],
  [SAMPLES.mail, "it@uni-of-tests.eu"],
];

/** A shell of a reader, who is in one folder after the other. */
class Reader {
  private folder: string;

  private constructor(readonly home: string) {
    this.folder = home;
  }

  static async create(main: string): Promise<Reader> {
    const home = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    await mkdir(join(home, "bin"));
    const command = join(home, "bin", "lamb-compose");
    await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    await chmod(command, 0o755);
    return new Reader(home);
  }

  /** Types a command of a page, and holds what it says and how it ends against the page. */
  async type({ id, lines, output, status = 0 }: GuideCommand): Promise<void> {
    const place = join(this.home, "place");
    const own = [...OWN, [SAMPLES.backups, join(this.home, "backups")] as const];
    const text = own.reduce((before, [sample, own]) => before.replaceAll(sample, own), lines.join("\n"));
    const env = { PATH: `${join(this.home, "bin")}:${process.env.PATH}`, COMPOSE_FILE: undefined };
    const ran = await run("bash", ["-e", "-c", `${text}\npwd >'${place}'`], { cwd: this.folder, env });
    console.log(`${id}: ${ran.seconds.toFixed(1)} s`);
    expect(ran.code, `${id}: ${text}\n${ran.stdout}${ran.stderr}`).toBe(status);
    if (output !== undefined) expect(ran.stdout.trimEnd(), id).toMatch(patternOf(output));
    if (status === 0) this.folder = (await readFile(place, "utf8")).trim();
  }
}

function patternOf(output: readonly string[]): RegExp {
  const literal = output.join("\n").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("…", "[^]*")}$`);
}

/** The commands of pages, by page and id, that a test can run. */
function commandsToRun(guides: readonly Guide[], app: App): readonly GuideCommand[] {
  const { context } = app.synth();
  const all = guides.flatMap((guide) => commandsOf(guide.page(context)));
  return all.filter(({ notRun }) => notRun === undefined);
}

describeWith(["docker-engine", "restic"], "every command of the guides, in the order of the pages", () => {
  vi.setConfig({ testTimeout: 600_000 });
  const project = `${TEST_PROJECT}${process.pid}-guides`;
  let reader: Reader;
  const tagged: string[] = [];
  const tag = async (image: string, name: string) => {
    await must("docker", ["tag", inject("standIns")?.[image] ?? "", name]);
    tagged.push(name);
  };
  beforeAll(async () => {
    reader = await Reader.create(inject("command"));
  });
  afterAll(async () => {
    await removeProject(project);
    await removeProject(`${project}-own`);
    for (const name of tagged) await must("docker", ["image", "rm", name]);
    await rm(reader.home, { recursive: true, force: true });
  });

  it("to LAMB: install, first login, closed network, upgrade and back, uninstall", async () => {
    for (const version of ["v0.6", "v0.7"]) {
      for (const image of ["lamb", "lamb-kb", "openwebui", "lamb-library-manager"]) {
        await tag(image, `ghcr.io/lamb-project/${image}:${version}`);
      }
    }
    await tag("caddy", "caddy:2.10.2-alpine");
    const app = new App();
    const stack = new LambStack(app, "next");
    new CaddyOverlay(stack, "prod");
    const { deployment, operations, migration } = new LambGuides(app, "guides", { stack });
    for (const command of commandsToRun([deployment, operations, migration], app)) {
      await reader.type(command);
      if (command.id === "init") await rename(join(reader.home, "lamb", ".env"), project);
    }
  });

  it("to a stack of one's own", async () => {
    await tag("lamb-kb", "own/shop:1");
    const app = new App();
    const shop = new ComposeFile(app, "shop", { fileName: "compose.yaml", name: `${project}-own` });
    new Service(shop, "web", {
      image: "own/shop:1",
      command: ["sleep", "1000"],
      init: true,
      environment: { WORD: new EnvVar("WORD", { meaning: "a word", default: "yes" }) },
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
    await app.synth().assertValid().write(own);
    await reader.type({ id: "own", lines: [`cd '${own}'`] });
    for (const command of commandsToRun(guides, app)) await reader.type(command);
  });
});

/** Gives a deployment a project of the tests', so that what a killed run leaves is found. */
async function rename(path: string, project: string): Promise<void> {
  const text = await readFile(path, "utf8");
  await writeFile(path, `${text.replace(/^(# )?COMPOSE_PROJECT_NAME=.*$/m, "")}\nCOMPOSE_PROJECT_NAME=${project}\n`);
}
