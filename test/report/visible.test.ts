import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible, visibleLine } from "../../lib/report/visible";

/** Any UTF-16, halves of surrogate pairs included, with many of the characters that matter here. */
const anyText = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
      fc.constantFrom("\u001b[2J", "\u009b", "\u202e", "\u2066", "\u200b", "\ufeff", "\u{e0041}", "\n", "\r\n", "\t"),
      fc.string({ unit: "grapheme" }),
    ),
  )
  .map((parts) => parts.join(""));

const HIDDEN: readonly (readonly [what: string, character: string, shown: string])[] = [
  ["NUL", "\0", "\\u0000"],
  ["BEL", "\u0007", "\\u0007"],
  ["backspace", "\b", "\\u0008"],
  ["carriage return", "\r", "\\u000d"],
  ["ESC", "\u001b", "\\u001b"],
  ["DEL", "\u007f", "\\u007f"],
  ["CSI of C1", "\u009b", "\\u009b"],
  ["OSC of C1", "\u009d", "\\u009d"],
  ["soft hyphen", "\u00ad", "\\u00ad"],
  ["Arabic letter mark", "\u061c", "\\u061c"],
  ["zero width space", "\u200b", "\\u200b"],
  ["right-to-left mark", "\u200f", "\\u200f"],
  ["line separator", "\u2028", "\\u2028"],
  ["paragraph separator", "\u2029", "\\u2029"],
  ["left-to-right embedding", "\u202a", "\\u202a"],
  ["right-to-left override", "\u202e", "\\u202e"],
  ["word joiner", "\u2060", "\\u2060"],
  ["left-to-right isolate", "\u2066", "\\u2066"],
  ["pop directional isolate", "\u2069", "\\u2069"],
  ["Hangul filler", "\u3164", "\\u3164"],
  ["byte order mark", "\ufeff", "\\ufeff"],
  ["first half of a pair", "\ud800", "\\ud800"],
  ["second half of a pair", "\udc00", "\\udc00"],
  ["tag letter", "\u{e0041}", "\\udb40\\udc41"],
];

describe("what a person gets to see of a text", () => {
  it.each(HIDDEN)("shows %s", (_, character, shown) => {
    expect(visible(`a${character}b`)).toBe(`a${shown}b`);
    expect(visibleLine(`a${character}b`)).toBe(`a${shown}b`);
  });

  it.each([["plain"], ["größer, 日本語, עברית, العربية, 👍"], ["a → b · c"], ["two\nlines\tand a tab\n"], [""]])(
    "leaves %j as it is",
    (text) => expect(visible(text)).toBe(text),
  );

  it("keeps on one line what has to stay on one line", () => {
    expect(visibleLine("a\nerror: b\tc")).toBe("a\\nerror: b\\tc");
  });

  it("has no character that a terminal obeys, whatever the text is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visible(text)).not.toMatch(/[^\P{C}\n\t\p{Co}\p{Cn}]|[\u2028\u2029]/u);
        expect(visibleLine(text)).not.toMatch(/[^\P{C}\p{Co}\p{Cn}]|[\u2028\u2029]/u);
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });

  it("is the same data when the text is JSON", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const data = { [text]: [text] };
        expect(JSON.parse(visible(JSON.stringify(data, undefined, 2)))).toEqual(data);
      }),
    );
  });
});
