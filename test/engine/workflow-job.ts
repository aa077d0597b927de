import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contexts, holds, interpolate, type Job, type Workflow } from "../images/github";
import { type Ran, run } from "./run";

export interface JobProps {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly contexts: Contexts;
  /** What the runner has in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the repository. @default - the runner's own, which holds `digests` */
  readonly cwd?: string;
  /** Programs that take the place of the real ones, as scripts of bash. */
  readonly programs?: Readonly<Record<string, string>>;
}

/** How a job ended, and what each script of it said. */
export interface JobResult {
  /** Name of the step that failed. */
  readonly failed: string | undefined;
  readonly output: string;
  /** The steps that ran. */
  readonly ran: readonly string[];
}

/** A machine on which scripts of a workflow's jobs run, as GitHub runs them. */
export class Runner {
  private constructor(readonly home: string) {}

  static async create(): Promise<Runner> {
    const home = await mkdtemp(join(tmpdir(), "lamb-compose-runner-"));
    await mkdir(join(home, "digests"));
    return new Runner(home);
  }

  get temp(): string {
    return join(this.home, "temp");
  }

  /** Hands a digest on to the job. */
  async put(image: string, platform: string, digest: string): Promise<void> {
    await writeFile(join(this.home, "digests", `${image}.${platform}`), `${digest}\n`);
  }

  /** Runs the scripts of a job in their order. After one has failed, only those that ask for it. Actions are left out. */
  async run({ workflow, job, contexts, env, cwd = this.home, programs = {} }: JobProps): Promise<JobResult> {
    await rm(this.temp, { recursive: true, force: true });
    await mkdir(join(this.temp, "bin"), { recursive: true });
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(this.temp, "bin", name), `#!/usr/bin/env bash\n${script}\n`);
      await chmod(join(this.temp, "bin", name), 0o755);
    }
    const ran: string[] = [];
    const outputs: string[] = [];
    let failed: string | undefined;
    for (const { name, run: script, env: own = {}, if: condition } of job.steps) {
      if (script === undefined || !isWanted(condition, failed !== undefined, contexts)) continue;
      const given = { ...workflow.env, ...job.env, ...own };
      const result = await this.script(script, cwd, {
        ...env,
        ...Object.fromEntries(Object.entries(given).map(([key, text]) => [key, interpolate(text, contexts)])),
      });
      ran.push(name);
      outputs.push(`${result.stdout}${result.stderr}`);
      if (result.code !== 0) failed ??= name;
    }
    return { failed, output: outputs.join(""), ran };
  }

  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  private async script(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
    const file = join(this.temp, "script.sh");
    await writeFile(file, script);
    return run("bash", ["--noprofile", "--norc", "-euo", "pipefail", file], {
      cwd,
      env: {
        PATH: `${join(this.temp, "bin")}:${process.env.PATH}`,
        RUNNER_TEMP: this.temp,
        GITHUB_WORKSPACE: this.home,
        GITHUB_STEP_SUMMARY: join(this.temp, "summary"),
        ...env,
      },
    });
  }
}

/** Whether a step runs: by default when all went well; with `failure()` or `always()` as they say. */
function isWanted(condition: string | undefined, failed: boolean, contexts: Contexts): boolean {
  if (condition === "always()") return true;
  if (condition === "failure()") return failed;
  return !failed && holds(condition, contexts);
}
