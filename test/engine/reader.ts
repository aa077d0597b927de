import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GuideCommand } from "lamb-compose/guides";
import { expect } from "vitest";
import { shellWord } from "../../lib/report/shell-word";
import { type Answers, commandInTerminal } from "../support/terminal";
import { TEST_PROJECT } from "./project";
import { type Ran, run } from "./run";

/** What a reader does beside typing a command as it stands. */
export interface Typing {
  /** Words at the end of the command, which make it shorter to wait for or answer what it would ask. */
  readonly more?: string;
  /** What is answered at a terminal: a part of each question, and the keys. @default - there is no terminal */
  readonly answers?: Answers;
  /** Other statuses than the page's with which it may end. */
  readonly status?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any command of a page takes. */
const PATIENCE_S = 300;

/** A reader of a page with a shell, who is in one folder after the other. */
export class Reader {
  private constructor(
    readonly home: string,
    private readonly own: Readonly<Record<string, string>>,
    private folder: string,
  ) {}

  /**
   * @param own what stands for the samples of the pages: host names, folders
   * @param folder where the reader begins. @default - at home
   */
  static async create(own: Readonly<Record<string, string>>, folder?: string): Promise<Reader> {
    const home = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    return new Reader(home, own, folder ?? home);
  }

  /** Puts `lamb-compose` where the shell finds it. */
  async install(program: readonly string[]): Promise<void> {
    await mkdir(join(this.home, "bin"), { recursive: true });
    const command = join(this.home, "bin", "lamb-compose");
    await writeFile(command, `#!/bin/sh\nexec ${program.map(shellWord).join(" ")} "$@"\n`);
    await chmod(command, 0o755);
  }

  /** A path in the folder where the reader is. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Types a command of a page, and holds what it says and how it ends against the page. */
  async type(command: GuideCommand, { more = "", answers, status = [], env = {} }: Typing = {}): Promise<Ran> {
    const { id, lines, output } = command;
    const place = join(this.home, "place");
    const text = Object.entries(this.own).reduce(
      (before, [sample, own]) => before.replaceAll(sample, own),
      `${lines.join("\n")} ${more}`.trim(),
    );
    const words = ["bash", "-e", "-c", `${text}\npwd >${shellWord(place)}`];
    const options = {
      cwd: this.folder,
      env: { PATH: `${join(this.home, "bin")}:${process.env.PATH}`, COMPOSE_FILE: undefined, ...env },
    };
    const ran = await (answers === undefined
      ? run("bash", words.slice(1), options)
      : atTerminal(words, answers, options));
    console.log(`${id}: ${ran.seconds.toFixed(1)} s`);
    expect([command.status ?? 0, ...status], `${id}: ${text}\n${ran.stdout}${ran.stderr}`).toContain(ran.code);
    if (output !== undefined) expect(ran.stdout.trimEnd(), id).toMatch(patternOf(output));
    if (ran.code === 0) this.folder = (await readFile(place, "utf8")).trim();
    return ran;
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }
}

function patternOf(output: readonly string[]): RegExp {
  const literal = output.join("\n").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("…", "[^]*")}$`);
}

/** The same at a terminal, where it asks. All that it says is its standard output. */
async function atTerminal(
  command: readonly string[],
  answers: Answers,
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ran> {
  const start = performance.now();
  const place = { cwd, env: { ...process.env, ...env }, patience: PATIENCE_S };
  const { status, text } = await commandInTerminal(command, answers, place);
  return { code: status, stdout: text, stderr: "", seconds: (performance.now() - start) / 1000 };
}
