import { type Advice, dangling } from "../error";
import { quote } from "../tree/gotext";
import { asText, entriesOf, get, isTrue, itemsOf, type MapNode, type Node, textAt } from "../tree/node";
import { sortedKeys } from "../tree/rules";
import { keysAt, namedVolumes, sourcesAt, type Uses } from "./uses";

/** A typed project; services whose profile is not active stand apart. */
export interface Services {
  readonly enabled: ReadonlyMap<string, MapNode>;
  readonly disabled: ReadonlyMap<string, MapNode>;
}

export interface Checked extends Services {
  readonly jobs: Services;
  /** The sections besides `services`. */
  readonly resources: Readonly<Record<string, MapNode | undefined>>;
}

/** What is wrong, in Compose's words, and where: keys below the service. */
interface Problem {
  readonly message: string;
  readonly path: readonly string[];
  readonly advice?: Advice;
}

type Check = (service: MapNode, name: string, project: Checked) => Iterable<Problem>;

/** What Compose adds to the message of an inconsistent model. */
export const INVALID = ": invalid compose project";

/** A check that finds one thing at most. */
function once(check: (service: MapNode, name: string) => Problem | undefined): Check {
  return (service, name) => {
    const problem = check(service, name);
    return problem === undefined ? [] : [problem];
  };
}

function number(node: Node | undefined): number | undefined {
  return node?.kind === "scalar" && (typeof node.value === "number" || typeof node.value === "bigint")
    ? Number(node.value)
    : undefined;
}

function isDeclared(project: Checked, section: string, name: string): boolean {
  return project.resources[section]?.entries.has(name) === true;
}

function undefinedReference(section: string, what: string, path: string, names: Uses): Check {
  return function* (service, name, project) {
    for (const used of names(service)) {
      if (isDeclared(project, section, used)) continue;
      const message = `service ${quote(name)} refers to undefined ${what} ${used}${INVALID}`;
      yield { message, path: [path], advice: dangling(section.slice(0, -1), used) };
    }
  };
}

const contexts: Check = function* (service, name, { enabled }) {
  for (const [context, node] of entriesOf(get(service, "build", "additional_contexts"))) {
    const from = asText(node) ?? "";
    if (!from.startsWith("service:")) continue;
    const target = from.slice("service:".length);
    const other = enabled.get(target);
    const declares = (what: string) =>
      `service ${quote(name)} declares ${what} service ${quote(target)} as additional contexts ${context}`;
    if (other === undefined) {
      yield { message: declares("unknown"), path: ["build"], advice: dangling("service", target) };
    } else if (!other.entries.has("build")) {
      yield { message: declares("non-buildable"), path: ["build", "additional_contexts", context] };
    }
  }
};

const platforms = once((service) => {
  const platform = textAt(service, "platform");
  const built = itemsOf(get(service, "build", "platforms")).map(asText);
  if (built.length === 0 || platform === "" || built.includes(platform)) return undefined;
  const message = `service.build.platforms MUST include service.platform ${quote(platform)}${INVALID}`;
  return { message, path: ["build", "platforms"] };
});

/** The key that says that a service needs another one: of an implicit dependency, the one that it follows from. */
function dependencyKey(dependency: Node | undefined): string {
  let at = dependency?.origin.rule === "implicit dependency" ? dependency.origin.at : undefined;
  while (at?.parent?.parent?.parent !== undefined) at = at.parent;
  return at?.key ?? "depends_on";
}

const dependencies: Check = function* (service, name, { enabled, disabled, jobs }) {
  const needed = service.entries.get("depends_on");
  for (const other of needed?.kind === "map" ? sortedKeys(needed) : []) {
    if (enabled.has(other)) continue;
    if (disabled.has(other) && !isTrue(get(needed, other, "required"))) continue;
    if (jobs.enabled.has(other)) {
      const message = `service ${quote(name)} cannot depend on job ${quote(other)}: services can only depend on other services${INVALID}`;
      yield { message, path: ["depends_on", other] };
      continue;
    }
    const message = `service ${quote(name)} depends on undefined service ${quote(other)}${INVALID}`;
    yield { message, path: [dependencyKey(get(needed, other))], advice: dangling("service", other) };
  }
};

const networkOfService: Check = function* (service, _name, { enabled }) {
  const mode = textAt(service, "network_mode");
  const other = mode.startsWith("service:") ? mode.slice("service:".length) : undefined;
  if (other === undefined || enabled.has(other)) return;
  const message = `service ${quote(other)} not found for network_mode 'service:${other}'`;
  yield { message, path: ["network_mode"], advice: dangling("service", other) };
};

const scale = once((service, name) => {
  const own = number(service.entries.get("scale"));
  const replicas = number(get(service, "deploy", "replicas"));
  if (own !== undefined && replicas !== undefined && own !== replicas) {
    const message = `services.${name}: can't set distinct values on 'scale' and 'deploy.replicas'${INVALID}`;
    return { message, path: ["scale"] };
  }
  const deployed = own !== undefined && service.entries.has("deploy") ? own : replicas;
  const negative = (...path: readonly string[]) => {
    return { message: `services.${name}.${path.join(".")}: must be greater than or equal to 0`, path };
  };
  if (own !== undefined && own < 0) return negative("scale");
  return deployed !== undefined && deployed < 0 ? negative("deploy", "replicas") : undefined;
});

/** Limits that can be set in two ways: the attribute of the service, the section of `deploy`, the attribute there. */
const LIMITS: readonly (readonly [own: string, section: string, attribute: string])[] = [
  ["cpus", "limits", "cpus"],
  ["mem_limit", "limits", "memory"],
  ["mem_reservation", "reservations", "memory"],
  ["pids_limit", "limits", "pids"],
];

