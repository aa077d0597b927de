import type { ReleaseFacts } from "../engine/facts";
import { OperateError } from "../error";

/**
 * Makes sure that a release can be reached from the one that runs: it was not retracted, it is not older, and no release in
 * between is required.
 *
 * @param from what the files say that run
 * @param to what the files say that are to run
 * @throws OperateError `retracted-release`, `older-release`, `required-release`
 */
export function assertReachable(from: ReleaseFacts["releases"], to: ReleaseFacts["releases"]): void {
  for (const [product, { version, earlier, stops, retracted }] of Object.entries(to)) {
    const path = `${product} ${version}`;
    if (retracted !== undefined) {
      const fix = "use another release; `lamb-compose upgrade RELEASE` names it";
      throw new OperateError({ code: "retracted-release", path, reason: retracted, fix });
    }
    const runs = from[product];
    if (runs?.version === version) continue;
    if (runs?.earlier.includes(version) === true) {
      const reason = `is older than ${runs.version}, which runs: it does not know what that one has changed in the data`;
      const fix = "go back with `lamb-compose rollback`, to the data from before";
      throw new OperateError({ code: "older-release", path, reason, fix });
    }
    // Files of old do not say which release they are of: then each stop is one.
    const at = runs === undefined ? -1 : earlier.indexOf(runs.version);
    const required = earlier.filter((one, place) => place > at && stops[one] !== undefined);
    const [next] = required;
    if (next === undefined) continue;
    const way = [runs?.version ?? "what runs", ...required, version].join(", ");
    const reason = `cannot be reached at once: ${required.map((one) => `${one} ${stops[one]}`).join("; ")}`;
    const fix = `run \`lamb-compose upgrade ${next}\` first; the way is ${way}`;
    throw new OperateError({ code: "required-release", path, reason, fix });
  }
}

/**
 * What releases change in the data that what ran before them cannot read any more: of those after one up to another, that
 * one included. Sentences.
 *
 * @param from what the files say of the earlier one
 * @param to what the files say of the later one
 */
export function oneWayBetween(from: ReleaseFacts["releases"], to: ReleaseFacts["releases"]): readonly string[] {
  return Object.entries(to).flatMap(([product, { version, earlier, oneWay }]) => {
    const order = [...earlier, version];
    const runs = from[product]?.version;
    // Files of old do not say which release they are of: then it is before all of them.
    const later = order.slice(runs === undefined ? 0 : order.indexOf(runs) + 1);
    return later.flatMap((one) => oneWay[one] ?? []);
  });
}
