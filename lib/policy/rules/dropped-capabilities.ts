import { listOf } from "../../construct/checks/model";
import { eachService, type Rule } from "../rule";

export const droppedCapabilities: Rule = {
  id: "dropped-capabilities",
  what: "keeps the engine's default capabilities",
  why: "they allow what no service of a web stack does: changing owners, raw sockets, device files",
  fix: "set cap_drop: [ALL], and cap_add for the few that are needed",
  severity: "warning",
  check: eachService(({ spec, at }) =>
    listOf(spec.cap_drop).map(String).includes("ALL") ? undefined : { path: at("cap_drop") },
  ),
};
