/** An instant, which is in UTC, without its seconds. */
export function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
