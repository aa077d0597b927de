import { ComposeError } from "../error";
import {
  asText,
  bool,
  formatValue,
  isTrue,
  type MapNode,
  made,
  type Node,
  text,
  typeName,
  withEntries,
} from "../tree/node";
import { andJobs, pathText, type Rewrite, rewriteEntries, rulesOf, sortedKeys, visit } from "../tree/rules";
import { isIpAddress } from "../types/ports";
import type { Behaviour } from "../version";

type Rule = Rewrite<Behaviour>;

/** Adds what a mapping does not have. */
function withDefaults(node: MapNode, defaults: Readonly<Record<string, string>>): MapNode {
  const missing = Object.entries(defaults).filter(([key]) => !node.entries.has(key));
  if (missing.length === 0) return node;
  return withEntries(
    node,
    missing.map(([key, value]) => [key, made(text(value, node.origin), "default")]),
  );
}

const deviceRequest: Rule = (node, path, behaviour) => {
  if (node.kind !== "map") {
    const message = `${pathText(path)}: invalid type ${typeName(node)} for device request`;
    behaviour.refuse(new ComposeError("validation", message, node.origin));
    return node;
  }
  return node.entries.has("count") || node.entries.has("device_ids") ? node : withDefaults(node, { count: "all" });
};

const secret: Rule = (node) => {
  if (node.kind !== "map") return node;
  const source = node.entries.get("source");
  return withDefaults(node, { target: `/run/secrets/${source === undefined ? "%!s(<nil>)" : formatValue(source)}` });
};

/** Defaults: place → what is added. */
const TABLE: Readonly<Record<string, Rule>> = {
  "services.*.build": (node) => (node.kind === "map" ? withDefaults(node, { context: "." }) : node),
  "services.*.secrets.*": secret,
  "services.*.ports.*": (node) =>
    node.kind === "map" ? withDefaults(node, { protocol: "tcp", mode: "ingress" }) : node,
  "services.*.deploy.resources.reservations.devices.*": deviceRequest,
  "services.*.gpus.*": deviceRequest,
};

export const DEFAULTS = rulesOf(TABLE);

/** What a bind mount does with a path that is not there, when its settings do not say. */
function createdPath(answer: boolean): Rule {
  return (node) =>
    node.kind !== "map" || node.entries.has("create_host_path")
      ? node
      : withEntries(node, [["create_host_path", made(bool(answer, node.origin), "default")]]);
}

const BINDS = "services.*.volumes.*.bind";
/** Of the releases that write the answer only when it is no, the first ones take it for no. */
const REFUSED_PATHS = rulesOf({ ...TABLE, [BINDS]: createdPath(false) });
/** Later ones take it for yes, except in steps, which they do not look at. */
const CREATED_PATHS = rulesOf({
  ...andJobs({ ...TABLE, [BINDS]: createdPath(true) }),
  "services.*.pre_start.*.volumes.*.bind": createdPath(false),
});

export function setDefaults(root: MapNode, behaviour: Behaviour): MapNode {
  const { does } = behaviour;
  const rules = does("bindCreatesPath") ? CREATED_PATHS : does("printsRefusedPath") ? REFUSED_PATHS : DEFAULTS;
  return rewriteEntries(root, rules, undefined, behaviour);
}

type Check = (node: Node) => string | undefined;

function sources(...keys: readonly string[]): Check {
  return (node) => {
    if (node.kind !== "map") return undefined;
    const given = keys.filter((key) => node.entries.has(key)).length;
    if (given > 1) return `${keys.join("|")} attributes are mutually exclusive`;
    if (given === 1 || node.entries.has("driver") || node.entries.has("external")) return undefined;
    return `one of ${keys.join("|")} must be set`;
  };
}

const externalVolume: Check = (node) => {
  if (node.kind !== "map" || !isTrue(node.entries.get("external"))) return undefined;
  const other = sortedKeys(node).find((key) => key !== "name" && key !== "external" && !key.startsWith("x-"));
  return other === undefined ? undefined : `conflicting parameters "external" and ${JSON.stringify(other)} specified`;
};

const deviceChoice: Check = (node) =>
  node.kind === "map" && node.entries.has("count") && node.entries.has("device_ids")
    ? '"count" and "device_ids" attributes are exclusive'
    : undefined;

const address: Check = (node) => {
  const ip = node.kind === "map" ? asText(node.entries.get("host_ip")) : undefined;
  return ip === undefined || isIpAddress(ip) ? undefined : `invalid ip address: ${ip}`;
};

/** What the schema cannot say: place → what is wrong there. */
export const CHECKS = rulesOf<Check>({
  "volumes.*": externalVolume,
  "configs.*": sources("file", "environment", "content"),
  "secrets.*": sources("file", "environment"),
  "services.*.ports.*": address,
  "services.*.develop.watch.*.path": (node) => (asText(node) === "" ? "value can't be blank" : undefined),
  "services.*.deploy.resources.reservations.devices.*": deviceChoice,
  "services.*.gpus.*": deviceChoice,
});

/** @throws ComposeError `services.web.ports.[]: invalid ip address: bad`. */
export function checkModel(root: MapNode, behaviour: Behaviour): void {
  visit(root, CHECKS, undefined, (node, path, check) => {
    const problem = check(node);
    if (problem !== undefined)
      behaviour.refuse(new ComposeError("validation", `${pathText(path)}: ${problem}`, node.origin));
  });
}
