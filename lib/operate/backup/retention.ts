import { OperateError } from "../error";

/** The spans of time for which restic keeps a snapshot. */
const SPANS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const;

/** How many snapshots are kept, by the span of time for each of which one is. */
export type Retention = Readonly<Partial<Record<(typeof SPANS)[number], number>>>;

/**
 * Reads how many snapshots are kept, as people write it: `daily=7,weekly=5,monthly=12`.
 *
 * @throws OperateError `bad-retention`
 */
export function retentionIn(text: string): Retention {
  const entries = text.split(",").map((part) => part.trim().split("="));
  const isGood = entries.every(([span = "", count = "", ...rest]) => {
    return rest.length === 0 && SPANS.some((name) => name === span) && /^[1-9]\d{0,5}$/.test(count);
  });
  if (isGood) return Object.fromEntries(entries.map(([span = "", count]) => [span, Number(count)]));
  throw new OperateError({
    code: "bad-retention",
    path: "--keep",
    value: text,
    reason: "does not say how many snapshots are kept",
    fix: `write numbers from 1 on for some of ${SPANS.join(", ")}: daily=7,weekly=5,monthly=12`,
  });
}

/** The same in restic's words. */
export function retentionWords(keep: Retention): readonly string[] {
  return Object.entries(keep).flatMap(([span, count]) => [`--keep-${span}`, `${count}`]);
}
