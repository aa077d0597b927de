import type { TestProject } from "vitest/node";
import { buildCommand } from "../support/build-command";
import type {} from "../support/command";
import { builtBy } from "./built";
import { removeProject, TEST_PROJECT } from "./project";
import { must, run } from "./run";

declare module "vitest" {
  export interface ProvidedContext {
    /** The local stand-in image of each of the real images, by the last part of its name; absent without an engine. */
    standIns: Readonly<Record<string, string>> | undefined;
  }
}

/**
 * Builds the stand-in images and the command, and removes what a killed run has left: its containers restart with the
 * engine. Gives what removes the command.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const engine = await run("docker", ["info", "--format", "{{.ServerVersion}}"]);
  if (engine.code !== 0) {
    if (process.env.CI) {
      throw new Error(`no Docker Engine answers; .ci/engine start brings one up\n${engine.stderr}`);
    }
    console.warn(
      "No Docker Engine answers: the engine tests are skipped. `.ci/engine install && .ci/engine start` brings one up.",
    );
    project.provide("standIns", undefined);
    return undefined;
  }
  const label = ["--filter", "label=com.docker.compose.project", "--format", '{{.Label "com.docker.compose.project"}}'];
  const lists = [
    await must("docker", ["ps", "--all", ...label]),
    await must("docker", ["volume", "ls", ...label]),
    await must("docker", ["network", "ls", ...label]),
  ];
  const left = new Set(
    lists.flatMap(({ stdout }) => stdout.split("\n")).filter((name) => name.startsWith(TEST_PROJECT)),
  );
  for (const name of left) {
    await removeProject(name);
  }
  project.provide("standIns", await builtBy("stand-ins/build"));
  const { main, remove } = await buildCommand();
  project.provide("command", main);
  console.log(`engine ${engine.stdout.trim()}`);
  return remove;
}
