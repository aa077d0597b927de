import { code, list, paragraphs, table } from "../../../lib/guides/markdown";
import { wrap } from "../../../lib/report/wrap";
import { type Figures, median } from "./measure";
import { type Claim, CRITERIA, PLAN } from "./proofs";

/** What was measured. */
export interface Measured {
  readonly day: string;
  /** Processors, memory, engine, Compose, load. */
  readonly machine: string;
  readonly rounds: number;
  readonly ours: Figures;
  readonly shape: Figures;
  readonly builders: readonly string[];
  readonly beside: readonly string[];
  /** Seconds until a killed service was well again. */
  readonly back: Readonly<Record<string, number>>;
}

const STEPS: Readonly<Record<keyof Figures, string>> = {
  cold: "from images to all well, without volumes: `up --detach --wait`",
  again: "the same once more, where nothing is to do",
  recreate: "`up --detach --wait --force-recreate`",
  stop: "`stop`",
  start: "`up --detach --wait` after it",
};

/** The page. */
export function validationText(measured: Measured): string {
  const { day, machine, rounds, ours, shape, builders, beside, back } = measured;
  const rows = Object.entries(STEPS).map(([step, what]) => {
    const [one, other] = [median(figure(ours, step)), median(figure(shape, step))];
    return [what, `${(one / other).toFixed(2)}`, one.toFixed(1), other.toFixed(1)];
  });
  const text = paragraphs(
    "# Validation",
    "<!-- Made by `npm run validate`. Do not edit. -->",
    prose(
      `Measured on ${day}: ${machine}. ${rounds} rounds of each, one after the other in turn; the figures are medians. Absolute times say something of the machine; the ratios are what counts.`,
    ),
    "## Cold start and restarts (P13)",
    prose(
      "Both stacks run the same images, stand-ins that need a moment to start, and three services. The file compared has the shape of LAMB's earlier `docker-compose.next.yaml`: its probes ask addresses that answer whatever state the service is in, each 5 to 30 seconds. The generated file waits for more: that databases can be read and written.",
    ),
    table(["step", "generated : earlier", "generated, s", "earlier, s"], rows),
    list([
      `Programs that build or install, in any container while it starts: ${listed(builders)}.`,
      `Written by a container beside its volumes: ${listed(beside)}.`,
      ...Object.entries(back).map(
        ([service, seconds]) =>
          `${code(service)} after its process was killed: well again after ${seconds.toFixed(1)} s.`,
      ),
    ]),
    "## The plan, and what holds each row",
    claims(PLAN),
    "## The criteria, and what holds each",
    claims(CRITERIA),
  );
  return `${text}\n`;
}

function claims(all: readonly Claim[]): string {
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

function prose(text: string): string {
  return wrap(text, 120).join("\n");
}
