import { mapOf } from "../../spec/value";
import { eachService, type Rule } from "../rule";

export const processLimit: Rule = {
  id: "process-limit",
  what: "may start processes without a limit",
  why: "one service out of control makes the whole host unusable",
  fix: "set pids_limit",
  severity: "warning",
  check: eachService(({ spec, at, text }) => {
    const { pids } = mapOf(mapOf(mapOf(spec.deploy).resources).limits);
    return Number(text(spec.pids_limit)) > 0 || Number(text(pids)) > 0 ? undefined : { path: at("pids_limit") };
  }),
};
