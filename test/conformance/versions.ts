import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Version, releaseOf } from "../../lib/compose";
import type { Answer } from "./case";
import { type Changed, isSame, pathOfChanged, recordedGroups } from "./answers";
import { sameAnswer } from "./compare";
import { ask, useJudge } from "./judge";
import { answer } from "./ours";

/**
 * Asks a newer Compose every recorded question: how many answers changed against 2.40, how many of them are ours.
 * `--write` records the changed ones.
 */
const { values } = parseArgs({
  options: {
    judge: { type: "string" },
    version: { type: "string", default: "5.7" },
    write: { type: "boolean", default: false },
  },
});

function versionOf(text: string): Version {
  releaseOf(text);
  const [major, minor, patch] = text.split(".").map(Number);
  return patch === undefined ? `${major ?? 0}.${minor ?? 0}` : `${major ?? 0}.${minor ?? 0}.${patch}`;
}

async function main(): Promise<void> {
  if (values.judge === undefined) {
    console.error("--judge PATH: a built judge (go mod tidy && go build in a copy of test/conformance/judge)");
    process.exitCode = 2;
    return;
  }
  useJudge(values.judge);
  const version = versionOf(values.version);
  const changed: Record<string, Record<string, Answer>> = {};
  let all = 0;
  let changes = 0;
  const missed: string[] = [];
  for (const { name, cases } of recordedGroups()) {
    for (let at = 0; at < cases.length; at += 2) {
      const pair = cases.slice(at, at + 2);
      const now = await Promise.all(pair.map(ask));
      for (const [index, question] of pair.entries()) {
        const judged = now[index];
        if (judged === undefined) continue;
        all++;
        if (!sameAnswer(question, judged, answer(question, version))) missed.push(`${name}: ${question.name}`);
        if (isSame(question.answer, judged)) continue;
        changes++;
        changed[name] = { ...changed[name], [question.name]: judged };
      }
    }
  }
  console.log(`${all} questions: ${changes} answers changed from 2.40 to ${version}; ours misses ${missed.length}`);
  for (const line of missed) console.log(`  ${line}`);
  if (!values.write) return;
  const command = `npm run conformance:versions -- --judge PATH --version ${version} --write`;
  const file: Changed = { compose: version, command, answers: changed };
  writeFileSync(pathOfChanged(version), `${JSON.stringify(file, undefined, 1)}\n`);
}

await main();
