import fc from "fast-check";
import { expect, test } from "vitest";
import { interpolate, references } from "../../../lib/compose/template/interpolate";

const ENV = new Map([
  ["A", "a"],
  ["EMPTY", ""],
  ["N", "$A"],
]);
const lookup = (name: string) => ENV.get(name);

/** Answers of `docker compose config` 2.40.3 with A=a, EMPTY= and N=$A. */
const expanded: [string, string, string[]?][] = [
  ["plain", "plain"],
  ["$$A $A ${A}", "$A a a"],
  ["$5 a$ $(cmd) $-", "$5 a$ $(cmd) $-"],
  ["$N", "$A"],
  ["$U-${U}", "-", ["U", "U"]],
  ["$EMPTY", ""],
  ["${U:-d}${EMPTY:-d}${A:-d}", "dda"],
  ["${U-d}${EMPTY-d}${A-d}", "da"],
  ["${U:+d}${EMPTY:+d}${A:+d}", "d"],
  ["${U+d}|${EMPTY+d}|${A+d}", "|d|d"],
  ["${A:?m}${EMPTY?m}", "a"],
  ["${U:-${V:-$A}}", "a"],
  ['${U:-{"a":1}} t', '{"a":1} t'],
  ["${U:-{}}", "{}"],
  ["${U:-{}}x", "{}x"],
  ["${A:-}}", "a}"],
  ["${U:-a}b}", "ab}"],
  ["${U-a:-b}", "a:-b"],
  ["${A:-${V}}", "a", ["V"]],
];

test.each(expanded)("%j", (text, result, unset = []) => {
  expect(interpolate(text, lookup)).toEqual({ text: result, unset });
});

const refused: [string, string, string][] = [
  ["${}", "format", "${}"],
  ["a ${1A}", "format", "a ${1A}"],
  ["${A", "format", "${A"],
  ["${A }", "format", "${A }"],
  ["${A:=x}", "format", "${A:=x}"],
  ["${A:-x\n}", "format", "${A:-x\n}"],
  ["${A:-x} ${}", "format", " ${}"],
  ["${A:-${}", "format", "${"],
  ["${A:-{}} and ${A}", "format", "{}} and ${A"],
  ["${U:?}", "required", "U"],
  ["${EMPTY:?}", "required", "EMPTY"],
  ["${U?}", "required", "U"],
  ["${A:-${U:?x}}", "required", "U"],
];

test.each(refused)("%j is refused", (text, problem, subject) => {
  expect(() => interpolate(text, lookup)).toThrow(expect.objectContaining({ problem, subject }));
});

test("the message of a required variable is expanded", () => {
  expect(() => interpolate("${U:?need $A}", lookup)).toThrow("required variable U is missing a value: need a");
});

test("lazy: an operand that is not used is not expanded", () => {
  expect(interpolate("${A:-${U:?x}}", lookup, { lazy: true })).toEqual({ text: "a", unset: [] });
});

test("references lists every variable, nested ones too, and does not throw", () => {
  expect(references("${A:-${B:?need $C}} $$D $E ${")).toEqual({
    references: [
      { name: "A", operator: ":-", operand: "${B:?need $C}", raw: "${A:-${B:?need $C}}", depth: 0 },
      { name: "B", operator: ":?", operand: "need $C", raw: "${B:?need $C}", depth: 1 },
      { name: "C", raw: "$C", depth: 2 },
      { name: "E", raw: "$E", depth: 0 },
    ],
    problems: ["${A:-${B:?need $C}} $$D $E ${"],
  });
});

test("a text without references to unset or bad variables survives doubling of its dollars", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(interpolate(text.replaceAll("$", "$$$$"), lookup).text).toBe(text);
    }),
    process.env.CI ? { seed: 1 } : {},
  );
});

test("deeply nested defaults are refused, long texts are linear", () => {
  expect(() => interpolate("${A:-".repeat(5000) + "}".repeat(5000), lookup)).toThrow("nested");
  const start = performance.now();
  interpolate("${U:-x} $A ".repeat(100_000), lookup);
  expect(performance.now() - start).toBeLessThan(3000);
});
