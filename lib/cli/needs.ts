import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import type { FieldChange, Needs, Reading } from "../compose";
import { isRemote } from "../compose/loader/remote";
import { visible, visibleLine } from "../report/visible";
import { AS_JSON } from "./options";
import { say, UsageError } from "./report";

const ABOUT = `
Shows the oldest Docker Compose that knows every key of the files, which keys need a newer one than 2.24.4 and what does
the same without them, and where the releases from 2.40 to the newest read the files in different ways. Files are merged
in the order in which they are named, as docker compose -f does; what they include and extend counts. Variables have the
values of .env and of the environment, as for docker compose.`;

/** Adds the command that says which Docker Compose files need. */
export function registerNeeds(program: Command): void {
  program
    .command("needs")
    .description("show which Docker Compose the files need, and what for")
    .argument("<FILE...>", "Compose files, in the order in which they are merged")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action(showNeeds);
}

async function showNeeds(files: readonly string[], { json }: { readonly json?: true }): Promise<void> {
  const [{ needs }, { DISK }] = await Promise.all([
    import("../compose/inspect/needs"),
    import("../disk/compose-access"),
  ]);
  const missing = files.find((file) => !isRemote(file) && !existsSync(file));
  if (missing !== undefined) throw new UsageError(`there is no file ${missing}`);
  const { lowest, keys, readings } = needs(files, {
    ...DISK,
    environment: process.env,
    workingDirectory: resolve("."),
  });
  // No projects, which can hold secrets: what changes from one reading to the next.
  const found = { lowest, keys, readings: readings.map(({ json: _, ...reading }) => reading) };
  if (json === true) say(JSON.stringify(found, undefined, 2));
  else for (const line of linesOf(found)) say(line);
}

type Told = Omit<Reading, "json">;

interface Found extends Omit<Needs, "readings"> {
  readonly readings: readonly Told[];
}

function linesOf({ lowest, keys, readings }: Found): readonly string[] {
  const width = Math.max(0, ...keys.map(({ since }) => since.length));
  return [
    `Docker Compose ${lowest} or newer`,
    ...keys.map(({ file, line, path, since, instead }) => {
      const other = instead === undefined ? "" : `; for an older one use ${instead}`;
      return `  ${since.padEnd(width)}  ${visibleLine(`${path} (${relative(".", file)}:${line})`)}${other}`;
    }),
    ...readings.flatMap(linesOfReading),
  ];
}

function linesOfReading({ from, to, error, changes }: Told): readonly string[] {
  const span = from === to ? from : `${from} to ${to}`;
  if (error !== undefined)
    return [
      `${span}: refused`,
      ...visible(error)
        .split("\n")
        .map((line) => `  ${line}`),
    ];
  return [
    `${span}: read${changes.length === 0 ? "" : " otherwise"}`,
    ...changes.map((change) => `  ${visibleLine(sentenceOf(change))}`),
  ];
}

/** What a release reads that those before it did not. Values that can be secrets are not in a change. */
function sentenceOf({ path, change, before, after, hidden }: FieldChange): string {
  if (change === "removed") return `${path} is not there`;
  if (hidden) return `${path} is another value`;
  return change === "added" ? `${path} is ${String(after)}` : `${path} is ${String(after)}, not ${String(before)}`;
}
