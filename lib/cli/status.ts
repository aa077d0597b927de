import type { Command } from "commander";
import type { Status } from "../operate/status/status";
import { type Ending, end } from "./operation";

const ABOUT = `
One screen: each service, how it is and since when, and what is not as it should be. Nothing is changed.

Exit status: 0; with --check 3 when something does not run, is not well or is not what the files say, so that a timer can
tell somebody; 1 when the deployment cannot be looked at.`;

interface Words {
  readonly dir: string;
  readonly check?: true;
  readonly json?: true;
}

/** Adds the command that says how a deployment is. */
export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("say how the deployment is, on one screen")
    .option("--dir <DIR>", "directory of the deployment", ".")
    .option("--check", "end with 3 when something is not as it should be")
    .option("--json", "say it as JSON")
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => status(words)));
}

async function status({ dir, check }: Words): Promise<Ending> {
  const [{ statusOf }, { formatTroubles }] = await Promise.all([
    import("../operate/status/status"),
    import("../operate/doctor/text"),
  ]);
  const found = await statusOf({ dir, environment: process.env });
  const { project, services, state, results, isWell } = found;
  const problems = results.flatMap(({ check: { id }, troubles }) => troubles.map((trouble) => ({ id, ...trouble })));
  return {
    outcome: check === true && !isWell ? "differs" : "ok",
    text: `${table(found)}${formatTroubles(results)}`.trimEnd(),
    json: { project, isWell, services, state: state?.number, problems },
  };
}

function table({ project, services, state, isWell }: Status): string {
  const kept =
    state === undefined ? "" : `, state ${state.number} of ${state.ended.slice(0, 16).replace("T", " ")} UTC`;
  const rows = [
    ["service", "condition", "since (UTC)", "restarts", "image"],
    ...services.map(({ service, condition, since, restarts, image }) => {
      return [service, condition, since?.slice(0, 16).replace("T", " ") ?? "-", `${restarts}`, image];
    }),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`${project}: ${isWell ? "all is well" : "not all is well"}${kept}`, ...lines, ""]
    .map((line) => `${line}\n`)
    .join("");
}
