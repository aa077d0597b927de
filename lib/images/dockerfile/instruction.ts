import type { Stage } from "./stage";

/** An instruction of a stage, as data. */
export interface Instruction {
  readonly keyword: string;
  /** What stands behind the keyword, one item a line. */
  readonly lines: readonly string[];
  readonly comment?: string | undefined;
  /** Texts in which Dockerfile's own variables count. In `RUN` and in JSON lists they are the shell's, or nobody's. */
  readonly expands?: readonly string[] | undefined;
  /** Variables that later instructions can use. */
  readonly defines?: readonly string[] | undefined;
  /** The stage that files come from. */
  readonly from?: Stage | undefined;
}

/** A text as comment lines. None for no text. */
export function commentLines(text: string | undefined): string[] {
  return text === undefined ? [] : text.split("\n").map((line) => `# ${line}`.trimEnd());
}

/** The instruction as its lines in the file. */
export function instructionLines({ keyword, lines, comment }: Instruction): string[] {
  const last = lines.length - 1;
  return [
    ...commentLines(comment),
    ...lines.map((line, index) => `${index === 0 ? `${keyword} ` : "    "}${line}${index === last ? "" : " \\"}`),
  ];
}
