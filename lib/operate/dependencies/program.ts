import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { messageOf, OperateError, systemCode } from "../error";

export interface ProgramOptions {
  readonly cwd?: string | undefined;
  /** What it reads from the standard input. @default - nothing */
  readonly input?: string | undefined;
  /** What to do when the program is not there: a sentence. */
  readonly remedy: string;
}

const MAX_OUTPUT = 256 << 20;

/** Ways to call the program that resolves Python's requirements, the first that is there counts. */
const UV: readonly (readonly [program: string, ...words: string[]])[] = [["uv"], ["python3", "-m", "uv"]];

/**
 * The standard output of uv, which must succeed.
 *
 * @throws OperateError `no-program`, `program-failed`
 */
export async function outputOfUv(words: readonly string[], options: Omit<ProgramOptions, "remedy">): Promise<string> {
  const remedy = "install uv, which resolves the requirements: python3 -m pip install uv";
  for (const [program, ...first] of UV) {
    try {
      await outputOf(program, [...first, "--version"], { remedy });
    } catch {
      continue;
    }
    return outputOf(program, [...first, ...words], { ...options, remedy });
  }
  throw new OperateError({ code: "no-program", value: "uv", reason: "is not on this machine", fix: remedy });
}

/**
 * The standard output of a program that must succeed.
 *
 * @throws OperateError `no-program`, `program-failed` with the last lines that it said
 */
export function outputOf(program: string, words: readonly string[], options: ProgramOptions): Promise<string> {
  const { cwd, input = "", remedy } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(program, words, { cwd, maxBuffer: MAX_OUTPUT }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failureOf(program, error, stderr, remedy));
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

const LAST_LINES = 20;

function failureOf(program: string, error: Error, stderr: string, remedy: string): OperateError {
  if (systemCode(error) === "ENOENT") {
    return new OperateError({ code: "no-program", value: program, reason: "is not on this machine", fix: remedy });
  }
  const said = stderr.trim().split("\n").slice(-LAST_LINES).join("\n");
  return new OperateError({
    code: "program-failed",
    path: program,
    reason: said === "" ? messageOf(error) : said,
    fix: "correct what it reports, and run it again",
  });
}

/** Runs something in a folder of its own with these files, and removes the folder. */
export async function inFolder<Result>(
  files: Readonly<Record<string, string>>,
  job: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "lamb-compose-dependencies-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await job(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
