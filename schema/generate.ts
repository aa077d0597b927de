import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type FlatNode, flatten } from "./flatten";
import { hoist } from "./hoist";
import { newestSchema, specification } from "./load";
import { side } from "./place";
import { besideChoices, distinctLists, tabulate } from "./places";
import { programLock } from "./program-lock";
import { embeddedPrograms, ROOMS_WITH_PROGRAMS } from "./programs";
import { withoutProse } from "./prose";
import { renderTypes } from "./types";

const LIB = fileURLToPath(new URL("../lib/", import.meta.url));

/**
 * The schema as the library checks documents by it: only what decides, without alternatives. Whether items of a list
 * differ that may be mappings, it finds out by `distinctLists`.
 */
function flatSchema(): FlatNode {
  const deciding = withoutProse(schema);
  for (const place of distinct) delete side(deciding, place, "array").uniqueItems;
  return flatten(hoist(deciding));
}

const schema = specification();
const distinct = distinctLists(schema);

const data = (name: string, type: string, value: unknown) =>
  `export const ${name}: ${type} = ${JSON.stringify(value)};\n`;

const files: Readonly<Record<string, string>> = {
  "spec/generated/compose-spec.json": `${JSON.stringify(hoist(schema), undefined, 2)}\n`,
  "spec/generated/engine-schema.json": `${JSON.stringify(withoutProse(hoist(newestSchema())))}\n`,
  "spec/generated/types.ts": renderTypes(schema),
  "spec/generated/schema.ts": `import type { FlatSchema } from "../flat-schema";\n\n${data("schema", "FlatSchema", flatSchema())}`,
  "spec/generated/tables.ts": [
    `import type { PlaceRow } from "../place";\n`,
    data("places", "readonly PlaceRow[]", tabulate(schema)),
    data(
      "distinctLists",
      "readonly (readonly string[])[]",
      distinct.map((place) => place.split(".")),
    ),
    data("besideChoices", "Readonly<Record<string, readonly string[]>>", besideChoices(schema)),
  ].join("\n"),
  "images/generated/program-lock.ts": programLock(),
  ...Object.fromEntries(ROOMS_WITH_PROGRAMS.map((room) => [`${room}/generated/programs.ts`, embeddedPrograms(room)])),
};

for (const [name, text] of Object.entries(files)) {
  const path = LIB + name;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
