import type { Progress } from "../operate/journal/operation";
import { warn } from "./report";

/** Shows the progress of an operation on the standard error: one line for each step, with the seconds since the start. */
export function progressInLines(): Progress {
  const start = performance.now();
  const since = () => `${Math.round((performance.now() - start) / 1000)} s`.padStart(6);
  return {
    step: (what, at, of) => warn(`${since()}  [${at}/${of}] ${what}`),
    note: (text) => warn(`${since()}        ${text}`),
  };
}
