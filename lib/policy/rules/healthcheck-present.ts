import { mapOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const healthcheckPresent: Rule = {
  id: "healthcheck-present",
  what: "has no healthcheck",
  why: "nobody can wait for it, and a service that hangs looks like one that works",
  fix: "give it a healthcheck that asks for the work the service does",
  severity: "error",
  check: eachService(({ name, spec, at }, deployment) => {
    const { disable, test } = mapOf(spec.healthcheck);
    const off = disable === true || test === "NONE" || (Array.isArray(test) && test[0] === "NONE");
    const present = test !== undefined || deployment.imageHasHealthcheck(name);
    return present && !off ? undefined : { path: at("healthcheck") };
  }),
};
