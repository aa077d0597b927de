import { spawn } from "node:child_process";
import { OperateError, systemCode } from "../error";

/** Characters of a value: more than any secret has. */
const MOST = 1 << 16;

/**
 * The value that a command of the operator's prints, such as that of a store of secrets: all of its output but the line
 * break at its end. What the command asks and says goes to the terminal.
 *
 * @throws OperateError `command-failed`
 */
export async function valueOfCommand(command: string): Promise<string> {
  const failed = (reason: string) =>
    new OperateError({
      code: "command-failed",
      path: "--from-command",
      reason,
      fix: "run the command by itself: it must print the value, and nothing else, on its standard output",
    });
  const child = spawn(command, { shell: true, stdio: ["inherit", "pipe", "inherit"] });
  let value = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    value += part;
    // One that prints for ever ends when nobody listens.
    if (value.length > MOST) child.stdout.destroy();
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(failed(`cannot be started: ${systemCode(error) ?? error.message}`)));
    child.once("close", resolve);
  });
  if (value.length > MOST) throw failed("printed more than a value can be");
  if (status !== 0) throw failed(`ended with ${status ?? "a signal"}`);
  const text = value.replace(/\r?\n$/, "");
  if (text === "") throw failed("printed nothing");
  return text;
}
