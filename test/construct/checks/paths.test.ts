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
    ".lamb-compose.json",
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

  it.each(["a", ".env", "a/b/c.d", "a b", "ä", "..a", "a..", "sub/.lamb-compose.json"])("may be %j", (fileName) => {
    const app = new App();
    new Artifact(app, "a", { fileName, content: "" });
    expect(codesOf(app)).toEqual([]);
  });

  it("is checked of Compose files, too", () => {
    expect(codesOf(program({ fileName: "../a.yaml" }).app)).toEqual(["invalid-file-name"]);
  });

  it("is one file's only", () => {
    const { app, file } = program({ fileName: "a.yaml" });
    new Overlay(file, "prod", { fileName: "b.yaml" });
    new ComposeFile(app, "more", { fileName: "b.yaml" });
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
