import type { Progress } from "./journal/operation";

/** Bytes, as people read them. */
export function megabytes(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** Is told how many bytes of how many are done. */
export type Told = (done: number, total: number) => void;

/** Milliseconds between two lines. */
const EVERY_MS = 10_000;

/**
 * Says how far long work is: the bytes, and the time that is left at the speed so far, in a line every ten seconds, so that
 * a log can be read. Work that ends sooner gets no line. When the bytes become fewer, other work has begun.
 */
export function amounts(progress: Pick<Progress, "note">): Told {
  let start = performance.now();
  let said = start;
  let [first, last] = [0, 0];
  return (done, total) => {
    const now = performance.now();
    if (done < last) [start, said, first] = [now, now, done];
    last = done;
    if (now - said < EVERY_MS || done <= first || done >= total) return;
    said = now;
    const left = ((now - start) / 1000) * ((total - done) / (done - first));
    progress.note(`${megabytes(done)} of ${megabytes(total)}, about ${lasting(left)} left`);
  };
}

function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
