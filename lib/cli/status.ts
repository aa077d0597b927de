import type { Command } from "commander";
import { megabytes } from "../operate/amounts";
import type { Around } from "../operate/status/around";
import type { Status } from "../operate/status/status";
import { inColumns } from "../report/columns";
import { minute } from "../report/minute";
import { type Ending, end } from "./operation";
import { AS_JSON, DIR } from "./options";

const ABOUT = `
One screen: each service, how it is and since when, to whom requests are passed on, certificates, disk, last backup, and what
is not as it should be. Nothing is changed.

Exit status: 0; with --check 3 when something does not run, is not well or is not what the files say, so that a timer can
report it; 1 when the deployment cannot be looked at.`;

interface Words {
  readonly dir: string;
  readonly check?: true;
  readonly json?: true;
}

/** Adds the command that says how a deployment is. */
export function registerStatus(program: Command): void {
  program
    .command("status")
    .description("show the state of the deployment on one screen")
    .option(...DIR)
    .option("--check", "exit with status 3 when something is not as it should be")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => status(words)));
}

async function status({ dir, check }: Words): Promise<Ending> {
  const [{ statusOf }, { formatTroubles }] = await Promise.all([
    import("../operate/status/status"),
    import("../operate/doctor/text"),
  ]);
  const found = await statusOf({ dir, environment: process.env });
  const { project, services, state, around, results, isWell } = found;
  const problems = results.flatMap(({ check: { id }, troubles }) => troubles.map((trouble) => ({ id, ...trouble })));
  return {
    outcome: check === true && !isWell ? "differs" : "ok",
    text: `${table(found)}${formatTroubles(results)}`.trimEnd(),
    json: { project, isWell, services, state: state?.number, ...around, problems },
  };
}

function table({ project, services, state, around, isWell }: Status): string {
  const kept = state === undefined ? "" : `, state ${state.number} of ${minute(state.ended)} UTC`;
  const rows = [
    ["service", "condition", "since (UTC)", "restarts", "image"],
    ...services.map(({ service, condition, since, restarts, image }) => {
      return [service, condition, since === undefined ? "-" : minute(since), `${restarts}`, image];
    }),
  ];
  const title = `${project}: ${isWell ? "all is well" : "not all is well"}${kept}`;
  return [title, ...inColumns(rows), "", ...linesAround(around), "", ""].join("\n");
}

function linesAround({ releases, upstreams, certificates, disk, backup }: Around): readonly string[] {
  const verified = backup?.verified === undefined ? "not verified" : `verified: ${backup.verified}`;
  const rows = [
    ["release", releases.join(", ")],
    ["upstreams", upstreams.map(upstreamText).join(", ")],
    ["certificates", certificates.map(({ host, end }) => `${host} until ${minute(end)} UTC`).join(", ")],
    ["disk", disk === undefined ? "" : `${megabytes(disk.free)} free of ${megabytes(disk.total)}`],
    ["last backup", backup === undefined ? "none with this tool" : `${minute(backup.time)} UTC, ${verified}`],
  ].filter(([, text]) => text !== "");
  return inColumns(rows);
}

function upstreamText({ address, requests, fails }: Around["upstreams"][number]): string {
  const notes = [requests > 0 ? `${requests} requests` : "", fails > 0 ? `${fails} failed` : ""];
  const told = notes.filter((note) => note !== "").join(", ");
  return told === "" ? address : `${address} (${told})`;
}
