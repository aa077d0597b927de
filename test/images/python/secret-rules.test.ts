import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { meanSame } from "../../../lib/construct/env-distinct";
import { isAlike, isGuess, isPlaceholder, isWeak } from "../../../lib/env/secret";
import { SECRET_TABLE } from "../../../lib/env/secret-table";
import { ENTRYPOINT } from "../../../lib/images/generated/programs";
import { contractText } from "../../../lib/images/python/contract";
import { PUBLIC_SECRETS } from "../../../lib/lamb/facts/public-secrets";
import { describeWith } from "../../support/tools";
import { folderOf } from "./support";

/** Asks the entrypoint's functions about pairs of values, all in one process. */
const ASK = `
import json, sys
import entrypoint as e
same = lambda one, other: e.origin_of(one) is not None and e.origin_of(one) == e.origin_of(other)
answers = {"alike": e.is_alike, "origin": same}
single = {"placeholder": e.is_placeholder, "guess": e.is_guess, "weak": e.is_weak}
pairs = json.load(sys.stdin)
json.dump([[*(f(a, b) for f in answers.values()), *(f(a) for f in single.values())] for a, b in pairs], sys.stdout)
`;

type Pair = readonly [string, string];

function inPython(pairs: readonly Pair[]): readonly unknown[] {
  const cwd = folderOf({
    "entrypoint.py": ENTRYPOINT,
    "contract.json": contractText({ program: "Shop", variables: [], folders: [], refused: [] }),
    "ask.py": ASK,
  });
  const { stdout, stderr } = spawnSync("python3", [join(cwd, "ask.py")], {
    input: JSON.stringify(pairs),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

const inTypeScript = (pairs: readonly Pair[]) =>
  pairs.map(([one, other]) => [
    isAlike(one, other),
    meanSame(one, other, "origin"),
    isPlaceholder(one),
    isGuess(one),
    isWeak(one),
  ]);

const LEET = new Map(Object.entries(SECRET_TABLE.lookalikes).map(([digit, letter]) => [letter, digit]));
const word = fc.constantFrom(
  ...SECRET_TABLE.words,
  ...PUBLIC_SECRETS,
  "your-key",
  "change_me",
  "<host>",
  "a.example",
  "xxxx",
);
const spelled = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom("", " ", "-", "_", "…", "\u00a0", "\n", "é"))
  .map(([words, between]) => words.join(between))
  .chain((text) =>
    fc.constantFrom(
      text,
      text.toUpperCase(),
      [...text].map((letter) => LEET.get(letter) ?? letter).join(""),
      `${text}!${text.length}`,
      ` ${text}\t`,
      `\ufeff${text}\n`,
      `${text}1234567`,
      text.repeat(4),
    ),
  );
const blank = fc.string({ unit: fc.constantFrom(" ", "\t", "\u00a0", "\ufeff", "\u2003", "-", "\n"), maxLength: 5 });
const repeated = fc
  .tuple(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 3 }), fc.nat(40))
  .map(([text, n]) => text.repeat(n));
const characters = fc.string({ unit: fc.constantFrom(..."aZ09_-.!<>@:/ éÉßñ\u00b5“”αΩЖ中😀\u212a"), maxLength: 24 });
const value = fc.oneof(spelled, blank, repeated, characters, fc.string({ maxLength: 20 }));

const label = fc.constantFrom(
  "lamb",
  "LAMB",
  "chat",
  "bücher",
  "BÜCHER",
  "xn--bcher-kva",
  "españa",
  "Straße",
  "例え",
  "a-b",
  "x1",
);
const address = fc
  .tuple(
    fc.constantFrom("http", "https", "HTTPS", "ftp"),
    fc.array(label, { minLength: 1, maxLength: 2 }),
    fc.constantFrom("", "."),
    fc.constantFrom("", ":80", ":443", ":8080"),
    fc.constantFrom("", "/", "/x?y#z"),
  )
  .map(([scheme, labels, dot, port, path]) => `${scheme}://${labels.join(".")}${dot}${port}${path}`);

const pair: fc.Arbitrary<Pair> = fc.oneof(
  fc.tuple(value, value),
  value.map((one): Pair => [one, one.toUpperCase()]),
  value.map((one): Pair => [one, ` ${one}-`]),
  fc.tuple(address, address),
  address.map((one): Pair => [one, one.toUpperCase()]),
);

describeWith("python", "what is thought of a value", () => {
  it("is the same in the entrypoint and in the check of an .env", { timeout: 60_000 }, () => {
    // One process for all of them; what differs is shown as it is, since to shrink it would take a process for each step.
    const pairs = fc.sample(pair, 3000);
    const answers = inPython(pairs);
    const expected = inTypeScript(pairs);
    const differing = pairs.flatMap(([one, other], index) => {
      const [mine, theirs] = [JSON.stringify(expected[index]), JSON.stringify(answers[index])];
      return mine === theirs ? [] : [[one, other, mine, theirs]];
    });
    expect(differing.slice(0, 20)).toEqual([]);
    for (const index of [0, 1, 2, 3, 4]) expect(new Set(expected.map((row) => row[index])).size).toBe(2);
  });
});
