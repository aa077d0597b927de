/** Of four times the input, a linear reader needs four times the time, a quadratic one sixteen times. */
const MOST = 10;
/** Shorter times say nothing: the collector of garbage alone takes as long. In milliseconds. */
const SHORTEST = 60;
const RUNS = 3;
/** A busy machine can spoil a measurement, and never makes a quadratic reader linear. */
const ATTEMPTS = 3;

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
  const long = bestTime(() => read(four), SHORTEST);
  return long < SHORTEST ? 0 : long / bestTime(() => read(one), 0);
}

/** Whether the times are those of a reader that is linear in its input's length: one measurement that says so does. */
export function isLinear(scale: Scale): boolean {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (growth(scale) < MOST) return true;
  return false;
}

/** The shortest of some runs, in milliseconds of this process: others on the machine do not count. */
function bestTime(run: () => unknown, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < RUNS && best >= enough; count++) {
    const before = process.cpuUsage();
    try {
      run();
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) throw error;
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}
