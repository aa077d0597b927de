import { describe, expect, it } from "vitest";
import { commandTable } from "../../lib/cli/command-table";
import { COMPLETION } from "../../lib/cli/completion-scripts";
import { manualText } from "../../lib/cli/manual";
import { makeProgram } from "../../lib/cli/program";
import { EXIT_STATUSES } from "../../lib/report/exit-status";
import { commandWords } from "../support/command";
import { describeWith, run } from "../support/tools";

const rows = commandTable(makeProgram());

/** What bash offers for words of which the last one is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const script = `${COMPLETION.bash(rows)}
COMP_WORDS=(lamb-compose "$@"); COMP_CWORD=$#; _lamb_compose; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = run("bash", ["-c", script, "bash", ...words]);
  expect([status, stderr]).toEqual([0, ""]);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("the table of commands", () => {
  it("has each command of the program, and each below it", () => {
    expect(rows.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["", "init", "up", "env", "env check", "env rotate"]),
    );
    for (const { path, about } of rows) expect(about, path).not.toBe("");
    for (const { path, commands } of rows) {
      for (const { name } of commands) expect(rows.map((row) => row.path)).toContain(`${path} ${name}`.trim());
    }
  });
});

describe("completion in bash", () => {
  it.each([
    [["in"], ["init"]],
    [["up"], ["up", "upgrade"]],
    [["up", "--d"], ["--dir"]],
    [["upgrade", "--no"], ["--no-rehearse"]],
    [["env", "ro"], ["rotate"]],
    [["env", "check", "--j"], ["--json"]],
    [["--dir", "x", "stat"], ["status"]],
    [
      ["graph", "--format", ""],
      ["mermaid", "dot", "svg"],
    ],
    [["graph", "--format", "svg", "--theme", "d"], ["dark"]],
  ])("offers for %j: %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it("offers folders after --dir, and files where nothing else fits", () => {
    expect(offered("up", "--dir", "lib/cl")).toEqual(["lib/cli"]);
    expect(offered("audit", "package.js")).toEqual(["package.json"]);
  });
});

describeWith("zsh", "completion in zsh", () => {
  it("is a script that zsh takes, and offers what comes next", () => {
    const script = `compdef() { : }; _describe() { printf '%s\\n' "\${(@P)2}" }; _files() { : }
${COMPLETION.zsh(rows)}
words=(lamb-compose env ""); CURRENT=3; _lamb_compose`;
    const { status, stdout, stderr } = run("zsh", ["-f", "-c", script]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^rotate:/m);
    expect(stdout).not.toMatch(/^upgrade:/m);
  });
});

describeWith("fish", "completion in fish", () => {
  it.each([
    ["lamb-compose upg", /^upgrade\t/],
    ["lamb-compose env ro", /^rotate\t/],
    ["lamb-compose upgrade --reh", /^$/],
    ["lamb-compose graph --theme ", /^dark\t.*\nlight\t/],
  ])("offers for %j what fits", (line, expected) => {
    const script = `${COMPLETION.fish(rows)}\ncomplete -C ${JSON.stringify(line)}`;
    const { stdout, stderr } = run("fish", ["--no-config", "-c", script]);
    expect(stderr).toBe("");
    expect(stdout.trim()).toMatch(expected);
  });
});

describe("lamb-compose completion", () => {
  it("prints a script for each shell, and says which there are", () => {
    for (const shell of ["bash", "zsh", "fish"]) {
      expect(run(process.execPath, commandWords("completion", shell))).toMatchObject({ status: 0, stderr: "" });
    }
    const { status, stderr } = run(process.execPath, commandWords("completion", "csh"));
    expect([status, stderr]).toEqual([2, "there is no completion for csh: use bash, zsh, fish\n"]);
  });
});

describeWith("man", "the manual", () => {
  const text = manualText(rows, "1.2.3");

  it("has every command with its options, every exit status, and the examples", () => {
    for (const { usage, options } of rows.slice(1)) {
      expect(text).toContain(`.SS ${usage.replaceAll("-", "\\-")}`);
      for (const { words } of options) expect(text).toContain(words[0]?.replaceAll("-", "\\-"));
    }
    for (const { status } of Object.values(EXIT_STATUSES)) expect(text).toContain(`.B ${status}\n`);
    expect(text).toContain("lamb\\-compose init \\-\\-dir lamb");
  });

  it("is a page that man shows without a warning", () => {
    const { status, stderr, stdout } = run("man", ["--warnings=w", "-l", "-"], {
      input: text,
      env: { MANPAGER: "cat" },
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("EXIT STATUS");
  });
});
