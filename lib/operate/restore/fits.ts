import type { Manifest } from "../backup/manifest";
import type { ReleaseFacts } from "../engine/facts";
import { OperateError } from "../error";

/**
 * Makes sure that a snapshot is of no release that comes after the one that runs.
 *
 * @param runs what the files say that run
 * @throws OperateError `newer-snapshot`
 */
export function assertNotNewer(runs: ReleaseFacts["releases"], { releases }: Pick<Manifest, "releases">): void {
  for (const [product, { version, earlier }] of Object.entries(releases)) {
    const now = runs[product]?.version;
    if (now === undefined || !earlier.includes(now)) continue;
    throw new OperateError({
      code: "newer-snapshot",
      path: `${product} ${version}`,
      reason: `is newer than ${now}, which is running`,
      fix: `run \`lamb-compose upgrade ${version}\` first; or restore it into a directory of its own with \`restore --new\``,
    });
  }
}

/**
 * What one of two groups of volumes names of the other, when they are of different times. Sentences.
 *
 * @param restored keys of the volumes that come from a snapshot
 * @param others keys of those that stay
 */
export function breaksBetween(
  stores: Readonly<Record<string, Pick<ReleaseFacts["stores"][string], "refersTo">>>,
  restored: readonly string[],
  others: readonly string[],
): readonly string[] {
  const between = (from: readonly string[], to: readonly string[]) =>
    from.flatMap((key) => {
      const refers = Object.entries(stores[key]?.refersTo ?? {}).filter(([other]) => to.includes(other));
      return refers.map(([other, what]) => `${key} names ${what} in ${other}: what is of one time only is not found`);
    });
  return [...between(restored, others), ...between(others, restored)];
}