const limits: Check = function* (service, name) {
  for (const [own, section, attribute] of LIMITS) {
    const value = amount(service.entries.get(own));
    const deployed = get(service, "deploy", "resources", section);
    if (value === "0" || deployed === undefined || amount(get(deployed, attribute)) === value) continue;
    const twice = `'${own}' and 'deploy.resources.${section}.${attribute}'`;
    yield { message: `services.${name}: can't set distinct values on ${twice}${INVALID}`, path: [own] };
  }
};

function amount(node: Node | undefined): string {
  return node?.kind === "scalar" ? String(node.value) : "0";
}

const containerName = once((service, name) => {
  const own = number(service.entries.get("scale"));
  const count = own ?? number(get(service, "deploy", "replicas")) ?? 1;
  if (count <= 1 || textAt(service, "container_name") === "") return undefined;
  const attribute = own === undefined ? "deploy.replicas" : "scale";
  const message = `services.${attribute}: can't set container_name and ${name} as container name must be unique${INVALID}`;
  return { message, path: ["container_name"] };
});

const watchTargets: Check = function* (service, name) {
  for (const [index, rule] of itemsOf(get(service, "develop", "watch")).entries()) {
    const action = textAt(rule, "action");
    if (textAt(rule, "target") !== "" || action === "rebuild" || action === "restart") continue;
    const message = `services.${name}.develop.watch: target is required for non-rebuild actions${INVALID}`;
    yield { message, path: ["develop", "watch", String(index)] };
  }
};

const mountTargets: Check = function* (service, name) {
  const mounted = new Map<string, string>();
  const places = [
    ...itemsOf(service.entries.get("tmpfs")).map(
      (item, i) => [(asText(item) ?? "").split(":")[0] ?? "", "tmpfs", i] as const,
    ),
    ...itemsOf(service.entries.get("volumes")).map((item, i) => [textAt(item, "target"), "volumes", i] as const),
  ];
  for (const [target, key, index] of places) {
    const place = `services.${name}.${key}[${index}]`;
    const other = mounted.get(target);
    mounted.set(target, place);
    if (other === undefined) continue;
    yield { message: `${place}: target ${target} already mounted as ${other}`, path: [key, String(index)] };
  }
};

const test = once((service) => {
  const [first] = itemsOf(get(service, "healthcheck", "test"));
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(asText(first) ?? "")) return undefined;
  const message = 'healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"';
  return { message, path: ["healthcheck", "test"] };
});

const startable = once((service, name) => {
  if (service.entries.has("build") || textAt(service, "image") !== "" || service.entries.has("provider"))
    return undefined;
  return {
    message: `service ${quote(name)} has neither an image nor a build context specified${INVALID}`,
    path: [],
    advice: {
      code: "no-image",
      reason: "the service has no image, no build and no provider: Compose would refuse the project",
      fix: "give it an image",
    },
  };
});

const oneDockerfile = once((service, name) =>
  textAt(service, "build", "dockerfile_inline") !== "" && textAt(service, "build", "dockerfile") !== ""
    ? {
        message: `service ${quote(name)} declares mutualy exclusive dockerfile and dockerfile_inline${INVALID}`,
        path: ["build", "dockerfile_inline"],
      }
    : undefined,
);

const NETWORK_MODE: Advice = {
  code: "network-mode-and-networks",
  reason: "the service has both `network_mode` and `networks`: Compose would refuse the project",
  fix: "leave one of them out",
};

const networkMode = once((service, name) =>
  textAt(service, "network_mode") !== "" && [...entriesOf(service.entries.get("networks"))].length > 0
    ? {
        message: `service ${name} declares mutually exclusive \`network_mode\` and \`networks\`${INVALID}`,
        path: ["network_mode"],
        advice: NETWORK_MODE,
      }
    : undefined,
);

/** A check, and the keys of which a service must have one for the check to find anything; none: any service can. */
interface CheckOf {
  readonly keys: readonly string[];
  readonly check: Check;
}

/** The checks of one service, in the reference's order. */
export const CHECKS: readonly CheckOf[] = [
  { keys: [], check: startable },
  { keys: ["build"], check: oneDockerfile },
  { keys: ["build"], check: contexts },
  { keys: ["platform"], check: platforms },
  { keys: ["network_mode"], check: networkMode },
  { keys: ["networks"], check: undefinedReference("networks", "network", "networks", keysAt("networks")) },
  { keys: ["healthcheck"], check: test },
  { keys: ["depends_on"], check: dependencies },
  { keys: ["network_mode"], check: networkOfService },
  { keys: ["volumes"], check: undefinedReference("volumes", "volume", "volumes", namedVolumes) },
  { keys: ["build"], check: undefinedReference("secrets", "build secret", "build", sourcesAt("build", "secrets")) },
  { keys: ["configs"], check: undefinedReference("configs", "config", "configs", sourcesAt("configs")) },
  { keys: ["models"], check: undefinedReference("models", "model", "models", keysAt("models")) },
  { keys: ["secrets"], check: undefinedReference("secrets", "secret", "secrets", sourcesAt("secrets")) },
  { keys: ["scale", "deploy"], check: scale },
  { keys: ["deploy"], check: limits },
  { keys: ["container_name"], check: containerName },
  { keys: ["develop"], check: watchTargets },
  { keys: ["tmpfs", "volumes"], check: mountTargets },
];
