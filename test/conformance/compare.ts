import { isDeepStrictEqual } from "node:util";
import type { Answer, Case } from "./case";

function data(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names, one a line, come in random order from Compose. */
function lines(text: string): string[] {
  return text.split("\n").sort();
}

/** Where the answers of Compose change from run to run, its crashes included. */
const RANDOM = [/^panic:/, /goroutine \d+/, /runtime error/];

/** Of two services that want one container name, Compose names either. */
function settled(error: string): string {
  return error.trim().replace(/^services\.[^:]+(?=: container name )/, "services.*");
}

/** Whether two answers say the same; errors must have the same text. */
export function sameAnswer(question: Case, compose: Answer, ours: Answer): boolean {
  if (compose.error !== undefined) {
    if (ours.error === undefined) return false;
    const { error } = compose;
    return settled(ours.error) === settled(error) || RANDOM.some((pattern) => pattern.test(error));
  }
  if (compose.output === undefined || ours.output === undefined) return false;
  const lists = question.flags?.some((flag) =>
    ["--services", "--volumes", "--networks", "--images", "--profiles"].includes(flag),
  );
  if (lists) return isDeepStrictEqual(lines(compose.output), lines(ours.output));
  if (question.format === "yaml") return compose.output === ours.output;
  return isDeepStrictEqual(data(compose.output), data(ours.output));
}
