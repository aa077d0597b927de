import { listOf } from "../../spec/value";
import { capabilityOf } from "../image-capabilities";
import { eachService, type Rule } from "../rule";

/** Added back, these undo that the others were dropped. */
const TOO_MANY = new Set(["ALL", "SYS_ADMIN"]);

export const droppedCapabilities: Rule = {
  id: "dropped-capabilities",
  what: "keeps the engine's default capabilities",
  why: "they allow what most services never do: changing owners, raw sockets, device files",
  fix: "set cap_drop: [ALL], and cap_add for the few that are needed, in a program for all services with `stack.with(new Hardening())`",
  severity: "warning",
  check: eachService(({ spec, at, text }) => {
    if (!listOf(spec.cap_drop).some((entry) => capabilityOf(text(entry)) === "ALL")) return { path: at("cap_drop") };
    return listOf(spec.cap_add).flatMap((entry, index) =>
      TOO_MANY.has(capabilityOf(text(entry)))
        ? [{ path: at("cap_add", index), value: text(entry), reason: "takes back the rights that it drops" }]
        : [],
    );
  }),
};
