import { execFile } from "node:child_process";

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end, without a shell and without input; a failure is an answer, not an exception. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const start = performance.now();
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { cwd: options.cwd, env: { ...process.env, ...options.env }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        const reason = error !== null && typeof error.code !== "number" ? `${error.message}\n` : "";
        resolve({ code, stdout, stderr: `${reason}${stderr}`, seconds: (performance.now() - start) / 1000 });
      },
    );
    child.stdin?.end();
  });
}

/** Like `run`, for a program that must succeed. */
export async function must(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const ran = await run(program, args, options);
  if (ran.code !== 0) {
    throw new Error(`${program} ${args.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
  }
  return ran;
}

/** Asks until the answer satisfies, and gives the last answer when the time is over. */
export async function eventually<T>(
  seconds: number,
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer) || performance.now() > end) {
      return answer;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
