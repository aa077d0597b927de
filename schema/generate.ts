import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { flatten } from "./flatten";
import { hoist } from "./hoist";
import { newestSchema, specification } from "./load";
import { besideChoices, tabulate } from "./places";
import { programLock } from "./program-lock";
import { embeddedPrograms, ROOMS_WITH_PROGRAMS } from "./programs";
import { withoutProse } from "./prose";
import { renderTypes } from "./types";

const LIB = fileURLToPath(new URL("../lib/", import.meta.url));

const schema = specification();

/** Data as a text: Node.js reads large JSON in half the time that it takes for the same as code. */
const data = (name: string, type: string, value: unknown) =>
  `export const ${name}: ${type} = JSON.parse(${JSON.stringify(JSON.stringify(value))});\n`;

const files: Readonly<Record<string, string>> = {
  "spec/generated/compose-spec.json": `${JSON.stringify(hoist(schema), undefined, 2)}\n`,
  "spec/generated/engine-schema.ts": data(
    "engineSchema",
    "Readonly<Record<string, unknown>>",
    withoutProse(hoist(newestSchema())),
  ),
  "spec/generated/types.ts": renderTypes(schema),
  "spec/generated/schema.ts": `import type { FlatSchema } from "../flat-schema";\n\n${data("schema", "FlatSchema", flatten(hoist(withoutProse(schema))))}`,
  "spec/generated/tables.ts": [
    `import type { PlaceRow } from "../place";\n`,
    data("places", "readonly PlaceRow[]", tabulate(schema)),
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
