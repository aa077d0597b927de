/** Milliseconds that a function takes. */
export function milliseconds(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function ratio(one: number, other: number): string {
  return `${(one / other).toFixed(2)} x`;
}

/** Prints rows in columns as wide as they need to be. */
export function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]) => line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  ");
  process.stdout.write(`\n${title}\n${lines.map(print).join("\n")}\n`);
}
