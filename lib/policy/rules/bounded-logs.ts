import { mapOf } from "../../spec/value";
import { eachService, type Rule } from "../rule";

/** Drivers that keep files on this host without a bound of their own; none means the engine's, which is `json-file`. */
const KEEPS_FILES = new Set(["json-file", ""]);
/** Sizes by which the engine means no bound. */
const NO_BOUND = new Set(["", "0", "-1"]);

export const boundedLogs: Rule = {
  id: "bounded-logs",
  what: "keeps logs without a limit",
  why: "the disk fills up, and every database on it stops",
  fix: "set max-size and max-file in logging.options, in a program for all services with `stack.with(new Logging())`",
  severity: "warning",
  check: eachService(({ spec, at, text }) => {
    const { driver, options } = mapOf(spec.logging);
    const unbounded = KEEPS_FILES.has(text(driver)) && NO_BOUND.has(text(mapOf(options)["max-size"]));
    return unbounded ? { path: at("logging") } : undefined;
  }),
};
