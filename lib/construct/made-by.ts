import type { IConstruct } from "constructs";

/** Under which key the root of a program keeps what its files say of their origin. */
export const HEADER = "lamb-compose:header";

/** What the top of a generated file says: where it comes from, and what not to do with it. */
export function madeBy(construct: IConstruct): string {
  return headerOf(construct) ?? `${origin(construct.node.path)} Do not edit: change the program and run it again.`;
}

/** What the program says of its files. */
export function headerOf(construct: IConstruct): string | undefined {
  const own: unknown = construct.node.tryGetContext(HEADER);
  return typeof own === "string" ? own : undefined;
}

/** Where a file comes from when its program gives no header: a sentence. */
export function origin(path: string): string {
  return `Made by lamb-compose from the construct ${JSON.stringify(path)}.`;
}

const ORIGIN = /(Made by lamb-compose from the construct "(?:[^"\\\n]|\\.)*")\.(?= )/g;

/** A file that says of which program the construct is that it comes from. */
export function ofProgram(text: string, program: string): string {
  return text.replace(ORIGIN, (_, construct: string) => `${construct} of ${program}.`);
}
