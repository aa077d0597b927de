import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isNewer, readReleaseTag } from "../../lib/images/release-tag";
import { SEED } from "../support/property";
import { OTHER_TAGS, stableTag } from "./history";

describe("a release tag", () => {
  it.each([
    ["v0.7.0", "0.7.0", ""],
    ["v0.6", "0.6.0", ""],
    ["v10.20.30", "10.20.30", ""],
    ["v0.7.0-rc.1", "0.7.0-rc.1", "-rc.1"],
    ["v0.7-rc.1", "0.7.0-rc.1", "-rc.1"],
    ["v1.2.3-0", "1.2.3-0", "-0"],
    ["v1.2.3-0a.-.b-", "1.2.3-0a.-.b-", "-0a.-.b-"],
    [`v${"9".repeat(120)}.0.1`, `${"9".repeat(120)}.0.1`, ""],
    [`v1.2-${"x".repeat(122)}`, `1.2.0-${"x".repeat(122)}`, `-${"x".repeat(122)}`],
  ])("%s is %s", (name, version, preRelease) => {
    expect(readReleaseTag(name)).toMatchObject({ name, version, preRelease });
  });

  it.each([...OTHER_TAGS, "", "v0.7.0\n", "v0.7.0 ", " v0.7.0", "v٣.1.2"])("is not %j", (name) => {
    expect(readReleaseTag(name)).toBeUndefined();
  });
});

describe("the order of releases", () => {
  const newer = (one: string, other: string) => {
    const [a, b] = [readReleaseTag(one), readReleaseTag(other)];
    if (a === undefined || b === undefined) throw new Error(`${one}, ${other}`);
    return isNewer(a, b);
  };

  it.each([
    ["v0.7.1", "v0.7.0"],
    ["v0.10.0", "v0.9.9"],
    ["v1.0.0", "v0.99.99"],
    ["v0.7.1", "v0.7"],
    ["v10.0.0", "v9.0.0"],
    ["v0.7.9007199254740993", "v0.7.9007199254740992"],
    ["v0.7.100000000000000000000", "v0.7.99999999999999999999"],
  ])("%s is newer than %s", (one, other) => {
    expect(newer(one, other)).toBe(true);
    expect(newer(other, one)).toBe(false);
  });

  it("is that of numbers, whatever their length", () => {
    const numbers = (tag: string) => [...tag.slice(1).split("."), "0"].slice(0, 3).map(BigInt);
    fc.assert(
      fc.property(stableTag, stableTag, (one, other) => {
        const [a, b] = [numbers(one), numbers(other)];
        const at = a.findIndex((value, index) => value !== b[index]);
        expect(newer(one, other)).toBe(at !== -1 && (a[at] ?? 0n) > (b[at] ?? 0n));
      }),
      { ...SEED, numRuns: 1000 },
    );
  });

  it("knows no newer one among two names of one version", () => {
    expect([newer("v0.6", "v0.6.0"), newer("v0.6.0", "v0.6")]).toEqual([false, false]);
  });
});
