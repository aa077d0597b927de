import { readdirSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { buildCommand } from "./support/build-command";
import type {} from "./support/command";
import { useOwnPython } from "./support/own-python";

/** What tests start, or have programs import, beside the command and the examples. */
const PROGRAMS = [
  "lib/index.ts",
  "lib/compose/emit/error.ts",
  "lib/compose/error.ts",
  "lib/compose/project.ts",
  "lib/compose/version.ts",
  "lib/construct/errors.ts",
  "lib/testing/golden.ts",
  "test/operate/journal/switching.ts",
];

/** Builds the command and the programs for the tests that start them, and removes them afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  useOwnPython();
  const examples = readdirSync("examples").filter((name) => name.endsWith(".ts"));
  const { main, folder, remove } = await buildCommand([...PROGRAMS, ...examples.map((name) => `examples/${name}`)]);
  project.provide("command", main);
  project.provide("built", folder);
  return remove;
}
