import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/tools";
import { type Contexts, holds, interpolate, jobOf, type Step, stepOf, type Workflow } from "./github";

/** An event, and the repository as it is when the run of the event publishes. */
export interface Case {
  readonly workflow: Workflow;
  readonly event: string;
  readonly ref: string;
  /** The repository that the run belongs to, such as `Lamb-Project/lamb` or a fork of it. */
  readonly repository: string;
  /** Which of the two commits of the repository was built. */
  readonly commit: string;
  readonly defaultBranch: string;
  readonly head: string;
  readonly tags: readonly string[];
}

/** What a workflow does about a case. */
export interface Decision {
  /** The outputs of the first job. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly publishes: boolean;
  /** How each tag moves, and its name, in the order of the workflow. */
  readonly tags: readonly string[];
  /** The group in which it publishes. */
  readonly group: string;
}

/** Time of both commits. */
const COMMITTED = "2026-03-01T11:30:00+01:00";

/** A real repository with two commits, whose branches and tags the tests set at will. */
export class Repository {
  readonly home = mkdtempSync(join(tmpdir(), "lamb-compose-images-"));
  readonly commit: string;
  readonly later: string;
  /** An annotated tag of the first commit. */
  readonly annotation: string;

  constructor() {
    this.git("init", "--bare", "--quiet", this.path);
    const tree = this.git("mktree");
    this.commit = this.git("commit-tree", tree, "-m", "one");
    this.later = this.git("commit-tree", tree, "-p", this.commit, "-m", "two");
    this.git("tag", "--annotate", "--message", "a release", "v1", this.commit);
    this.annotation = this.git("rev-parse", "refs/tags/v1");
    this.git("update-ref", "-d", "refs/tags/v1");
  }

  get path(): string {
    return join(this.home, "owner", "repository");
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  git(...words: readonly string[]): string {
    const who = { NAME: "Test", EMAIL: "test@campus.example", DATE: COMMITTED };
    const env = Object.fromEntries(
      Object.entries(who).flatMap(([key, value]) => [
        [`GIT_AUTHOR_${key}`, value],
        [`GIT_COMMITTER_${key}`, value],
      ]),
    );
    const { status, stdout, stderr } = run("git", words, { env: { ...env, GIT_DIR: this.path } });
    if (status !== 0) throw new Error(`git ${words.join(" ")}: ${stderr}`);
    return stdout.trim();
  }
}

const DRIVER = `
for folder in "$1"/*/; do
  cp "$folder/packed-refs" "$folder/HEAD" "$GIT_DIR"
  (. "$folder/env"; exec bash --noprofile --norc -euo pipefail "$folder/script") >"$folder/stdout" 2>"$folder/stderr"
  echo $? >"$folder/status"
done`;

/** Runs a step's script in each case with its own environment, all in one process. */
function runSteps(repository: Repository, cases: readonly (readonly [Case, Step, Contexts])[]): readonly Result[] {
  if (cases.length === 0) return [];
  const home = mkdtempSync(join(repository.home, "runs-"));
  const folders = cases.map(([one, step, contexts], index) => {
    const folder = join(home, String(index).padStart(5, "0"));
    mkdirSync(folder);
    const env: Record<string, string> = {
      GITHUB_OUTPUT: join(folder, "output"),
      GITHUB_SERVER_URL: repository.home,
      GITHUB_REPOSITORY: "owner/repository",
      RUNNER_TEMP: folder,
    };
    for (const [name, text] of Object.entries(step.env ?? {})) env[name] = interpolate(text, contexts);
    const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`);
    writeFileSync(join(folder, "env"), lines.join(""));
    writeFileSync(join(folder, "script"), step.run ?? "exit 1");
    writeFileSync(join(folder, "HEAD"), `${one.commit}\n`);
    writeFileSync(join(folder, "packed-refs"), packedRefs(repository, one));
    return folder;
  });
  const driven = run("bash", ["-c", DRIVER, "driver", home], { env: { GIT_DIR: repository.path } });
  if (driven.status !== 0) throw new Error(driven.stderr);
  return folders.map((folder) => {
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    if (read("status").trim() !== "0") throw new Error(`${read("env")}\n${read("stdout")}${read("stderr")}`);
    return { folder, stdout: read("stdout") };
  });
}

/** The branch and the tags as git keeps them in one file; every other tag is an annotated one. */
function packedRefs({ commit, later, annotation }: Repository, { defaultBranch, head, tags }: Case): string {
  const refs = new Map<string, string>();
  const put = (ref: string, lines: string) => refs.set(ref, lines);
  put(`refs/heads/${defaultBranch}`, `${head} refs/heads/${defaultBranch}\n`);
  // Branches that git also finds when it is asked for the default branch and for tags.
  for (const odd of [`refs/heads/a/refs/heads/${defaultBranch}`, "refs/heads/a/refs/tags/v99.99.99"]) {
    put(odd, `${head === commit ? later : commit} ${odd}\n`);
  }
  tags.forEach((tag, index) => {
    const ref = `refs/tags/${tag}`;
    put(ref, index % 2 === 0 ? `${commit} ${ref}\n` : `${annotation} ${ref}\n^${commit}\n`);
  });
  const sorted = [...refs].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `# pack-refs with: peeled fully-peeled sorted \n${sorted.map(([, lines]) => lines).join("")}`;
}

interface Result {
  readonly folder: string;
  readonly stdout: string;
}

/** What the workflow itself decides: its scripts run by bash, its expressions evaluated as GitHub does. */
export function decide(repository: Repository, cases: readonly Case[]): readonly Decision[] {
  const contexts = cases.map(({ event, ref, repository: name, commit }): Contexts => {
    return {
      github: {
        ...{ event_name: event, ref, repository: name, sha: commit, run_id: "4711", actor: "somebody", token: "token" },
      },
    };
  });
  const first = cases.map((one, index) => {
    return [one, stepOf(jobOf(one.workflow, "drift"), "See what"), contexts[index] ?? {}] as const;
  });
  const outputs = runSteps(repository, first).map(({ folder }) => outputsIn(join(folder, "output")));
  const later = cases.map((one, index): Contexts => {
    const steps = { origin: { outputs: outputs[index] ?? {} } };
    const passed = Object.entries(jobOf(one.workflow, "drift").outputs).map(([name, text]) => {
      return [name, interpolate(text, { steps })] as const;
    });
    return { ...contexts[index], needs: { drift: { outputs: Object.fromEntries(passed) } } };
  });
  const publishing = cases.flatMap((one, index) => {
    const context = later[index] ?? {};
    if (!holds(jobOf(one.workflow, "build").if, context)) return [];
    return [[one, stepOf(jobOf(one.workflow, "publish"), "Work out"), context] as const];
  });
  const tags = new Map(
    runSteps(repository, publishing).map(({ stdout }, index) => [publishing[index]?.[0], stdout] as const),
  );
  return cases.map((one, index) => {
    const text = tags.get(one) ?? "";
    return {
      outputs: outputs[index] ?? {},
      publishes: tags.has(one),
      tags: text.split("\n").filter((line) => line !== ""),
      group: interpolate(jobOf(one.workflow, "publish").concurrency?.group ?? "", later[index] ?? {}),
    };
  });
}

function outputsIn(file: string): Readonly<Record<string, string>> {
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(
    lines
      .filter((line) => line.includes("="))
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
