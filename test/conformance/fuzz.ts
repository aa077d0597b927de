import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { releaseOf, STANDARD } from "../../lib/compose";
import { brokenCase } from "./broken";
import type { Answer, Case } from "./case";
import { sameAnswer } from "./compare";
import { Coverage } from "./coverage";
import { type Generated, generate, toCase } from "./generate";
import { ask, composeVersion, useJudge } from "./judge";
import { answer } from "./ours";
import { shrink } from "./shrink";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "2" },
    /** Where mismatches go, as cases. */
    out: { type: "string" },
    stop: { type: "string", default: "10" },
    /** A built judge instead of the installed Compose, and the version that it is. */
    judge: { type: "string" },
    version: { type: "string" },
    /** Texts that may be no YAML, instead of projects: words of refusals have to be the same, too. */
    broken: { type: "boolean", default: false },
    /** Keys that only the version has and 2.40 has not, among the others. */
    newer: { type: "boolean", default: false },
  },
});

if (values.judge !== undefined) useJudge(values.judge);
const release = values.version === undefined ? STANDARD : releaseOf(values.version);

export function ours(question: Case): Answer {
  try {
    return answer(question, release);
  } catch (error) {
    return { error: `CRASH ${error instanceof Error ? error.stack : String(error)}`, warnings: [] };
  }
}

/** Of several mistakes in one project, Compose reports a random one: for random projects it is enough that both refuse. */
export function agrees(question: Case, compose: Answer, own: Answer): boolean {
  if (own.error?.startsWith("CRASH")) return false;
  if (compose.error?.startsWith("panic:")) return true;
  if (compose.error !== undefined && own.error !== undefined) return true;
  return sameAnswer(question, compose, own);
}

/** Whether Compose, asked again and again, always has the same words for a refusal, and ours are others. */
async function saysOtherwise(question: Case, compose: Answer, own: Answer): Promise<boolean> {
  if (sameAnswer(question, compose, own)) return false;
  for (let again = 0; again < 6; again++) if ((await ask(question)).error !== compose.error) return false;
  return true;
}

async function fuzzTexts(total: number, first: number): Promise<void> {
  let [refused, otherwise] = [0, 0];
  for (let index = 0; index < total; index++) {
    const question = brokenCase(first + index);
    const [compose, own] = [await ask(question), ours(question)];
    if (compose.error !== undefined) refused++;
    if (compose.error?.startsWith("panic:") || sameAnswer(question, compose, own)) continue;
    if (compose.error !== undefined && (await ask(question)).error !== compose.error) continue;
    otherwise++;
    console.log(`MISMATCH ${question.name}\n  compose: ${compose.error ?? "takes it"}\n  ours:    ${own.error ?? "takes it"}`);
  }
  console.log(`${total} texts, ${refused} refused, ${otherwise} answered otherwise`);
  if (otherwise > 0) process.exitCode = 1;
}

async function main(): Promise<void> {
  const version = composeVersion();
  if (version === undefined) {
    console.error("docker compose is not installed");
    process.exitCode = process.env.CI ? 1 : 0;
    return;
  }
  const total = Number(values.cases);
  const first = Number(values.seed) * 1_000_000;
  if (values.broken) return fuzzTexts(total, first);
  const coverage = new Coverage();
  const mismatches: Generated[] = [];
  let next = 0;
  let refused = 0;
  let otherWords = 0;
  const words = new Map<string, string>();
  const worker = async () => {
    for (let index = next++; index < total && mismatches.length < Number(values.stop); index = next++) {
      const project = generate(first + index, values.newer ? release : undefined);
      const question = toCase(project, `seed ${first + index}`);
      const [compose, own] = [await ask(question), ours(question)];
      if (compose.error !== undefined) {
        refused++;
        if (own.error !== undefined && (await saysOtherwise(question, compose, own))) {
          otherWords++;
          words.set(compose.error.replaceAll(/[\d'"]\S*/g, "…"), `${question.name}\n  compose: ${compose.error}\n  ours:    ${own.error}`);
        }
      } else coverage.add(question);
      if (agrees(question, compose, own)) continue;
      mismatches.push(project);
      console.log(`MISMATCH ${question.name}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, worker));
  const done = Math.min(next, total);
  console.log(`${done} projects, ${refused} refused by Compose ${version} (${otherWords} with other words than its own, which are the same each time), ${mismatches.length} mismatches`);
  console.log(coverage.report());
  for (const text of [...words.values()].slice(0, 25)) console.log(text);
  const small: Case[] = [];
  for (const [index, project] of mismatches.entries()) small.push(await shrink(project, `mismatch ${index}`, agrees, ours));
  for (const question of small) {
    const [compose, own] = [await ask(question), ours(question)];
    console.log(`--- ${question.name} ${question.flags?.join(" ") ?? ""}`);
    for (const path of question.use ?? []) console.log(`# ${path}\n${question.files[path]}`);
    console.log(`compose: ${difference(compose, own)}\nours:    ${difference(own, compose)}`);
  }
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(small, undefined, 1));
  if (mismatches.length > 0) process.exitCode = 1;
}

function difference(answer: Answer, other: Answer): string {
  if (answer.error !== undefined) return answer.error;
  const lines = new Set((other.output ?? "").split("\n"));
  return (answer.output ?? "").split("\n").filter((line) => !lines.has(line)).slice(0, 12).join(" | ") || "(no line of its own)";
}

await main();
