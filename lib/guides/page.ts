/** A command of a guide, for the shell of the host. */
export interface GuideCommand {
  /** Different from all others of the page, in every language: tests and translations name the command by it. */
  readonly id: string;
  /** What is typed, a line each. */
  readonly lines: readonly string[];
  /**
   * What the page shows as its answer, a line each. `…` stands for any text.
   * @default - the page shows none
   */
  readonly output?: readonly string[] | undefined;
  /**
   * The exit status with which it ends when all is as the page says.
   * @default 0
   */
  readonly status?: number | undefined;
}

/** A part of a chapter: a paragraph of Markdown, a heading, a list, steps with numbers, a table, a command, or a drawing of Mermaid. */
export type GuideBlock =
  | string
  | { readonly heading: string }
  | { readonly list: readonly string[] }
  | { readonly steps: readonly string[] }
  | { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | GuideCommand
  | { readonly mermaid: string };

/**
 * A chapter of a guide. A link to another chapter is written `[words](page#chapter)` with the ids of both, whatever their
 * titles and files are; in the same page `[words](#chapter)`.
 */
export interface GuideChapter {
  /** Different from all others of the page, in every language. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly GuideBlock[];
}

/** A page for people. */
export interface GuidePage {
  /** Which of the guides it is, in every language. */
  readonly id: string;
  readonly title: string;
  /**
   * For whom it is, and what it is about: Markdown. A sentence with a link to a page that the program does not write is left
   * out.
   */
  readonly intro: string;
  readonly chapters: readonly GuideChapter[];
}

/** The commands of a page, in its order. */
export function commandsOf({ chapters }: GuidePage): readonly GuideCommand[] {
  return chapters.flatMap(({ blocks }) => blocks.filter((block) => isCommand(block)));
}

/** Whether a part of a chapter is a command. */
function isCommand(block: GuideBlock): block is GuideCommand {
  return typeof block === "object" && "lines" in block;
}
