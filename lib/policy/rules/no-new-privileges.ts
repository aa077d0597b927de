import { listOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const noNewPrivileges: Rule = {
  id: "no-new-privileges",
  what: "lets a program in the container gain rights, or has all rights",
  why: "a set-user-id program turns a break-in into root",
  fix: "set security_opt: [no-new-privileges:true], and no privileged: true",
  severity: "warning",
  check: eachService(({ spec, at }) => {
    if (spec.privileged === true) return { path: at("privileged") };
    const options = listOf(spec.security_opt).map(String);
    return options.some((option) => /^no-new-privileges([:=]true)?$/.test(option))
      ? undefined
      : { path: at("security_opt") };
  }),
};
