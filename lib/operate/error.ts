import { ConstructError } from "../construct/errors";

/** Something on this machine stands in the way of a command. Its text never has a value of an `.env` in it. */
export class OperateError extends ConstructError {
  override readonly name = "OperateError";
}

/** What went wrong, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error of the system, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
