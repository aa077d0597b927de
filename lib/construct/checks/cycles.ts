import type { Deployment } from "../deployment";
import type { Finding } from "../finding";
import { inDeployment } from "./check";
import type { DependencyView } from "./model";

interface Step {
  readonly name: string;
  readonly dependencies: readonly DependencyView[];
  /** How many of them have been gone through. */
  passed: number;
}

/**
 * Services that wait for themselves, with the way around. Each service is entered once, so the work is linear in
 * services and dependencies, and the walk keeps its own stack.
 */
export function* cycles(deployment: Deployment): Generator<Finding> {
  const done = new Set<string>();
  const way: Step[] = [];
  const onWay = new Set<string>();
  const enter = (name: string) => {
    way.push({ name, dependencies: deployment.dependenciesOf(name), passed: 0 });
    onWay.add(name);
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
        const names = way.map((passed) => passed.name);
        const around = [...names.slice(names.indexOf(name)), name].join(" -> ");
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
