/** The kinds of what differs between an older deployment and the next one, with what each is, as a heading. */
export const CHANGE_KINDS = {
  "data-in-container": "Data in containers' own layers",
  "data-nowhere": "Data without a place",
  "data-moved": "Data moved",
  "data-left": "Data left behind",
  "service-gone": "Services gone",
  "service-renamed": "Services renamed",
  "service-new": "Services new",
  "port-closed": "Ports closed",
  "port-narrowed": "Ports for this host alone",
  "port-opened": "Ports opened",
  "variable-lost": "Variables lost",
  "variable-unset": "Variables without a value",
  "variable-changed": "Variables with another value",
  "variable-renamed": "Variables renamed",
  "variable-fixed": "Variables that the files have fixed",
  "image-changed": "Images changed",
  "name-shared": "Names shared",
} as const;

/** Name of a kind of difference. */
export type ChangeKind = keyof typeof CHANGE_KINDS;

/**
 * What a difference means for the decision.
 *
 * - `blocks`: with it something is lost, or does not work
 * - `decide`: somebody must know it, and take it as it is
 * - `fine`: it is meant so
 */
export type Weight = "blocks" | "decide" | "fine";

/** One thing that is other in the next deployment. */
export interface CutoverChange {
  readonly kind: ChangeKind;
  /** What it is about: a service, a port, a variable, data. No value of a variable is in it. */
  readonly subject: string;
  /** What is other: the end of a sentence that begins with the subject. */
  readonly text: string;
  readonly weight: Weight;
  /** What to do, when there is something. */
  readonly fix?: string | undefined;
}
