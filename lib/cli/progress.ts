import type { Progress } from "../operate/journal/operation";
import { warn } from "./report";

/** Shows an operation beside its result: a line a step, with the seconds since it began, so that a log can be read too. */
export function progressInLines(): Progress {
  const start = performance.now();
  const since = () => `${Math.round((performance.now() - start) / 1000)} s`.padStart(6);
  return {
    step: (what, at, of) => warn(`${since()}  [${at}/${of}] ${what}`),
    note: (text) => warn(`${since()}        ${text}`),
  };
}
