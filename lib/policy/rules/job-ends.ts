import { comesBack } from "../restart";
import { eachService, type Rule } from "../rule";

export const jobEnds: Rule = {
  id: "job-ends",
  what: "is started again each time it ends, though another service waits for its end",
  why: "`up` waits forever, the service behind it never starts, and the job does its work again and again",
  fix: 'set restart: "no", or "on-failure" to try again after a failure',
  severity: "error",
  check: eachService((service) => {
    if (!service.isAwaited || !comesBack(service)) return undefined;
    const { spec, at, text } = service;
    const said = text(spec.restart) !== "";
    return { path: said ? at("restart") : at("deploy", "restart_policy"), value: text(spec.restart) || "any" };
  }),
};
