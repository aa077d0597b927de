import type { TestProject } from "vitest/node";
import { buildCommand } from "./support/build-command";
import type {} from "./support/command";

/** Builds the command for the tests that start it, and removes it afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { main, remove } = await buildCommand();
  project.provide("command", main);
  return remove;
}
