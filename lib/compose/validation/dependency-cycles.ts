import { ComposeError } from "../error";
import type { Node } from "../tree/node";
import { sortedKeys } from "../tree/rules";
import type { Services } from "./service-checks";

interface Step {
  readonly name: string;
  readonly children: readonly string[];
  next: number;
}

/** Of a longer way around, so many names from each end are said. */
const SHOWN = 10;

/** Services that wait for themselves, with the way around. Each service is entered once, and the walk keeps its own stack. */
export function* cycles({ enabled }: Services): Generator<ComposeError> {
  const children = (name: string) => {
    const needed = enabled.get(name)?.entries.get("depends_on");
    return needed?.kind === "map" ? sortedKeys(needed).filter((other) => enabled.has(other)) : [];
  };
  const done = new Set<string>();
  for (const start of [...enabled.keys()].sort()) {
    if (done.has(start)) continue;
    const path: Step[] = [{ name: start, children: children(start), next: 0 }];
    const onPath = new Map([[start, 0]]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = top.children[top.next++];
      if (child === undefined) {
        done.add(top.name);
        onPath.delete(top.name);
        path.pop();
        continue;
      }
      const first = onPath.get(child);
      if (first !== undefined) {
        yield cycle([...path.slice(first).map(({ name }) => name), child], top.name, enabled.get(child));
      } else if (!done.has(child)) {
        onPath.set(child, path.length);
        path.push({ name: child, children: children(child), next: 0 });
      }
    }
  }
}

function cycle(names: readonly string[], last: string, service: Node | undefined): ComposeError {
  const more = names.length - 1 - 2 * SHOWN;
  const shown = more <= 0 ? names : [...names.slice(0, SHOWN), `${more} more`, ...names.slice(-SHOWN - 1)];
  return new ComposeError(
    "consistency",
    `dependency cycle detected: ${names.join(" -> ")}`,
    service?.origin,
    {
      code: "dependency-cycle",
      reason: `the services wait for each other: ${shown.join(" -> ")}`,
      fix: "take one of these dependencies out",
    },
    ["services", last, "depends_on"],
  );
}
