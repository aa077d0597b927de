import { eachService, type Rule } from "../rule";

export const restartSet: Rule = {
  id: "restart-set",
  what: "does not come back after a crash or a reboot",
  why: "after the next power cut somebody has to start it by hand",
  fix: "set restart: unless-stopped",
  severity: "warning",
  check: eachService(({ spec, at }) => {
    const { restart } = spec;
    return restart === undefined || (restart === "no" && spec.profiles === undefined)
      ? { path: at("restart") }
      : undefined;
  }),
};
