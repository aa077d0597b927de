import type { z } from "zod";
import { parsedJson } from "../../spec/json";
import { OperateError } from "../error";

const OF_DOCKER = {
  code: "docker-answer",
  fix: "run `lamb-compose doctor`, which says whether Docker or its Compose plugin is too old",
};

/**
 * What a command answered as JSON, in the shape that is expected of it.
 *
 * @param command as people type it
 * @param unlike what it is when it answers otherwise. @default - `docker-answer`
 * @throws OperateError without a word of the answer: it may hold secrets
 */
export function parsedAnswer<T extends z.ZodType>(
  text: string,
  schema: T,
  command: string,
  unlike: { readonly code: string; readonly fix: string } = OF_DOCKER,
): z.infer<T> {
  const wrong = (how: string) => new OperateError({ ...unlike, path: command, reason: `its answer ${how}` });
  const data = parsedJson(text);
  if (data === undefined) throw wrong("is not JSON");
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`is not as expected at ${issue?.path.join(".") ?? "its top"}`);
}

/** Rows of JSON, one a line, as `docker … --format json` prints lists. */
export function parsedRows<T extends z.ZodType>(text: string, schema: T, command: string): z.infer<T>[] {
  return linesIn(text).map((line) => parsedAnswer(line, schema, command));
}

/** The lines of an answer that have something in them: names or ids, one a line. */
export function linesIn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
