/** Whether a version such as `28.5.2+dfsg4` is not older than another. What is no version is taken for a new one. */
export function isAtLeast(version: string, oldest: string): boolean {
  const own = numbersOf(version);
  if (own.length === 0) return true;
  for (const [at, wanted] of numbersOf(oldest).entries()) {
    const found = own[at] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

function numbersOf(version: string): readonly number[] {
  return (/^v?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? "").split(".").filter(Boolean).map(Number);
}
