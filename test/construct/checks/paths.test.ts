import { App, Artifact, ComposeFile, Overlay } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, findingOf, program } from "../support";

describe("the path of a file", () => {
  it.each([
    "",
    "a/",
    "/etc/passwd",
    "\\a",
    "C:/a",
    "c:a",
    "../a",
    "a/../../b",
    "a/..",
    "..",
    "a\\b",
    "a//b",
    "./a",
    "a/./b",
    ".",
    "a\nb",
    "a\u0000",
    "\ud800",
    "x".repeat(256),
    ".lamb-compose.json",
    "sub/.lamb-compose.json",
    ".lamb-compose.lock",
    ".lamb-compose/journal.json",
    "images.lock.json",
    ".env",
    ".ENV",
    ".env.",
    ".e\u200dnv",
    ".env.local",
    ".env.next",
    ".envrc",
    "kb/.env",
    ".env.lock",
    ".env.2026-02-03T04-05-06.789Z.bak",
    ".git",
    ".git/hooks/post-checkout",
    ".Git/config",
    "sub/.git/config",
    "a.12-34-0123abcd-0123456789ab.tmp",
  ])("that leads elsewhere or nowhere is a finding: %j", (fileName) => {
    const app = new App();
    new Artifact(app, "a", { fileName, content: "" });
    expect(findingOf(app, "invalid-file-name")).toMatchObject({
      severity: "error",
      construct: "a",
      file: fileName,
      value: JSON.stringify(fileName),
    });
  });

  it.each([
    ...["a", "a/b/c.d", "a b", "ä", "..a", "a..", "a.tmp", "uv.lock", "prod.env", "env"],
    ...[".env.example", ".env.next.example", "kb/.env.sample", ".gitignore", ".github/workflows/a.yml", "lamb-compose"],
  ])("may be %j", (fileName) => {
    const app = new App();
    new Artifact(app, "a", { fileName, content: "" });
    expect(codesOf(app)).toEqual([]);
  });

  it("is checked of Compose files, too", () => {
    expect(codesOf(program({ fileName: "../a.yaml", "x-a": 1 }).app)).toEqual(["invalid-file-name"]);
  });

  it("is one file's only", () => {
    const { app, file } = program({ fileName: "a.yaml", "x-a": 1 });
    new Overlay(file, "prod", { fileName: "b.yaml" });
    new ComposeFile(app, "more", { fileName: "b.yaml", "x-a": 1 });
    new Artifact(app, "guide", { fileName: "a.yaml", content: "" });
    expect(app.synth().findings).toMatchObject([
      {
        code: "duplicate-file",
        construct: "more",
        value: '"b.yaml"',
        reason: "is the path of the file of next/prod already",
      },
      { code: "duplicate-file", construct: "guide", value: '"a.yaml"', fix: "pass another `fileName`" },
    ]);
  });

  it("is not the folder of another file", () => {
    const app = new App();
    new Artifact(app, "a", { fileName: "docs/a/b.md", content: "" });
    new Artifact(app, "b", { fileName: "docs/a", content: "" });
    new Artifact(app, "c", { fileName: "docs/ab", content: "" });
    expect(findingOf(app, "file-and-folder")).toMatchObject({ construct: "b", value: '"docs/a"' });
  });
});
