import type { IConstruct } from "constructs";

/**
 * The constructs below one, in the order of the program, parents first. Iterative, so that depth costs no stack.
 *
 * @param enter whether to look below a construct; those that it declines are still in the result
 */
export function descendants(root: IConstruct, enter: (construct: IConstruct) => boolean = () => true): IConstruct[] {
  const found: IConstruct[] = [];
  const open = root.node.children.toReversed();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    if (!enter(next)) continue;
    const { children } = next.node;
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) open.push(child);
    }
  }
  return found;
}
