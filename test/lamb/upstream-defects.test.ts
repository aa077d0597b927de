import { LambRelease } from "lamb-compose";
import { expect, it } from "vitest";
import { UPSTREAM_DEFECTS } from "../../lib/lamb/facts/upstream-defects";
import { upstreamChapter } from "../../lib/lamb/guides/upstream";

it("what only LAMB can mend is known in releases that there are, and each stands in the guide once", () => {
  for (const { what, releases } of UPSTREAM_DEFECTS) {
    expect(releases.length, what).toBeGreaterThan(0);
    expect(
      releases.filter((release) => !LambRelease.versions.includes(release)),
      what,
    ).toEqual([]);
  }
  expect(new Set(UPSTREAM_DEFECTS.map(({ what }) => what)).size).toBe(UPSTREAM_DEFECTS.length);
  expect(upstreamChapter().blocks.at(-1)).toMatchObject({
    rows: UPSTREAM_DEFECTS.map(({ what, releases }) => expect.arrayContaining([what, releases.join(", ")])),
  });
});
