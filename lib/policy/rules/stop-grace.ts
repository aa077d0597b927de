import { eachService, type Rule } from "../rule";

export const stopGrace: Rule = {
  id: "stop-grace",
  what: "has only the engine's 10 seconds to stop",
  why: "open streams and databases that need longer are killed, and a journal that was not written back can be missing from a copy",
  fix: "set stop_grace_period to what the service needs, such as 30s",
  severity: "warning",
  check: eachService(({ spec, isJob, at }) =>
    isJob || (spec.stop_grace_period !== undefined && spec.stop_grace_period !== null)
      ? undefined
      : { path: at("stop_grace_period") },
  ),
};
