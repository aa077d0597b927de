import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Case, Recorded } from "./case";
import { GROUPS } from "./inputs/index";
import { ask, composeVersion } from "./judge";
import { recordStacks } from "./stacks/record";

const FOLDER = fileURLToPath(new URL("recorded/", import.meta.url));

async function record(cases: readonly Case[]): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (let at = 0; at < cases.length; at += 2) {
    const pair = cases.slice(at, at + 2);
    recorded.push(...(await Promise.all(pair.map(async (question) => ({ ...question, answer: await ask(question) })))));
  }
  return recorded;
}

const version = composeVersion();
if (version === undefined) throw new Error("docker compose is not installed: there is nobody to ask");
mkdirSync(FOLDER, { recursive: true });
let total = 0;
/** Groups that are named, or else all of them. */
const only = process.argv.slice(2);
for (const [group, cases] of Object.entries(GROUPS)) {
  if (only.length > 0 && !only.includes(group)) continue;
  const recorded = await record(cases);
  total += recorded.length;
  const lines = recorded.map((question) => JSON.stringify(question)).join(",\n");
  writeFileSync(`${FOLDER}${group}.json`, `{"compose": ${JSON.stringify(version)}, "cases": [\n${lines}\n]}\n`);
}
if (only.length === 0) total += await recordStacks(version);
console.log(`${total} cases recorded from Compose ${version}`);
