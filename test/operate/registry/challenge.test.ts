import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { challengesIn } from "../../../lib/operate/registry/challenge";
import { SEED } from "../../support/property";

const plain = (header: string) =>
  challengesIn(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("a challenge", () => {
  it.each<[string, unknown]>([
    ["", []],
    ["Basic", [["basic", {}]]],
    ['Basic realm="x"', [["basic", { realm: "x" }]]],
    [
      'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
      [
        [
          "bearer",
          { realm: "https://auth.example/token", service: "registry.example", scope: "repository:a/b:pull,push" },
        ],
      ],
    ],
    ['bearer Realm = "a" , SERVICE=b', [["bearer", { realm: "a", service: "b" }]]],
    ['Bearer realm="a, Basic realm=b"', [["bearer", { realm: "a, Basic realm=b" }]]],
    ['Bearer realm="say \\"hi\\" \\\\"', [["bearer", { realm: 'say "hi" \\' }]]],
    [
      'Basic realm="x", Bearer realm="y",service="z"',
      [
        ["basic", { realm: "x" }],
        ["bearer", { realm: "y", service: "z" }],
      ],
    ],
    [
      'Negotiate, Basic realm="x"',
      [
        ["negotiate", {}],
        ["basic", { realm: "x" }],
      ],
    ],
    [
      'Bearer realm="never ends',
      [
        ["bearer", {}],
        ["realm", {}],
      ],
    ],
    ['realm="of nobody"', []],
  ])("%s", (header, expected) => expect(plain(header)).toEqual(expected));

  it("is read as it was written", () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const value = fc.string({ unit: "grapheme-ascii" });
    const challenge = fc.tuple(name, fc.uniqueArray(fc.tuple(name, value), { minLength: 1, selector: ([key]) => key }));
    fc.assert(
      fc.property(fc.array(challenge), (challenges) => {
        const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`;
        const header = challenges
          .map(([scheme, some]) => `${scheme} ${some.map(([key, text]) => `${key}=${quoted(text)}`).join(",")}`)
          .join(", ");
        expect(plain(header)).toEqual(challenges.map(([scheme, some]) => [scheme, Object.fromEntries(some)]));
      }),
      SEED,
    );
  });

  it("takes time that grows with its length, whatever it holds", () => {
    for (const part of ['"', "a=", 'a="', "a ", ",", "\\", " "]) {
      const start = performance.now();
      challengesIn(`Bearer ${part.repeat(50_000)}`);
      expect(performance.now() - start, part).toBeLessThan(1000);
    }
  });
});
