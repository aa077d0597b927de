import { describe, expect, it } from "vitest";
import { reservation } from "../../lib/disk/reserved-names";

/** Names under which some file system finds a reserved one: APFS and NTFS fold case, HFS+ passes over invisible signs. */
const FOUND_UNDER = {
  case: ".ENV",
  "another width": "．env",
  "an invisible sign": ".e\u200bnv",
  "a point at its end": ".git./config",
  "a blank at its end": ".git /config",
};

describe("a reserved name", () => {
  it.each(Object.entries(FOUND_UNDER))("is told with %s", (_, path) => {
    expect(reservation(path)).toBeDefined();
  });

  it.each([".env.example", "env", "a.git", "sub/environment", ".github/workflows/images.yaml", ".envrc.template"])(
    "is not %s",
    (path) => {
      expect(reservation(path)).toBeUndefined();
    },
  );
});
