import { expect, test } from "vitest";
import { parseDotenv } from "../../../lib/compose/dotenv/dotenv";

const OUTSIDE = new Map([["OS", "outside"]]);
const read = (text: string) => parseDotenv(text, { lookup: (name) => OUTSIDE.get(name) });

/** Answers of `docker compose config --environment` 2.40.3. */
const cases: [string, Record<string, string>][] = [
  ["A=1\nB = 2\n C: 3\n", { A: "1", B: "2", C: "3" }],
  ["\uFEFFA=1", { A: "1" }],
  ["# c\n\nexport A=1 # c\nB=x#y\nC=#z\nD=a\t#b", { A: "1", B: "x#y", C: "#z", D: "a\t#b" }],
  ["A=\nB=", { A: "", B: "" }],
  ["A='x $OS \\' \\\\ \n y'\nB=\"x $OS\n\\t\\\"\"", { A: "x $OS ' \\\\ \n y", B: 'x outside\n\t"' }],
  ['A="x" B=2', { A: "x", B: "2" }],
  ['A="x" y', { A: "x", "": "y" }],
  ["OS\nNONE\nA=1", { OS: "outside", A: "1" }],
  ["A", { "": "A" }],
  ["=1\n", { "": "1" }],
  ["A=1\nA=2", { A: "2" }],
  ["A=1\nB=$A${OS}$$\n", { A: "1", B: "1outside$" }],
  ["A=\\$OS", { A: "\\outside" }],
  ['A="\\$OS \\0101 \\060 \\c"', { A: "$OS A \\60 \\c" }],
  ["1A=x\na.b-[c]=y", { "1A": "x", "a.b-[c]": "y" }],
];

test.each(cases)("%j", (text, values) => {
  const result = read(text);
  expect(Object.fromEntries(result.values)).toEqual(values);
  expect(result.problems).toEqual([]);
});

test("names keep their lines", () => {
  const { entries } = read('\n# c\nA=1\nB="x\ny"\nOS\nC=3\n');
  expect(entries.map(({ name, line, style }) => [name, line, style])).toEqual([
    ["A", 3, "plain"],
    ["B", 4, "double"],
    ["OS", 6, "inherited"],
    ["C", 7, "plain"],
  ]);
});

test("all problems are reported, the first in Compose's words", () => {
  const { problems, values } = read('A+B=1\nC D=2\nE=5\nF=${X:?need $E}\nG=${\nH="open\n');
  expect(problems).toEqual([
    {
      line: 1,
      message: 'line 1: unexpected character "+" in variable name "A+B=1"',
      summary: 'unexpected character "+" in variable name',
    },
    { line: 2, message: "line 2: key cannot contain a space", summary: "key cannot contain a space" },
    { line: 4, message: "required variable X is missing a value: need 5", summary: "invalid value: required" },
    { line: 5, message: 'Invalid template: "${"', summary: "invalid value: format" },
    { line: 6, message: 'line 7: unterminated quoted value "open', summary: "unterminated quoted value" },
  ]);
  expect(values.get("E")).toBe("5");
});

test("unset variables are reported with their line", () => {
  expect(read("A=1\nB=$NOPE").unset).toEqual([{ name: "NOPE", line: 2 }]);
});
