import { describe, expect, it } from "vitest";
import { complaints } from "../support/actionlint";
import { describeWith, run } from "../support/tools";
import { FAULTY_WORKFLOW } from "./faulty";
import { lambWorkflow, lambWorkflowText } from "./workflows";

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
