import fc from "fast-check";

/** A number of a version: small ones, ones that text would sort wrongly, and ones that no number type holds. */
const number = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("0", "1", "2", "9", "10", "11") },
  { weight: 1, arbitrary: fc.constantFrom("9007199254740992", "9007199254740993", "18446744073709551616") },
  { weight: 1, arbitrary: fc.integer({ min: 20, max: 40 }).map((length) => "9".repeat(length)) },
);

const preRelease = fc.constantFrom("-rc.1", "-rc.2", "-alpha", "-0", "-x-y.7.z", "-rc1", "-1a");

/** Stable releases: of three parts, and of two, which mean X.Y.0. */
export const stableTag = fc
  .tuple(number, number, fc.option(number, { nil: undefined, freq: 4 }))
  .map(([major, minor, patch]) => `v${major}.${minor}${patch === undefined ? "" : `.${patch}`}`);

export const preReleaseTag = fc.tuple(stableTag, preRelease).map(([tag, suffix]) => tag + suffix);

/** Git tags that make no release, each in another way. */
export const OTHER_TAGS = [
  "nightly",
  "latest",
  "v",
  "v1",
  "vfoo",
  "v1.2.3.4",
  "v1.2.3+x",
  "v1.2.3-rc.1+build.5",
  "v1.2.3-",
  "v1.2.3-a..b",
  "v1.2.3-rc.01",
  "v01.2.3",
  "v1.02",
  "v1.2.03",
  "V1.2.3",
  "1.2.3",
  "vv1.2.3",
  "v1.2.x",
  "v-1.2.3",
  "v1.2.3-é",
  "v1.2.3/x",
  "release/v1.2.3",
  `v1.2.${"3".repeat(124)}`,
  `v1.2-${"x".repeat(123)}`,
] as const;

export const otherTag = fc.constantFrom(...OTHER_TAGS);

/** Any git tag. */
export const gitTag = fc.oneof(
  { weight: 5, arbitrary: stableTag },
  { weight: 2, arbitrary: preReleaseTag },
  { weight: 1, arbitrary: otherTag },
);

export const COMMIT = "1234567890abcdef1234567890abcdef12345678";
export const LATER_COMMIT = "fedcba0987654321fedcba0987654321fedcba09";

/** The tags in an order that the test does not know. */
export const gitTags = fc.uniqueArray(gitTag, { maxLength: 8 });
