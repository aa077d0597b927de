import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App, ComposeFile, EnvTemplate, EnvVar, Service } from "lamb-compose";
import { expect, it } from "vitest";
import { programName } from "../../lib/cli/program-name";

it.each([
  ["in the folder of its package.json", ["deploy/package.json"], "deploy/prod.ts", "prod.ts"],
  ["below it", ["package.json"], "deploy/stacks/prod.ts", "deploy/stacks/prod.ts"],
  ["with the nearest of several", ["package.json", "a/package.json"], "a/b/main.mjs", "b/main.mjs"],
  ["of a package that is installed", ["package.json"], "node_modules/vitest/vitest.mjs", undefined],
])("a program is named by its path from its package: %s", (_, packages, program, name) => {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-program-"));
  for (const path of packages) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), "{}");
  }
  expect(programName(join(home, program))).toBe(name);
  rmSync(home, { recursive: true });
});

it("is named by nothing where there is none", () => {
  expect(programName(undefined)).toBeUndefined();
});

/** The first lines of a Compose file and of a template that say how they were made. */
function tops(header?: string, program?: string) {
  const app = new App({ header });
  const file = new ComposeFile(app, 'the "shop"', { fileName: "compose.yaml" });
  const port = new EnvVar("PORT", { meaning: "port", default: 80 });
  new Service(file, "web", { image: "web:1", ports: [`127.0.0.1:${port}:80`], healthcheck: { test: ["NONE"] } });
  new EnvTemplate(file, "env", { fileName: ".env.example" });
  const { files } = app.synth({ program }).assertValid();
  return [...files.values()].map((text) => /^# .*Made by .*$/m.exec(text)?.[0]);
}

it("is named by the files that it makes, with the construct", () => {
  expect(tops(undefined, "deploy/prod.ts")).toEqual([
    '# Made by lamb-compose from the construct "the \\"shop\\"" of deploy/prod.ts. Do not edit: change the program and run it again.',
    '# Made by lamb-compose from the construct "the \\"shop\\"/env" of deploy/prod.ts. Change the program, not this file.',
  ]);
});

it("is what the program itself says of them, where it says something", () => {
  const header = "Made by `npx tsx a.ts`. Do not edit.";
  expect(tops(header, "deploy/prod.ts")).toEqual([`# ${header}`, `# This template: ${header}`]);
});
