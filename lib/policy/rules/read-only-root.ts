import { eachService, type Rule } from "../rule";

export const readOnlyRoot: Rule = {
  id: "read-only-root",
  what: "can change its own program files",
  why: "a break-in can leave something behind, and data written beside the volumes is lost at the next update without anybody noticing",
  fix: "set read_only: true with tmpfs for scratch files, or suppress the rule with what must stay writable",
  severity: "warning",
  check: eachService(({ spec, at, text }) => (text(spec.read_only) === "true" ? undefined : { path: at("read_only") })),
};
