import { mapOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const restartSet: Rule = {
  id: "restart-set",
  what: "does not come back after a crash or a reboot",
  why: "after the next power cut somebody has to start it by hand",
  fix: "set restart: unless-stopped",
  severity: "warning",
  check: eachService(({ spec, isJob, at, text }) => {
    const restart = text(spec.restart);
    const policy = mapOf(spec.deploy).restart_policy;
    const condition = policy === undefined ? "" : text(mapOf(policy).condition) || "any";
    const comesBack = /^(always|unless-stopped)$/.test(restart) || (restart === "" && /^(any|always)$/.test(condition));
    const runsOnce = isJob || (restart === "no" && spec.profiles !== undefined) || spec.provider !== undefined;
    return comesBack || runsOnce ? undefined : { path: at("restart") };
  }),
};
