import { code, list, paragraphs, plain, prose, table } from "../../../lib/guides/markdown";
import { CHANGE_KINDS, type CutoverChange } from "../../../lib/operate/cutover/change";
import { type Figures, median } from "./measure";
import { type Claim, CRITERIA, PLAN } from "./proofs";
import type { Changed, Upgraded } from "./upgrade";

/** A figure of each of the two files. */
export interface Pair<T> {
  readonly ours: T;
  readonly shape: T;
}

/** What was measured. */
export interface Measured {
  readonly day: string;
  /** Processors, memory, engine, Compose, load. */
  readonly machine: string;
  readonly rounds: number;
  readonly figures: Pair<Figures>;
  readonly builders: readonly string[];
  readonly beside: readonly string[];
  /** What a clean stop left. */
  readonly stopped: readonly string[];
  /** Seconds until a killed service was well again. */
  readonly back: Readonly<Record<string, number>>;
  /** Seconds until all was well after the engine was restarted. */
  readonly engine: number | undefined;
  /** Seconds until `up --wait` told that Open WebUI ends as soon as it starts. */
  readonly told: Pair<number>;
  /** What was lost, after what was done. */
  readonly lost: Readonly<Record<string, readonly string[]>>;
  /** The services asked at their own port; ours through Caddy, too. */
  readonly upgrades: Pair<Upgraded> & { readonly caddy: Upgraded };
  /** What differs from the old stack's file. */
  readonly replaced: readonly CutoverChange[];
}

const STEPS: Readonly<Record<keyof Figures, string>> = {
  cold: "from images to all well, without volumes: `up --detach --wait`",
  again: "the same once more, where nothing is to do",
  recreate: "`up --detach --wait --force-recreate`",
  restart: "`restart`, and until all is well",
  stop: "`stop`",
  start: "`up --detach --wait` after it",
};

const FILES: Readonly<Record<keyof Measured["upgrades"], string>> = {
  shape: "earlier, at LAMB's port",
  ours: "generated, at LAMB's port",
  caddy: "generated, through Caddy",
};

/** The page. */
export function validationText(measured: Measured): string {
  const { day, machine, rounds, upgrades } = measured;
  const text = paragraphs(
    "# Validation",
    "<!-- Made by `npm run validate`. Do not edit. -->",
    prose(
      `Measured on ${day}: ${machine}. ${rounds} rounds of each, one after the other in turn; the figures are medians. Absolute times say something of the machine; the ratios are what counts.`,
      "Both stacks run the same images, stand-ins that need a moment to start, and three services. The file compared has the shape of LAMB's earlier `docker-compose.next.yaml`: its probes ask addresses that answer whatever state the service is in, each 5 to 30 seconds. The generated file waits for more: that databases can be read and written.",
    ),
    "## Cold start and restarts (P13)",
    table(["step", "generated : earlier", "generated, s", "earlier, s"], times(measured)),
    list(findings(measured)),
    "## Upgrade and persistence (P14)",
    prose(
      "Two versions in a registry on the same machine, which differ in a layer of each image. To the other version leads one variable, `docker compose pull` and `docker compose up --detach --wait`, without any command of this project. Somebody asks all the time, 20 times a second; what fails while services are replaced is what `lamb-compose upgrade` is there for, whose figures the engine tests hold.",
    ),
    table(
      ["file", "change", "s", "requests", "failed", "longest wait, s", "replaced", "built", "data lost"],
      Object.entries(FILES).flatMap(([name, file]) => changes(file, upgradeOf(upgrades, name))),
    ),
    list([
      ...Object.entries(FILES).map(([name, file]) => {
        const { megabytes, pull, start, missing } = upgradeOf(upgrades, name);
        return `${file}: first start from the registry ${(pull + start).toFixed(1)} s, of which \`pull\` of ${megabytes} MB ${pull.toFixed(1)} s; a tag that the registry does not have: the services that ran, ${missing}.`;
      }),
      ...Object.entries(measured.lost).map(([after, lost]) => `Data lost after ${after}: ${listed(lost)}.`),
    ]),
    "## Whether the old file is replaced (P15)",
    prose(
      "What differs when what `lamb-compose init` makes takes the place of a `docker-compose.yaml` of the old stack's shape, as `lamb-compose cutover` says it. For a deployment of one's own the command gives a verdict, too: it looks for a migration, a start, an upgrade and a backup that were made there.",
    ),
    table(
      ["kind", "what", "how it differs"],
      measured.replaced.map(({ kind, subject, text }) => [CHANGE_KINDS[kind], plain(subject), plain(text)]),
    ),
    "## The plan, and what holds each row",
    claims(PLAN),
    "## The criteria, and what holds each",
    claims(CRITERIA),
  );
  return `${text}\n`;
}

function times({ figures: { ours, shape } }: Measured): string[][] {
  return Object.entries(STEPS).map(([step, what]) => {
    const [one, other] = [median(figure(ours, step)), median(figure(shape, step))];
    return [what, (one / other).toFixed(2), one.toFixed(1), other.toFixed(1)];
  });
}

function findings({ told, builders, beside, stopped, back, engine }: Measured): string[] {
  return [
    `\`up --wait\` tells that Open WebUI ends as soon as it starts after ${told.ours.toFixed(1)} s; with the earlier file after ${told.shape.toFixed(1)} s.`,
    `Programs that build or install, in any container while it starts: ${listed(builders)}.`,
    `Written by a container beside its volumes: ${listed(beside)}.`,
    `Left by \`stop\`, of exit statuses other than 0 and of journals of databases: ${listed(stopped)}.`,
    ...Object.entries(back).map(
      ([service, seconds]) =>
        `${code(service)} after its process was killed: well again after ${seconds.toFixed(1)} s.`,
    ),
    engine === undefined
      ? "The engine was not restarted: `.ci/engine` had not started it."
      : `After the engine itself was stopped and started: all well ${engine.toFixed(1)} s after its start.`,
  ];
}

function changes(file: string, { there, back }: Upgraded): string[][] {
  const row = (what: string, { seconds, polled, replaced, built, lost }: Changed) => [
    file,
    what,
    seconds.toFixed(1),
    `${polled.count}`,
    `${polled.failed}`,
    polled.longest.toFixed(1),
    replaced.join(", "),
    built ? "yes" : "no",
    listed(lost),
  ];
  return [row("to the next version", there), row("back again", back)];
}

function upgradeOf(upgrades: Measured["upgrades"], name: string): Upgraded {
  const found = Object.entries(upgrades).find(([key]) => key === name)?.[1];
  if (found === undefined) throw new Error(`no figures of ${name}`);
  return found;
}

/** Claims as a table, with links from the page to what holds them. */
export function claims(all: readonly Claim[]): string {
  return table(
    ["row", "what it says", "test that holds it"],
    all.map(({ id, says, proofs }) => [id, says, proofs.map(([file, words]) => `[${words}](../${file})`).join("; ")]),
  );
}

function figure(figures: Figures, step: string): readonly number[] {
  return Object.entries(figures).find(([name]) => name === step)?.[1] ?? [];
}

function listed(lines: readonly string[]): string {
  return lines.length === 0 ? "none" : lines.map(code).join(", ");
}
