import type { Case } from "./case";
import { Random } from "./random";

/** Texts of all that YAML has; each key begins with `x-`, so that any value is allowed. */
const WHOLE: readonly string[] = [
  "x-a: b\nx-c:\n  d: [1, 'two', \"three\"]\n  e: {f: g, h: }\n",
  "x-l:\n- a\n- b: c\n  d: e\n-\n  - f\n  - - g\n",
  "x-t: |\n  a\n   b\n\nx-u: >-\n  c\n  d\n\n  e\nx-v: |2\n    f\n",
  "x-a: &a {b: 1}\nx-b: *a\nx-c:\n  <<: *a\n  d: !!str 5\n  e: !reset null\n  f: [!override x, !!int 3]\n",
  "? x-k\n: v\n? x-m\n: - n\n  - o\nx-p: 'it''s'\nx-q: \"\\x41\\u00e9\\n\\\n  r\"\n",
  "%YAML 1.1\n%TAG !e! tag:e.org,2000:\n---\nx-a: !e!b c # d\nx-e: ! f\n...\n---\nx-g: h\n",
  "# top\nx-a: plain text\n  over lines\nx-b: \"quoted\n  too\"\nx-c: 'and\n\n  this'\n",
  "x-m:\n  a: {b: [c, {d: e}], ? f : g}\n  h:\n  - i: j\n    k: l\n",
];

const SIGNS: readonly string[] = [..."[]{},:-?&*!|>'\"%@`#\t \n\\~.<=x0/", "\n\t", "\n- ", ": ", "---\n", "...\n", " #", "\n  ", "*a", "&a ", "!x", "é"];

/** A text with up to three signs more, fewer or others. */
export function brokenText(random: Random): string {
  let text = random.pick(WHOLE);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(text.length + 1);
    const gone = random.chance(0.4) ? 0 : 1 + random.below(2);
    text = text.slice(0, at) + (random.chance(0.3) ? "" : random.pick(SIGNS)) + text.slice(at + gone);
  }
  return text;
}

/** A question about a text that may be no YAML. */
export function brokenCase(seed: number): Case {
  const text = brokenText(new Random(seed));
  return { name: `seed ${seed}`, files: { "a.yaml": text, "b.yaml": "services: {}\n" }, projectName: "project", flags: ["--no-interpolate"] };
}
