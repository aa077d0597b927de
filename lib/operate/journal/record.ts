import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readText } from "../../disk/read-file";
import { replaceFile, syncPath } from "../../disk/replace-file";
import { parsedJson } from "../../spec/json";
import { OperateError } from "../error";
import { OPERATION_FILE, STATE_FOLDER } from "./folder";

const VERSION = 1;

const RECORD = z.object({
  version: z.literal(VERSION),
  /** Name of the command, such as `upgrade`. */
  operation: z.string(),
  /** ISO time at which it began. */
  began: z.string(),
  /** Whether it goes on, or what it did is taken back. */
  direction: z.enum(["forward", "back"]),
  /** The step that was begun last. It may be done, half done or not done. */
  step: z.string(),
  /** Why it is taken back. */
  reason: z.string().optional(),
  /** What later steps, and taking back, must know. No value of the `.env`. */
  facts: z.record(z.string(), z.string()),
});

/** An operation that is at work, or was cut off. */
export type OperationRecord = z.infer<typeof RECORD>;

/** The record of an operation: on the disk before each of its steps begins. */
export const operationRecord = {
  /** @throws OperateError `bad-journal`; FileError */
  async read(dir: string): Promise<OperationRecord | undefined> {
    const path = pathIn(dir);
    const text = await readText(path);
    if (text === undefined) return undefined;
    const parsed = RECORD.safeParse(parsedJson(text));
    if (parsed.success) return parsed.data;
    throw badJournal(path);
  },

  /** @throws FileError */
  async write(dir: string, record: Omit<OperationRecord, "version">): Promise<void> {
    await replaceFile(pathIn(dir), `${JSON.stringify({ version: VERSION, ...record }, undefined, 2)}\n`);
  },

  /** The operation has ended. @throws FileError */
  async remove(dir: string): Promise<void> {
    await rm(pathIn(dir), { force: true });
    await syncPath(join(dir, STATE_FOLDER));
  },
};

/** A journal that says something else than this version writes. */
export function badJournal(path = OPERATION_FILE): OperateError {
  return new OperateError({
    code: "bad-journal",
    path,
    reason: "is not a record of an operation that this version understands",
    fix: "use the version that wrote it; what runs can be looked at with `docker compose ps`",
  });
}

function pathIn(dir: string): string {
  return join(dir, OPERATION_FILE);
}
