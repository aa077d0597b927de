import type { ProjectModel } from "./model";

/**
 * The services, each after those that it waits for; otherwise in the order of the files. A service that others wait for
 * in a circle, which Compose refuses, comes where the circle is entered.
 */
export function startOrder({ services }: Pick<ProjectModel, "services">): readonly string[] {
  const order = new Set<string>();
  for (const name of Object.keys(services)) {
    const path = [{ name, left: dependenciesOf(name) }];
    const onPath = new Set([name]);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.left.pop();
      if (next === undefined) {
        order.add(at.name);
        onPath.delete(at.name);
        path.pop();
      } else if (!order.has(next) && !onPath.has(next)) {
        onPath.add(next);
        path.push({ name: next, left: dependenciesOf(next) });
      }
    }
  }
  return [...order];

  function dependenciesOf(name: string): string[] {
    const wanted = Object.keys(services[name]?.depends_on ?? {});
    return wanted.filter((other) => services[other] !== undefined).reverse();
  }
}
