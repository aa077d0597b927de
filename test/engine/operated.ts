import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commandWords } from "../support/command";
import { removeProject, TEST_PROJECT } from "./project";
import { must, type Ran, run } from "./run";
import { type Signalled, signalled } from "./signalled";

let count = 0;

/** A container as the tests look at it. */
export interface Seen {
  readonly Id: string;
  readonly Name: string;
  readonly State: { readonly Status: string; readonly Health?: { readonly Status: string } };
}

/** A small stack of somebody's own, in a directory of its own, operated with `lamb-compose`. */
export class Operated {
  readonly project = `${TEST_PROJECT}${process.pid}-operated-${++count}`;

  /** It has the name that the guides give it. */
  readonly dir: string;

  private constructor(readonly home: string) {
    this.dir = join(home, "lamb");
  }

  static async create(files: Readonly<Record<string, string>>): Promise<Operated> {
    const operated = new Operated(await mkdtemp(join(tmpdir(), TEST_PROJECT)));
    await operated.write({ ".env": "", ...files });
    return operated;
  }

  /** Puts files in the place of those that are there, as editors and writers do. The `.env` names the project. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.dir, name);
      const whole = name === ".env" ? `COMPOSE_PROJECT_NAME=${this.project}\n${text}` : text;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, whole, { mode: 0o600 });
      await rename(`${path}.new`, path);
    }
  }

  compose(...words: readonly string[]): Promise<Ran> {
    return must("docker", ["compose", ...words], { cwd: this.dir });
  }

  /** `lamb-compose COMMAND --dir … WORDS`. */
  lamb(command: string, ...words: readonly string[]): Promise<Ran> {
    return run(process.execPath, this.commandLine(command, ...words));
  }

  /** The same, and a signal to it, but not to what it has started, as soon as it says something. */
  async signalled(
    signal: NodeJS.Signals,
    sign: string,
    command: string,
    ...words: readonly string[]
  ): Promise<Signalled["end"]> {
    const literally = new RegExp(sign.replace(/[[\](/)]/g, "\\$&"));
    return (await signalled(signal, literally, this.commandLine(command, ...words))).end;
  }

  async container(service: string): Promise<Seen> {
    const { stdout } = await this.compose("ps", "--all", "--quiet", service);
    const inspected: Seen[] = JSON.parse((await must("docker", ["inspect", stdout.trim()])).stdout);
    const [seen] = inspected;
    if (seen === undefined) throw new Error(`${service} has no container`);
    return seen;
  }

  /** How each service is: `healthy`, or the state of its container. */
  async conditions(): Promise<Readonly<Record<string, string>>> {
    const { stdout } = await this.compose("ps", "--all", "--format", "{{.Service}} {{.State}} {{.Health}}");
    const rows = stdout
      .trim()
      .split("\n")
      .map((row) => row.split(" "));
    return Object.fromEntries(rows.map(([service = "", state = "", health]) => [service, health || state]));
  }

  async remove(): Promise<void> {
    await removeProject(this.project);
    await rm(this.home, { recursive: true, force: true });
  }

  /** Words with which Node.js runs `lamb-compose`. */
  readonly program: readonly string[] = commandWords();

  /** The words of `lamb-compose COMMAND --dir … WORDS` for Node.js. */
  commandLine(command: string, ...words: readonly string[]): readonly string[] {
    return [...this.program, ...command.split(" "), "--dir", this.dir, ...words];
  }
}
