import { describe, expect, it } from "vitest";
import { nearest } from "../../lib/spec/nearest";

const KEYS = [
  "cap_add",
  "cap_drop",
  "command",
  "container_name",
  "depends_on",
  "environment",
  "image",
  "init",
  "ports",
];

describe("the nearest word", () => {
  it.each([
    ["imge", "image"],
    ["imaeg", "image"],
    ["images", "image"],
    ["Environment", "environment"],
    ["enviroment", "environment"],
    ["dependsOn", "depends_on"],
    ["depends-on", "depends_on"],
    ["ContainerName", "container_name"],
    ["cmmand", "command"],
    ["port", "ports"],
    ["capadd", "cap_add"],
  ])("to %s is %s", (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });

  it.each(["", "x", "colour", "replicas", "it", "im", "environmental_protection"])("to %j is none", (word) => {
    expect(nearest(word, KEYS)).toBeUndefined();
  });

  it("of several is the one with the fewest changes, then the first", () => {
    expect(nearest("cap_dro", KEYS)).toBe("cap_drop");
    expect(nearest("abcd1", ["abcd2", "abcd3"])).toBe("abcd2");
  });
});
