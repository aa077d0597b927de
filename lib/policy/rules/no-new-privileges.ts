import { listOf } from "../../spec/value";
import { eachService, type Rule } from "../rule";

const OPTION = /^no-new-privileges(?:[:=](true|false))?$/;

export const noNewPrivileges: Rule = {
  id: "no-new-privileges",
  what: "lets a program in the container gain rights, or has all rights",
  why: "a set-user-id program turns a break-in into root",
  fix: "set security_opt: [no-new-privileges:true], and no privileged: true",
  severity: "warning",
  check: eachService(({ spec, at, text }) => {
    if (text(spec.privileged) === "true") return { path: at("privileged") };
    const option = listOf(spec.security_opt).findLast((entry) => OPTION.test(text(entry)));
    return option !== undefined && OPTION.exec(text(option))?.[1] !== "false"
      ? undefined
      : { path: at("security_opt") };
  }),
};
