/** Milliseconds that a function takes, with what it promises. */
async function milliseconds(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** How long a comparison goes on at the least, and how often each side runs at the most and the least. */
const BUDGET = { milliseconds: 3_000, most: 25, least: 3 };

/**
 * Milliseconds of each function: the median of runs that take turns, so that whatever else the machine does falls on all
 * of them.
 */
export async function sideBySide(...functions: readonly (() => unknown)[]): Promise<number[]> {
  const runs = functions.map((): number[] => []);
  const start = performance.now();
  const spent = () => performance.now() - start;
  for (let round = 0; round < BUDGET.least || (round < BUDGET.most && spent() < BUDGET.milliseconds); round++) {
    for (const [index, run] of functions.entries()) runs[index]?.push(await milliseconds(run));
  }
  return runs.map(median);
}

function median(values: readonly number[]): number {
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
