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
    [["cutover", "--report", "m"], ["markdown"]],
    [
      ["audit", "--report", ""],
      ["text", "json", "sarif"],
    ],
    [["backup", "--to", "package.js"], ["package.json"]],
  ])("offers for %j: %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  it("offers folders after --dir, and files where nothing else fits", () => {
    expect(offered("up", "--dir", "lib/cl")).toEqual(["lib/cli"]);
    expect(offered("audit", "package.js")).toEqual(["package.json"]);
  });
});

describeWith("zsh", "completion in zsh", () => {
  /** What its own functions are told to offer, for words of which the last one is being typed. */
  function offeredByZsh(...words: readonly string[]): readonly string[] {
    const script = `compdef() { : }; _describe() { printf '%s\\n' "\${(@P)2}" }; _files() { echo files $@ }
compadd() { shift; printf '%s\\n' "$@" }
${COMPLETION.zsh(rows)}
words=(lamb-compose "$@"); CURRENT=\${#words}; _lamb_compose`;
    const { status, stdout, stderr } = run("zsh", ["-f", "-c", script, "zsh", ...words]);
    expect([status, stderr]).toEqual([0, ""]);
    return stdout.split("\n").map((line) => line.replace(/:.*/, ""));
  }

  it.each([
    [["env", ""], "rotate", "upgrade"],
    [["--dir", "x", ""], "upgrade", "rotate"],
    [["graph", "--format", ""], "svg", "--theme"],
    [["cutover", "--report", ""], "markdown", "sarif"],
    [["audit", "--report", ""], "sarif", "markdown"],
    [["up", "--dir", ""], "files -/", "--dir"],
    [["backup", "--to", ""], "files", "--to"],
  ])("offers for %j %s, and not %s", (words, found, not) => {
    expect(offeredByZsh(...words)).toContain(found);
    expect(offeredByZsh(...words)).not.toContain(not);
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
  it("prints the script of a shell, and says which there are", () => {
    expect(run(process.execPath, commandWords("completion", "zsh"))).toEqual(
      expect.objectContaining({ status: 0, stdout: COMPLETION.zsh(rows), stderr: "" }),
    );
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
