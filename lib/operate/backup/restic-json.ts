import { z } from "zod";
import { parsedJson } from "../../spec/json";
import type { Told } from "../amounts";
import { OperateError } from "../error";
import { UNLIKE_RESTIC } from "./restic";

const STATUS = z.looseObject({ message_type: z.literal("status"), bytes_done: z.number(), total_bytes: z.number() });

/** What restic says now and then while it backs up. */
export function farIn(told: Told): (line: string) => void {
  return (line) => {
    const { data } = STATUS.safeParse(parsedJson(line));
    if (data !== undefined) told(data.bytes_done, data.total_bytes);
  };
}

const SUMMARY = z.looseObject({ message_type: z.literal("summary"), snapshot_id: z.string(), data_added: z.number() });

/** What restic says at the end of a backup, after lines about how far it is. */
export function summaryIn(stdout: string): z.infer<typeof SUMMARY> {
  for (const line of stdout.split("\n").reverse()) {
    if (!line.includes('"summary"')) continue;
    const parsed = SUMMARY.safeParse(parsedJson(line));
    if (parsed.success) return parsed.data;
  }
  throw new OperateError({ ...UNLIKE_RESTIC, path: "restic backup", reason: "did not say what it made" });
}
