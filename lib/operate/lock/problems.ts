import { groupBy } from "../../spec/group";
import { OperateError } from "../error";

/** A question about one image that got no answer. */
export interface Unanswered {
  /** The image, as the lock names it. */
  readonly image: string;
  readonly error: OperateError;
}

/** Either a result, or why there is none. */
export type Outcome<Result> =
  | { readonly result: Result; readonly error?: undefined }
  | { readonly error: OperateError; readonly result?: undefined };

/** Waits for a result. What stands in the way of it is an outcome, too; mistakes of this program are not. */
export async function outcomeOf<Result>(work: Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await work };
  } catch (error) {
    if (error instanceof OperateError) return { error };
    throw error;
  }
}

/** The problems, each said once with all the images that have it. */
export function grouped(unanswered: readonly Unanswered[]): readonly OperateError[] {
  const groups = groupBy(unanswered, ({ error }) => JSON.stringify([error.code, error.reason, error.fix]));
  return [...groups.values()].map((group) => {
    const { code, reason, fix } = group[0].error;
    return new OperateError({ code, path: group.map(({ image }) => image).join(", "), reason, fix });
  });
}

/** All problems as one error; a single one is itself. */
export function together(unanswered: readonly Unanswered[]): OperateError {
  const problems = grouped(unanswered);
  const [first, ...others] = problems;
  if (first !== undefined && others.length === 0) return first;
  const lines = problems.map(({ message }) => `\n  - ${message.replaceAll("\n", "\n  ")}`);
  return new OperateError({
    code: "not-locked",
    reason: `${problems.length} problems; nothing was written${lines.join("")}`,
    fix: "correct them, and run this again",
  });
}
