import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hoist } from "./hoist";
import { newestSchema, specification } from "./load";
import { besideChoices, distinctLists, tabulate } from "./places";
import { withoutProse } from "./prose";
import { renderTypes } from "./types";
import { renderValidator } from "./validator";

const TARGET = fileURLToPath(new URL("../lib/spec/generated/", import.meta.url));

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
  "compose-spec.json": `${JSON.stringify(hoist(schema), undefined, 2)}\n`,
  "engine-schema.json": `${JSON.stringify(withoutProse(hoist(newestSchema())))}\n`,
  "types.ts": renderTypes(schema),
  "validate.js": renderValidator(schema, distinct),
  "validate.d.ts": VALIDATOR_TYPES,
  "tables.ts": [
    `import type { PlaceRow } from "../place";\n`,
    data("places", "readonly PlaceRow[]", tabulate(schema)),
    data(
      "distinctLists",
      "readonly (readonly string[])[]",
      distinct.map((place) => place.split(".")),
    ),
    data("besideChoices", "Readonly<Record<string, readonly string[]>>", besideChoices(schema)),
  ].join("\n"),
};

mkdirSync(TARGET, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  writeFileSync(`${TARGET}${name}.new`, text);
  renameSync(`${TARGET}${name}.new`, TARGET + name);
}
