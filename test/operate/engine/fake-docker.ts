import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** What a `docker` that is none answers to the words of which `when` is a part. */
export interface Answer {
  readonly when: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  /** Seconds until it ends. */
  readonly seconds?: number;
}

/** A `docker` on a PATH of its own, for what no engine here can be: a snap, a rootless one, one that hangs. */
export class FakeDocker {
  readonly folder = mkdtempSync(join(tmpdir(), "lamb-compose-docker-"));
  readonly environment: Readonly<Record<string, string>>;

  constructor(answers: readonly Answer[]) {
    this.answer(answers);
    this.environment = { PATH: `${this.folder}${delimiter}${process.env.PATH ?? ""}` };
  }

  /** Answers otherwise from now on. The first whose words are asked counts. */
  answer(answers: readonly Answer[]): void {
    const cases = answers.map(({ when, stdout = "", stderr = "", code = 0, seconds }, at) => {
      writeFileSync(join(this.folder, `${at}.out`), stdout);
      writeFileSync(join(this.folder, `${at}.err`), stderr);
      const wait = seconds === undefined ? "" : ` sleep ${seconds};`;
      return `*${quoted(when)}*) cat ${at}.out; cat ${at}.err >&2;${wait} exit ${code} ;;`;
    });
    const program = join(this.folder, "docker");
    const lines = ["#!/bin/sh", `cd ${quoted(this.folder)}`, 'echo "$*" >> asked', 'case "$*" in', ...cases, "esac"];
    writeFileSync(program, `${lines.join("\n")}\necho "fake docker: what to answer to $*?" >&2\nexit 125\n`);
    chmodSync(program, 0o755);
  }

  /** What it was asked, a line each. */
  get asked(): readonly string[] {
    try {
      return readFileSync(join(this.folder, "asked"), "utf8").trimEnd().split("\n");
    } catch {
      return [];
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
