import { mapOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const processLimit: Rule = {
  id: "process-limit",
  what: "may start processes without end",
  why: "one service that runs wild takes the host with it",
  fix: "set pids_limit",
  severity: "warning",
  check: eachService(({ spec, at }) => {
    const { pids } = mapOf(mapOf(mapOf(spec.deploy).resources).limits);
    return spec.pids_limit === undefined && pids === undefined ? { path: at("pids_limit") } : undefined;
  }),
};
