import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validate } from "../../lib/spec";
import { inside } from "../../lib/spec/inside";
import { specification } from "../../schema/load";
import type { SchemaNode } from "../../schema/node";
import { SEED } from "../support/property";
import { nearlyRight } from "./documents";
import { compile, officialSchema } from "./judges";

const RUNS = { ...SEED, numRuns: 4_000 };

type Verdict = (document: unknown) => boolean;

const judge = (schema: SchemaNode): Verdict => {
  const compiled = compile(schema);
  return (document) => compiled(document) === true;
};

const ours: Verdict = (document) => validate(document).length === 0;

describe("on random documents the validator accepts exactly what ajv accepts", () => {
  it.each([
    ["the official schema in dclint's copy", officialSchema(), judge(officialSchema())],
    ["the amended schema as it is", specification(), judge(specification())],
  ])("with %s", (_, schema, expected) => {
    const counts = { good: 0, bad: 0 };
    fc.assert(
      fc.property(fc.oneof(nearlyRight(schema, 2), nearlyRight(schema, 30)), (document) => {
        const verdict = expected(document);
        counts[verdict ? "good" : "bad"] += 1;
        expect(ours(document)).toBe(verdict);
      }),
      RUNS,
    );
    expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(RUNS.numRuns / 10);
  });
});

describe("on random documents each problem", () => {
  it("stands where its value is, is told once, and has its own sentence", () => {
    fc.assert(
      fc.property(nearlyRight(specification(), 60), (document) => {
        const problems = validate(document);
        for (const { path, value, reason, fix } of problems) {
          expect(path.reduce<unknown>(inside, document)).toBe(value);
          expect(`${reason} ${fix}`).not.toMatch(/undefined|NaN|\[object|breaks the rule|oneOf|schema/);
        }
        const told = problems.map(({ path, reason }) => JSON.stringify([path, reason]));
        expect(new Set(told).size).toBe(told.length);
      }),
      RUNS,
    );
  });
});
