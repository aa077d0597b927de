import { FILE_CODES } from "./codes/files";
import { OPERATION_CODES } from "./codes/operations";
import { PROGRAM_CODES } from "./codes/programs";

/** Codes of one kind of work, and what each of them means. */
export interface CodeGroup {
  readonly title: string;
  readonly codes: Readonly<Record<string, string>>;
}

/**
 * Every code of an error or a finding, with one sentence that says what it means. Rules of a policy and checks of
 * `doctor` say it themselves. The page `codes.md` beside this file is made from it.
 */
export const CODES: readonly CodeGroup[] = [...PROGRAM_CODES, ...FILE_CODES, ...OPERATION_CODES];

const MEANINGS: ReadonlyMap<string, string> = new Map(CODES.flatMap(({ codes }) => Object.entries(codes)));

/** What a code means, one sentence. `undefined` for rules, which say it themselves, and for codes of other programs. */
export function meaningOf(code: string): string | undefined {
  return MEANINGS.get(code) ?? MEANINGS.get(code.replace(/^env-/, ""));
}
