import { comesBack } from "../restart";
import { eachService, type Rule } from "../rule";

export const restartSet: Rule = {
  id: "restart-set",
  what: "does not come back after a crash or a reboot",
  why: "after the next power cut somebody has to start it by hand",
  fix: "set restart: unless-stopped",
  severity: "warning",
  check: eachService((service) => {
    const { spec, isJob, at, text } = service;
    const restart = text(spec.restart);
    const runsOnce = isJob || (restart === "no" && spec.profiles !== undefined) || spec.provider !== undefined;
    return runsOnce || comesBack(service) ? undefined : { path: at("restart") };
  }),
};
