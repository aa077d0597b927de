/** Of four times the input, a linear reader needs four times the time, a quadratic one sixteen times. */
const MOST = 10;
/** Shorter times say nothing: the collector of garbage alone takes as long. In milliseconds. */
const SHORTEST = 60;
/** A busy machine or cold code can spoil a measurement, and never makes a quadratic reader linear. */
const ATTEMPTS = 6;

/** An input of about `size` parts, and who reads it. What it throws is its answer, too. */
export interface Scale {
  readonly name: string;
  readonly input: (size: number) => string;
  readonly read: (input: string) => unknown;
  /** @default 10,000 */
  readonly size?: number;
}

/**
 * How many times longer the reader needs for four times the input. 0 when it is too fast to tell: a quadratic one would
 * not be, at these sizes.
 */
function growth({ input, read, size = 10_000 }: Scale): number {
  const [one, four] = [input(size), input(4 * size)];
  const long = timeOf(() => read(four));
  return long < SHORTEST ? 0 : long / timeOf(() => read(one));
}

/** Whether the times are those of a reader that is linear in its input's length: one measurement that says so does. */
export function isLinear(scale: Scale): boolean {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (growth(scale) < MOST) return true;
  return false;
}

/** Milliseconds of this process: others on the machine do not count. */
function timeOf(run: () => unknown): number {
  const before = process.cpuUsage();
  try {
    run();
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
