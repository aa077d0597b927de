import type { IConstruct } from "constructs";

/** Under which key the root of a program keeps what its files say of their origin. */
export const HEADER = "lamb-compose:header";

/** What the top of a generated file says: where it comes from, and what not to do with it. */
export function madeBy(construct: IConstruct): string {
  const own: unknown = construct.node.tryGetContext(HEADER);
  if (typeof own === "string") return own;
  return `Made by lamb-compose from the construct ${JSON.stringify(construct.node.path)}. Do not edit: change the program and run it again.`;
}
