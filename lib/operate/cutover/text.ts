import { code, list, plain, prose, table } from "../../guides/markdown";
import { minute } from "../../report/minute";
import { CHANGE_KINDS, type ChangeKind, type CutoverChange, type Weight } from "./change";
import type { Cutover } from "./cutover";
import { PROOF_TOPICS, type Proof } from "./proofs";

const WEIGHTS: Readonly<Record<Weight, string>> = { blocks: "in the way", decide: "to decide", fine: "as meant" };
const STATES: Readonly<Record<Proof["state"], string>> = { shown: "shown", failed: "FAILED", unknown: "unknown" };

/** The kinds that there are, each with its changes. */
function byKind(
  changes: readonly CutoverChange[],
): readonly (readonly [title: string, changes: readonly CutoverChange[]])[] {
  const kinds = Object.keys(CHANGE_KINDS) as readonly ChangeKind[];
  return kinds.flatMap((kind) => {
    const own = changes.filter((change) => change.kind === kind);
    return own.length === 0 ? [] : [[CHANGE_KINDS[kind], own] as const];
  });
}

/** A cutover as text for people: the verdict last, where the eye is. */
export function formatCutover({ changes, proofs, verdict, reasons }: Cutover): string {
  const differences = byKind(changes).flatMap(([title, own]) => [
    title,
    ...own.flatMap(({ subject, text, weight, fix }) => [
      `  ${WEIGHTS[weight]}: ${subject} ${text}`,
      ...(fix === undefined ? [] : [`    fix: ${fix}`]),
    ]),
  ]);
  const shown = proofs.flatMap(({ topic, state, text, when, command }) => [
    `  ${STATES[state]}: ${PROOF_TOPICS[topic]}: ${text}${dated(when)}`,
    ...(command === undefined ? [] : [`    with: ${command}`]),
  ]);
  const counted = changes.filter(({ weight }) => weight === "decide").length;
  const decisions = counted === 0 ? "" : `; ${counted} to be decided by a person`;
  return [
    ...differences,
    "",
    "What was shown of the next deployment",
    ...shown,
    "",
    ...(verdict === "yes" ? [] : ["Reasons against it", ...reasons.map((reason) => `  ${reason}`), ""]),
    `verdict: ${verdict}${decisions}`,
  ].join("\n");
}

/** A cutover as a page that somebody signs. */
export function cutoverPage({ from, dir, changes, proofs, verdict, reasons }: Cutover): string {
  const differences = byKind(changes).flatMap(([title, own]) => [
    `### ${title}`,
    table(
      ["what", "how it is other", "", "what to do"],
      own.map(({ subject, text, weight, fix }) => [plain(subject), plain(text), WEIGHTS[weight], plain(fix ?? "")]),
    ),
  ]);
  const open = changes.filter(({ weight }) => weight === "decide");
  const decisions =
    open.length === 0
      ? []
      : ["## To be decided", list(open.map(({ subject, text }) => `[ ] ${plain(subject)} ${plain(text)}`))];
  return `${[
    "# Cutover",
    prose(`From ${from.map(code).join(", ")} to the deployment in ${code(dir)}.`),
    `**Verdict: ${verdict}**`,
    ...(reasons.length === 0 ? [] : [list(reasons.map(plain))]),
    "## What was shown",
    table(
      ["what", "", "seen", "shown by"],
      proofs.map(({ topic, state, text, when, command }) => [
        PROOF_TOPICS[topic],
        STATES[state],
        `${plain(text)}${dated(when)}`,
        command === undefined ? "" : code(command),
      ]),
    ),
    ...decisions,
    "## What is other",
    ...differences,
    "Decided by, on: ______________________________",
  ].join("\n\n")}\n`;
}

function dated(when: string | undefined): string {
  return when === undefined ? "" : ` (${minute(when)} UTC)`;
}
