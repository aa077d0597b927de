import type { z } from "zod";
import { parsedJson } from "../../spec/json";
import { OperateError } from "../error";

/**
 * What a command of Docker's answered as JSON, in the shape that is expected of it.
 *
 * @param command as people type it
 * @throws OperateError `docker-answer`, without a word of the answer: it may hold secrets
 */
export function parsedAnswer<T extends z.ZodType>(text: string, schema: T, command: string): z.infer<T> {
  const data = parsedJson(text);
  if (data === undefined) throw notUnderstood(command, "is not JSON");
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw notUnderstood(command, `is not as expected at ${issue?.path.join(".") ?? "its top"}`);
}

/** Rows of JSON, one a line, as `docker … --format json` prints lists. */
export function parsedRows<T extends z.ZodType>(text: string, schema: T, command: string): z.infer<T>[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => parsedAnswer(line, schema, command));
}

function notUnderstood(command: string, how: string): OperateError {
  const reason = `its answer ${how}`;
  const fix = "check that Docker and its Compose plugin are not older than this tool asks for: `lamb-compose doctor`";
  return new OperateError({ code: "docker-answer", path: command, reason, fix });
}
