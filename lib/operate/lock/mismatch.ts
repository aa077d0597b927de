import { visibleLine } from "../../report/visible";

/** What can be wrong between the files of a directory and its lock. */
export type MismatchKind = "no-lock" | "not-locked" | "not-pinned" | "other-digest" | "left-over" | "open";

/** Where files and lock do not say the same. */
export interface Mismatch {
  readonly kind: MismatchKind;
  /** The image, as the lock names it; for `open` as the file does; for `no-lock` the lock itself. */
  readonly image: string;
  /** @default - it is the lock that has too much, or is not there */
  readonly file?: string | undefined;
}

const LOCK = "run `lamb-compose lock`";
const WRITE = "run the program again, or `lamb-compose init`, which writes the files again";

/** What to say of each kind, and what to do. */
const TEXTS: Readonly<Record<MismatchKind, { readonly reason: string; readonly fix: string }>> = {
  "no-lock": { reason: "there is no lock", fix: LOCK },
  "not-locked": { reason: "is not in the lock", fix: LOCK },
  "not-pinned": { reason: "is named without the digest that the lock has of it", fix: WRITE },
  "other-digest": {
    reason: "is named by another digest than the lock has of it",
    fix: `${WRITE}; if it stays so, the program itself gives a digest, and the lock cannot change it`,
  },
  "left-over": { reason: "is in the lock, and no file names it", fix: LOCK },
  open: {
    reason: "is not a fixed name of an image: it depends on a variable without a default",
    fix: "give the variable a default in the program, or name the image itself",
  },
};

/** A mismatch as text: where, what is wrong, and what to do. */
export function formatMismatch({ kind, image, file }: Mismatch, severity: "error" | "warning" = "error"): string {
  const { reason, fix } = TEXTS[kind];
  const where = [file, image].filter((part) => part !== undefined).join(" · ");
  return `${severity} ${kind} at ${visibleLine(where)}\n  ${reason}\n  fix: ${fix}`;
}
