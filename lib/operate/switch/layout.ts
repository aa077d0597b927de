import type { Layout } from "../data/copier";
import { releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import type { Facts } from "../journal/operation";
import { volumesOf } from "./groups";

/** The fact that says which volumes have databases whose tables the new release left as they were: their keys. */
const SAME_LAYOUT = "sameLayout";

/** What the steps after a rehearsal must know of it. */
export function layoutFacts(keys: readonly string[]): Facts {
  return { [SAME_LAYOUT]: keys.join(" ") };
}

/** Whether a volume has databases, and all look as they did. */
export function isSameLayout(before: Layout = {}, after: Layout = {}): boolean {
  const paths = Object.keys({ ...before, ...after });
  return paths.length > 0 && paths.every((path) => typeof before[path] === "string" && before[path] === after[path]);
}

/**
 * Which services one waits for before it starts: those of its `depends_on`, but for one that it waits for because of the
 * layout of their data alone, where a rehearsal saw that it stays.
 *
 * @param facts what is known of the rehearsal. Without one each is waited for
 */
export function waitsFor(model: ProjectModel, service: string, facts: Facts): readonly string[] {
  const same = new Set(facts[SAME_LAYOUT]?.split(" "));
  const reasons = releaseFacts(model).waits[service] ?? {};
  const own = new Set(volumesOf(model, service));
  return Object.keys(model.services[service]?.depends_on ?? {}).filter((other) => {
    if (reasons[other] !== "layout") return true;
    const shared = volumesOf(model, other).filter((key) => own.has(key));
    return shared.length === 0 || shared.some((key) => !same.has(key));
  });
}
