import { execFile, execFileSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve as resolvePath } from "node:path";
import { type Answer, type Case, commandLine, HOME, PROJECT } from "./case";
import { COMPOSE } from "../support/docker-compose";

/** A judge of one's own, as `judge/` builds it, instead of the installed Compose. */
let judge: string | undefined;

export function useJudge(path: string): void {
  judge = resolvePath(path);
}

function command(): readonly [file: string, first: readonly string[]] {
  const [program, ...first] = COMPOSE;
  return judge === undefined ? [program, first] : [judge, []];
}

/** The version of Compose on this machine, if any. */
export function composeVersion(): string | undefined {
  const [file, first] = command();
  try {
    return execFileSync(file, [...first, "version", "--short"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Output> {
  const [file, first] = command();
  return new Promise((resolve) => {
    execFile(file, [...first, ...args], { cwd, env, maxBuffer: 2 ** 28, timeout: 60_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
  });
}

const WARNING = /^time="[^"]*" level=(\w+) msg=(?:"((?:[^"\\]|\\.)*)"|(.*))$/;

function unquote(text: string): string {
  const parsed: unknown = JSON.parse(`"${text}"`);
  return String(parsed);
}

function answerOf({ code, stdout, stderr }: Output): Answer {
  const warnings: string[] = [];
  const rest: string[] = [];
  for (const line of stderr.split("\n")) {
    const match = WARNING.exec(line);
    if (match === null) rest.push(line);
    else if (match[1] === "warning") warnings.push(match[2] === undefined ? (match[3] ?? "") : unquote(match[2]));
  }
  const crash = rest.find((line) => line.startsWith("panic:"));
  const message = crash ?? rest.join("\n").trim();
  const unique = [...new Set(warnings)];
  return code === 0 ? { output: stdout, warnings: unique } : { error: message, warnings: unique };
}

/** Asks Compose. Paths in the answer are as if the project stood in `/project`. */
export async function ask(question: Case): Promise<Answer> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "compose-")));
  const project = join(root, PROJECT);
  try {
    await mkdir(project, { recursive: true });
    for (const [path, content] of Object.entries(question.files)) {
      const file = join(project, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const env = { HOME, PWD: project, ...question.env };
    const answer = answerOf(await run(commandLine(question), project, env));
    const relocate = (text: string) => text.replaceAll(root, "");
    return {
      ...(answer.output === undefined ? {} : { output: relocate(answer.output) }),
      ...(answer.error === undefined ? {} : { error: relocate(answer.error) }),
      warnings: answer.warnings.map(relocate),
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
