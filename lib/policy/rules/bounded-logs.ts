import { mapOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

/** Drivers that keep files on this host without a bound of their own. */
const KEEPS_FILES = new Set(["json-file", undefined]);

export const boundedLogs: Rule = {
  id: "bounded-logs",
  what: "keeps logs without a bound",
  why: "the disk fills up, and every database on it stops",
  fix: "add the mixin: stack.with(new Logging())",
  severity: "warning",
  check: eachService(({ spec, at }) => {
    const { driver, options } = mapOf(spec.logging);
    const name = typeof driver === "string" ? driver : undefined;
    return KEEPS_FILES.has(name) && mapOf(options)["max-size"] === undefined ? { path: at("logging") } : undefined;
  }),
};
