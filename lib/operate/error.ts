import { ConstructError } from "../report/errors";

export { messageOf, systemCode } from "../disk/error";

/** Something on this machine stands in the way of a command. Its text never has a value of an `.env` in it. */
export class OperateError extends ConstructError {
  override readonly name = "OperateError";
}
