/** Codes of one kind of work, and what each of them means. */
export interface CodeGroup {
  readonly title: string;
  readonly codes: Readonly<Record<string, string>>;
}
