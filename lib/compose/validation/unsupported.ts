import { keyOrder } from "../../spec/place";
import { quote } from "../tree/gotext";
import { formatValue, get, isNull, type MapNode, type Node, textAt } from "../tree/node";
import { keysOf, pathText, rulesOf, visit } from "../tree/rules";

/** What Docker Compose says of a place that only Swarm heeds: the rest of the path, and the reason. */
type Told = readonly [path: string, reason: string];

type Rule = (node: Node, path: string) => readonly Told[];

const always =
  (reason: string): Rule =>
  (_, path) => [[path, reason]];

const said = (node: Node | undefined) => (node === undefined ? "<nil>" : formatValue(node));

const grant =
  (section: string): Rule =>
  (node) => {
    const source = textAt(node, "source") || "(anonymous)";
    return ["uid", "gid", "mode"].flatMap((field): Told[] => {
      const value = get(node, field);
      if (value === undefined || isNull(value)) return [];
      return [[`${section}.${source}.${field}`, `${field} is not supported outside Swarm mode and will be ignored`]];
    });
  };

/** Keys that the specification does not declare there. */
const beside =
  (known: readonly string[]): Rule =>
  (node, path) =>
    [...(node.kind === "map" ? node.entries.keys() : [])]
      .filter((key) => !known.includes(key) && !key.startsWith("x-"))
      .map((key) => [`${path}.${key}`, "not honored by this runtime outside Swarm mode"]);

const RULES = rulesOf<Rule>({
  "services.*.deploy.mode": always("deploy.mode is only honored in Swarm mode"),
  "services.*.deploy.labels": always("deploy.labels are only applied to Swarm services"),
  "services.*.deploy.update_config": always("deploy.update_config only applies to rolling updates in Swarm mode"),
  "services.*.deploy.rollback_config": always("deploy.rollback_config only applies to rolling updates in Swarm mode"),
  "services.*.deploy.endpoint_mode": always("deploy.endpoint_mode only applies to Swarm's routing mesh"),
  "services.*.deploy.placement": always("deploy.placement is only honored by the Swarm scheduler"),
  "services.*.credential_spec": always("credential_spec is only supported when running Windows containers under Swarm"),
  "configs.*.labels": always("configs[].labels are only applied to Swarm config objects"),
  "secrets.*.driver_opts": always("secrets[].driver_opts is only honored by Swarm secret drivers"),
  "secrets.*.labels": always("secrets[].labels are only applied to Swarm secret objects"),
  "services.*.ports.[]": (node) =>
    textAt(node, "mode") === "host"
      ? [
          [
            `ports[${said(get(node, "target"))}/${said(get(node, "protocol"))}].mode`,
            "ports[].mode: host is only honored by the Swarm routing mesh",
          ],
        ]
      : [],
  "services.*.volumes.[]": (node) =>
    textAt(node, "type") === "cluster"
      ? [
          [
            `volumes[${said(get(node, "source"))}].type`,
            "volumes[].type: cluster (CSI) volumes are only supported in Swarm mode",
          ],
        ]
      : [],
  "services.*.configs.[]": grant("configs"),
  "services.*.secrets.[]": grant("secrets"),
  "services.*.storage_opt": beside([]),
  "services.*.gpus.[]": beside(keyOrder(["services", "", "gpus", 0]) ?? []),
});

/** The warnings of newer releases about what they do not heed, in their order: services by name, then by place. */
export function unsupported(root: MapNode): readonly string[] {
  const found: { readonly service: string; readonly path: string; readonly reason: string }[] = [];
  visit(root, RULES, undefined, (node, path, rule) => {
    const [section = "", name = "", ...rest] = keysOf(path);
    const isService = section === "services";
    for (const [at, reason] of rule(node, isService ? rest.join(".") : pathText(path))) {
      found.push({ service: isService ? name : "", path: at, reason });
    }
  });
  found.sort((a, b) => order(a.service, b.service) || order(a.path, b.path));
  return found.map(
    ({ service, path, reason }) => `${service === "" ? "" : `service ${quote(service)}: `}${path}: ${reason}`,
  );
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
