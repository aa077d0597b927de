import type { Finding } from "../../report/finding";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import type { DependencyView } from "./model";

interface Step {
  readonly name: string;
  readonly dependencies: readonly DependencyView[];
  /** How many of them have been gone through. */
  passed: number;
}

/** Of a longer way around, so many names from each end are said. */
const SHOWN = 10;

/**
 * Services that wait for themselves, with the way around. Each service is entered once, so the work is linear in
 * services and dependencies, and the walk keeps its own stack.
 */
export function* cycles(deployment: Deployment): Generator<Finding> {
  const done = new Set<string>();
  const way: Step[] = [];
  const onWay = new Map<string, number>();
  const enter = (name: string) => {
    onWay.set(name, way.length);
    way.push({ name, dependencies: deployment.dependenciesOf(name), passed: 0 });
  };
  for (const start of Object.keys(deployment.services)) {
    if (!done.has(start)) enter(start);
    for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
      const name = step.dependencies[step.passed++]?.name;
      if (name === undefined) {
        way.pop();
        onWay.delete(step.name);
        done.add(step.name);
      } else if (onWay.has(name)) {
        const around = [...namesFrom(way, onWay.get(name) ?? 0), name].join(" -> ");
        const path = ["services", step.name, "depends_on"];
        const reason = `the services wait for each other: ${around}`;
        yield inDeployment(deployment, {
          code: "dependency-cycle",
          path,
          reason,
          fix: "take one of these dependencies out",
        });
      } else if (!done.has(name)) enter(name);
    }
  }
}

function namesFrom(way: readonly Step[], start: number): readonly string[] {
  const names = (from: number, to: number) => way.slice(from, to).map(({ name }) => name);
  const more = way.length - start - 2 * SHOWN;
  if (more <= 0) return names(start, way.length);
  return [...names(start, start + SHOWN), `${more} more`, ...names(way.length - SHOWN, way.length)];
}
