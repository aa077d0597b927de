import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { withLines, withValues } from "../../lib/env/edit";
import { SEED } from "../support/property";

function changed(text: string, name: string, value: string): string | undefined {
  const { text: after, failed } = withValues(text, new Map([[name, value]]));
  return failed.length > 0 ? undefined : after;
}

describe("withValues", () => {
  it.each([
    ["a plain value", "A=1\nB=2\n", "A=new\nB=2\n"],
    ["no value", "A=\nB=2\n", "A=new\nB=2\n"],
    ["no line break at the end", "B=2\nA=1", "B=2\nA=new"],
    ["lines that end as on Windows", "A=1\r\nB=2\r\n", "A=new\r\nB=2\r\n"],
    ["a mark of the byte order", "\uFEFFA=1\n", "\uFEFFA=new\n"],
    ["export and blanks", "  export A = 1\nB=2\n", "  export A = new\nB=2\n"],
    ["a colon", "A: 1\n", "A: new\n"],
    ["a comment behind the value", "A=1 # one\nB=2\n", "A=new # one\nB=2\n"],
    ["single quotes", "A='1 # x' # one\nB=2\n", "A=new # one\nB=2\n"],
    ["double quotes over two lines", 'A="1\n\\"2" # one\nB=2\n', "A=new # one\nB=2\n"],
    ["a name alone", "A\nB=2\n", "A=new\nB=2\n"],
    ["a comment that looks like it", "# A=0\nA=1\n#A=2\n", "# A=0\nA=new\n#A=2\n"],
    ["a line of another value that looks like it", "B='\nA=0\n'\nA=1\n", "B='\nA=0\n'\nA=new\n"],
    ["the last of two", "A=1\nA=2\nB=2\n", "A=1\nA=new\nB=2\n"],
    ["a longer name before it", "AA=1\nXA=1\nA=1\n", "AA=1\nXA=1\nA=new\n"],
    ["a line after which Compose miscounts", "C \nA=1\n", "C \nA=new\n"],
  ])("changes %s", (_, before, after) => {
    expect(changed(before, "A", "new")).toBe(after);
  });

  it("does not touch a variable that is not there", () => {
    expect(withValues("B=1\n", new Map([["A", "x"]]))).toEqual({ text: "B=1\n", failed: ["A"] });
  });

  it("names what it cannot change: behind a plain value no other statement can stand", () => {
    expect(withValues("A='1' B=2\n", new Map([["A", "new"]])).failed).toEqual(["A"]);
  });

  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."aZ9'\"\\$#={}: \n\r\té-_") }),
    fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
  );
  const names = ["A", "B", "C_D"];
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom("", " ", "export "),
        fc.constantFrom(...names, "E"),
        fc.constantFrom("=", ": ", " = "),
        fc.constantFrom("", "1", "'x y'", '"x\ny"', "'\nA=1\n'", '"\\""', "$A", "a$$b", "# x", "1 # x", "''"),
      )
      .map((parts) => parts.join("")),
    fc.constantFrom("", "# A=1", "A", "B ", "   ", "#"),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.constantFrom("", "\uFEFF"))
    .map(([lines, end, start]) => start + lines.join("\n").replaceAll("\n", end));

  it("changes that variable, to that value, and nothing else, or says that it cannot", () => {
    let done = 0;
    fc.assert(
      fc.property(file, value, fc.constantFrom(...names), (before, wanted, name) => {
        // An earlier value must not lead into another one, or that one would change with it.
        const open = before.replaceAll("$", "S");
        const after = changed(open, name, wanted);
        if (after === undefined) return;
        done++;
        const [old, now] = [parseDotenv(open), parseDotenv(after)];
        expect(now.values.get(name)).toBe(wanted);
        expect(now.problems.length).toBe(old.problems.length);
        const others = ({ values }: typeof old) => [...values].filter(([other]) => other !== name).sort();
        expect(others(now)).toEqual(others(old));
        const comments = (text: string) => text.match(/^#.*$/gm)?.length ?? 0;
        if (!/["']/.test(open)) expect(comments(after)).toBe(comments(open));
      }),
      { ...SEED, numRuns: 2000 },
    );
    expect(done).toBeGreaterThan(500);
  });
});

describe("withLines", () => {
  it.each([
    ["", "X\n"],
    ["A=1\n", "A=1\nX\n"],
    ["A=1", "A=1\nX\n"],
    ["A=1\r\nB=2", "A=1\r\nB=2\r\nX\r\n"],
  ])("%j → %j", (before, after) => {
    expect(withLines(before, ["X"])).toBe(after);
  });

  it("adds nothing when there is nothing to add", () => {
    expect(withLines("A=1", [])).toBe("A=1");
  });
});
