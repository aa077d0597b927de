import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { hoist } from "./hoist";
import { newestSchema, specification } from "./load";
import { besideChoices, distinctLists, tabulate } from "./places";
import { programLock } from "./program-lock";
import { embeddedPrograms, ROOMS_WITH_PROGRAMS } from "./programs";
import { withoutProse } from "./prose";
import { renderTypes } from "./types";
import { renderValidator } from "./validator";

const LIB = fileURLToPath(new URL("../lib/", import.meta.url));

const VALIDATOR_TYPES = `/** One error as ajv gives it, without ajv's prose. */
export interface CompiledError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export declare const validate: {
  (document: unknown): boolean;
  errors?: readonly CompiledError[] | null;
};
`;

const schema = specification();
const distinct = distinctLists(schema);

const data = (name: string, type: string, value: unknown) =>
  `export const ${name}: ${type} = ${JSON.stringify(value)};\n`;

const files: Readonly<Record<string, string>> = {
  "spec/generated/compose-spec.json": `${JSON.stringify(hoist(schema), undefined, 2)}\n`,
  "spec/generated/engine-schema.json": `${JSON.stringify(withoutProse(hoist(newestSchema())))}\n`,
  "spec/generated/types.ts": renderTypes(schema),
  "spec/generated/validate.js": renderValidator(schema, distinct),
  "spec/generated/validate.d.ts": VALIDATOR_TYPES,
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
