import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emit } from "../../../lib/compose/emit/emit";
import type { ComposeValue } from "../../../lib/spec/value";
import { SEED } from "../../support/property";
import { describeWith } from "../../support/tools";
import { anyDocument, anyText, documents, mapping, TRICKY } from "../../support/yaml-documents";
import {
  asComposePrints,
  composeConfig,
  jsYaml,
  npmYaml,
  pyYaml,
  type Reader,
  type Reading,
  reading,
} from "../../support/yaml-readers";

/** Each tricky text as a document, a list item, a key, a key in a list, and the last value of a block. */
const TRICKY_DOCUMENTS: readonly ComposeValue[] = TRICKY.flatMap((text): ComposeValue[] => [
  text,
  [text, [text, text], "end"],
  { value: text, after: mapping([[text, text]]) },
  [mapping([[text, [text]]]), { a: { b: text }, c: "end" }],
]);

/** So many documents go through one process of an outside reader. */
const BATCH = 250;

/** What a reader makes of values after they were written, and what they are in its eyes when nothing is lost. */
interface Judge {
  readonly read: (values: readonly ComposeValue[]) => readonly Reading[];
  readonly expected: (value: ComposeValue) => Reading;
}

function texts(reader: Reader): Judge {
  return { read: (values) => reader(values.map((value) => emit(value))), expected: reading };
}

const extensions: Judge = {
  read: (values) => {
    const model = composeConfig([emit({ name: "t", services: { a: { image: "a" } }, "x-data": values })]);
    const data = model["x-data"];
    return Array.isArray(data) ? data.map((value) => asComposePrints(reading(value))) : [];
  },
  expected: (value) => asComposePrints(reading(value)),
};

function expectSame(judge: Judge, values: readonly ComposeValue[]): void {
  const readings = judge.read(values);
  for (const [index, value] of values.entries()) expect(readings[index], emit(value)).toEqual(judge.expected(value));
}

function roundTrips(judge: Judge, batches: number, document: fc.Arbitrary<ComposeValue> = anyDocument): void {
  it("reads each tricky text as that text", () => expectSame(judge, TRICKY_DOCUMENTS));

  it("reads any document as what it is", () => {
    const batch = fc.array(document, { minLength: BATCH, maxLength: BATCH });
    fc.assert(
      fc.property(batch, (values) => expectSame(judge, values)),
      { ...SEED, numRuns: batches, endOnFailure: true },
    );
  });
}

describe("npm yaml, version 1.2", () => roundTrips(texts(npmYaml("1.2")), 20));
describe("npm yaml, version 1.1", () => roundTrips(texts(npmYaml("1.1")), 20));
describe("js-yaml, core schema", () => roundTrips(texts(jsYaml("core")), 30));
describe("js-yaml, YAML 1.1 schema", () => roundTrips(texts(jsYaml("yaml11")), 30));
describe("js-yaml, failsafe schema", () => roundTrips(texts(jsYaml("failsafe")), 20, documents(anyText)));
describeWith("python-yaml", "PyYAML", () => roundTrips(texts(pyYaml("SafeLoader")), 5));
describeWith("python-yaml", "PyYAML over libyaml", () => roundTrips(texts(pyYaml("CSafeLoader")), 15));

describeWith("docker-compose", "docker compose", () => {
  roundTrips(extensions, 20);

  it("reads labels and variables as the texts they are", () => {
    const texts = fc.uniqueArray(anyText, { minLength: BATCH, maxLength: BATCH });
    fc.assert(
      fc.property(texts, (values) => {
        // The specification's schema wants a character other than a line break in a label's name.
        const labels = mapping(values.filter((text) => /[^\n\r\u2028\u2029]/.test(text)).map((text) => [text, text]));
        const environment = mapping(values.map((text, index) => [`V${index}`, text]));
        const model = composeConfig([emit({ name: "t", services: { a: { image: "a", labels, environment } } })]);
        expect(model).toMatchObject({ services: { a: { labels, environment } } });
      }),
      { ...SEED, numRuns: 5, endOnFailure: true },
    );
  });
});
