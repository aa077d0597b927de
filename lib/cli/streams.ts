import { exitStatus } from "../report/exit-status";
import { visible } from "../report/visible";

/*
 * The only places of the project that write to the streams of the process. What is written holds the words of others:
 * names of files, values, what registries and Compose say. None of it may steer the terminal of who reads it.
 */

/** Writes to the standard output: the result of a command, as text or as JSON. */
export function print(text: string): void {
  write(process.stdout, visible(text));
}

/** Writes to the standard error: what is to be said beside the result. */
export function printError(text: string): void {
  write(process.stderr, visible(text));
}

/**
 * Writes a result whose bytes count, such as a Compose file for another program: exactly as it is into a file or a
 * pipe, and as {@link print} does for a person at a terminal.
 */
export function printExactly(text: string): void {
  write(process.stdout, process.stdout.isTTY === true ? visible(text) : text);
}

const guarded = new WeakSet<NodeJS.WriteStream>();
/** A pipe that nobody reads any more, and a terminal that is gone. */
const GONE: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO"]);

/**
 * Who reads may stop, as `head` does, a terminal is gone with its connection, or the disk is full. What a command is doing
 * goes on. A result that is not written whole is a failure.
 */
function write(stream: NodeJS.WriteStream, text: string): void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    let isLost = false;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (isLost || stream !== process.stdout || GONE.has(error.code)) return;
      isLost = true;
      printError(`the result could not be written: ${error.message}\n`);
      process.once("exit", () => {
        process.exitCode ||= exitStatus("failed");
      });
    });
  }
  stream.write(text);
}
