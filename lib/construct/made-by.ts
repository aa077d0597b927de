import type { IConstruct } from "constructs";

/** What the top of a generated file says: where it comes from, and what not to do with it. */
export function madeBy(construct: IConstruct): string {
  return `Made by lamb-compose from the construct ${JSON.stringify(construct.node.path)}. Do not edit: change the program and run it again.`;
}
