import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import type { Environment } from "../../env/file";
import { systemCode } from "../error";
import { dockerProblem } from "./problems";

/** What a finished `docker` command left. */
export interface DockerAnswer {
  /** Exit status; `undefined` when it was stopped or could not be started. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it ended otherwise than by itself. */
  readonly cut: "not-found" | "timeout" | "too-much" | undefined;
}

export interface DockerRunOptions {
  /** The directory in which it runs. @default - that of this process */
  readonly cwd?: string | undefined;
  /** Added to the environment, `undefined` takes a variable away. @default - nothing */
  readonly environment?: Environment | undefined;
  /** Seconds that it may take. @default 120 */
  readonly timeout?: number | undefined;
  /** Gets each line of both outputs while it runs; the answer then keeps the end of them only. @default - nobody */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Gets each line of the standard error while it runs; the answer has the other output whole. @default - nobody */
  readonly onErrorLine?: ((line: string) => void) | undefined;
  /** Bytes for its standard input. @default - none */
  readonly input?: string | undefined;
}

const TIMEOUT = 120;
/** Characters of an answer that is read as a whole. */
const LARGEST_ANSWER = 64 << 20;
/** Characters that are kept of an output that is shown line by line, and of error messages. */
const KEPT = 64 << 10;
/** Milliseconds between asking a command to end and ending it. */
const GRACE_MS = 5000;

/**
 * Docker's own command, so that contexts, `DOCKER_HOST`, ssh hosts, rootless engines, credentials and Compose are what they
 * are for the operator. No argument may have a secret in it: everybody on the host can read them.
 */
export class Docker {
  constructor(
    readonly environment: Environment,
    private readonly program: string = "docker",
  ) {}

  /**
   * Runs a command to its end. A failure is an answer, not an exception.
   *
   * It runs in a session of its own: a closed terminal or Ctrl-C reaches this process only, which decides what becomes
   * of what it has begun. `docker compose up` that is cut off leaves services stopped.
   */
  run(words: readonly string[], options: DockerRunOptions = {}): Promise<DockerAnswer> {
    const { cwd, timeout = TIMEOUT, onLine, onErrorLine = onLine, input } = options;
    return new Promise((resolve) => {
      const child = spawn(this.program, words, {
        cwd,
        env: definedOnly({ ...this.environment, ...options.environment }),
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
      });
      let cut: DockerAnswer["cut"];
      let kill: NodeJS.Timeout | undefined;
      const stop = (why: "timeout" | "too-much") => {
        if (cut !== undefined) return;
        cut = why;
        signalGroup(child.pid, "SIGTERM");
        kill = setTimeout(() => signalGroup(child.pid, "SIGKILL"), GRACE_MS);
      };
      const timer = setTimeout(() => stop("timeout"), timeout * 1000);
      const limit = onLine === undefined ? { most: LARGEST_ANSWER, full: () => stop("too-much") } : { most: KEPT };
      const stdout = new Output({ ...limit, onLine });
      const stderr = new Output({ most: KEPT, onLine: onErrorLine });
      child.stdout.on("data", (part: Uint8Array) => stdout.add(part));
      child.stderr.on("data", (part: Uint8Array) => stderr.add(part));
      const end = (code: number | null) => {
        clearTimeout(timer);
        clearTimeout(kill);
        resolve({ code: code ?? undefined, stdout: stdout.end(), stderr: stderr.end(), cut });
      };
      child.once("error", (error) => {
        // A directory that is not there looks the same, and is checked by who names it.
        cut = "not-found";
        stderr.add(Buffer.from(systemCode(error) ?? error.message));
        end(null);
      });
      child.once("close", end);
      // A command that ends without reading is judged by how it ends.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
    });
  }

  /**
   * Runs a command that must succeed, and gives its standard output.
   *
   * @throws OperateError one of {@link dockerProblem}
   */
  async must(words: readonly string[], options: DockerRunOptions = {}): Promise<string> {
    const answer = await this.run(words, options);
    if (answer.code !== 0) throw dockerProblem(words, answer, options.timeout ?? TIMEOUT);
    return answer.stdout;
  }
}

/** Compose is a process of its own below `docker`. */
function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // It has ended by itself.
  }
}

function definedOnly(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

interface OutputOptions {
  /** Characters that are kept: of more, the last. */
  readonly most: number;
  readonly full?: (() => void) | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** One output of a command: kept within a bound, and given on by lines. */
class Output {
  private readonly decoder = new StringDecoder("utf8");
  private text = "";
  private rest = "";

  constructor(private readonly options: OutputOptions) {}

  add(part: Uint8Array): void {
    const { most, full, onLine } = this.options;
    const more = this.decoder.write(Buffer.from(part));
    this.text += more;
    if (this.text.length > most) {
      full?.();
      this.text = this.text.slice(-most);
    }
    if (onLine === undefined) return;
    const lines = (this.rest + more).split(/\r\n|\n|\r/);
    this.rest = (lines.pop() ?? "").slice(-KEPT);
    for (const line of lines) if (line.trim() !== "") onLine(line);
  }

  end(): string {
    if (this.rest.trim() !== "") this.options.onLine?.(this.rest);
    this.rest = "";
    return this.text;
  }
}
