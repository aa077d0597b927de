import { ComposeError } from "../error";
import { quote } from "../tree/gotext";
import { asText, entriesOf, get, itemsOf, type MapNode, type Node } from "../tree/node";
import { sortedKeys } from "../tree/rules";

/** A typed project; services whose profile is not active stand apart. */
export interface Services {
  readonly enabled: ReadonlyMap<string, MapNode>;
  readonly disabled: ReadonlyMap<string, MapNode>;
}

interface Checked extends Services {
  readonly jobs: Services;
  /** The sections besides `services`. */
  readonly resources: Readonly<Record<string, MapNode | undefined>>;
}

type Check = (service: MapNode, name: string, project: Checked) => string | undefined;

/** What Compose adds to the message of an inconsistent model. */
const INVALID = ": invalid compose project";

function number(node: Node | undefined): number | undefined {
  return node?.kind === "scalar" && (typeof node.value === "number" || typeof node.value === "bigint")
    ? Number(node.value)
    : undefined;
}

function textAt(node: Node | undefined, ...keys: readonly string[]): string {
  return asText(get(node, ...keys)) ?? "";
}

function isDeclared(project: Checked, section: string, name: string): boolean {
  return project.resources[section]?.entries.has(name) === true;
}

function undefinedReference(section: string, what: string, names: (service: MapNode) => Iterable<string>): Check {
  return (service, name, project) => {
    for (const used of names(service)) {
      if (!isDeclared(project, section, used))
        return `service ${quote(name)} refers to undefined ${what} ${used}${INVALID}`;
    }
    return undefined;
  };
}

const keys = (key: string) => (service: MapNode) => {
  const node = service.entries.get(key);
  return node?.kind === "map" ? sortedKeys(node) : [];
};

const sources =
  (...path: readonly string[]) =>
  (service: MapNode) =>
    itemsOf(get(service, ...path)).map((item) => textAt(item, "source"));

const namedVolumes = (service: MapNode) =>
  itemsOf(service.entries.get("volumes")).flatMap((item) => {
    const source = textAt(item, "source");
    return textAt(item, "type") === "volume" && source !== "" ? [source] : [];
  });

const contexts: Check = (service, name, { enabled }) => {
  for (const [context, node] of entriesOf(get(service, "build", "additional_contexts"))) {
    const from = asText(node) ?? "";
    if (!from.startsWith("service:")) continue;
    const target = from.slice("service:".length);
    const other = enabled.get(target);
    if (other === undefined) {
      return `service ${quote(name)} declares unknown service ${quote(target)} as additional contexts ${context}`;
    }
    if (!other.entries.has("build")) {
      return `service ${quote(name)} declares non-buildable service ${quote(target)} as additional contexts ${context}`;
    }
  }
  return undefined;
};

const platforms: Check = (service) => {
  const platform = textAt(service, "platform");
  const built = itemsOf(get(service, "build", "platforms")).map(asText);
  if (built.length === 0 || platform === "" || built.includes(platform)) return undefined;
  return `service.build.platforms MUST include service.platform ${quote(platform)}${INVALID}`;
};

const dependencies: Check = (service, name, { enabled, disabled, jobs }) => {
  const needed = service.entries.get("depends_on");
  for (const other of needed?.kind === "map" ? sortedKeys(needed) : []) {
    if (enabled.has(other)) continue;
    const required = get(needed, other, "required");
    const optional = !(required?.kind === "scalar" && required.value === true);
    if (disabled.has(other) && optional) continue;
    if (jobs.enabled.has(other)) {
      return `service ${quote(name)} cannot depend on job ${quote(other)}: services can only depend on other services${INVALID}`;
    }
    return `service ${quote(name)} depends on undefined service ${quote(other)}${INVALID}`;
  }
  return undefined;
};

const networkOfService: Check = (service, _name, { enabled }) => {
  const mode = textAt(service, "network_mode");
  const other = mode.startsWith("service:") ? mode.slice("service:".length) : undefined;
  if (other === undefined || enabled.has(other)) return undefined;
  return `service ${quote(other)} not found for network_mode 'service:${other}'`;
};

const scale: Check = (service, name) => {
  const own = number(service.entries.get("scale"));
  const replicas = number(get(service, "deploy", "replicas"));
  if (own !== undefined && replicas !== undefined && own !== replicas) {
    return `services.${name}: can't set distinct values on 'scale' and 'deploy.replicas'${INVALID}`;
  }
  const deployed = own !== undefined && service.entries.has("deploy") ? own : replicas;
  if (own !== undefined && own < 0) return `services.${name}.scale: must be greater than or equal to 0`;
  if (deployed !== undefined && deployed < 0)
    return `services.${name}.deploy.replicas: must be greater than or equal to 0`;
  return undefined;
};

/** Limits that can be set in two ways: the attribute of the service, the section of `deploy`, the attribute there. */
const LIMITS: readonly (readonly [own: string, section: string, attribute: string])[] = [
  ["cpus", "limits", "cpus"],
  ["mem_limit", "limits", "memory"],
  ["mem_reservation", "reservations", "memory"],
  ["pids_limit", "limits", "pids"],
];

const limits: Check = (service, name) => {
  for (const [own, section, attribute] of LIMITS) {
    const value = amount(service.entries.get(own));
    const deployed = get(service, "deploy", "resources", section);
    if (value === "0" || deployed === undefined || amount(get(deployed, attribute)) === value) continue;
    return `services.${name}: can't set distinct values on '${own}' and 'deploy.resources.${section}.${attribute}'${INVALID}`;
  }
  return undefined;
};

function amount(node: Node | undefined): string {
  return node?.kind === "scalar" ? String(node.value) : "0";
}

const containerName: Check = (service, name) => {
  const own = number(service.entries.get("scale"));
  const count = own ?? number(get(service, "deploy", "replicas")) ?? 1;
  if (count <= 1 || textAt(service, "container_name") === "") return undefined;
  const attribute = own === undefined ? "deploy.replicas" : "scale";
  return `services.${attribute}: can't set container_name and ${name} as container name must be unique${INVALID}`;
};

const watchTargets: Check = (service, name) => {
  for (const rule of itemsOf(get(service, "develop", "watch"))) {
    const action = textAt(rule, "action");
    if (textAt(rule, "target") !== "" || action === "rebuild" || action === "restart") continue;
    return `services.${name}.develop.watch: target is required for non-rebuild actions${INVALID}`;
  }
  return undefined;
};

const mountTargets: Check = (service, name) => {
  const mounted = new Map<string, string>();
  const mount = (target: string, place: string) => {
    const other = mounted.get(target);
    mounted.set(target, place);
    return other === undefined ? undefined : `${place}: target ${target} already mounted as ${other}`;
  };
  const places = [
    ...itemsOf(service.entries.get("tmpfs")).map(
      (item, i) => [(asText(item) ?? "").split(":")[0] ?? "", `tmpfs[${i}]`] as const,
    ),
    ...itemsOf(service.entries.get("volumes")).map((item, i) => [textAt(item, "target"), `volumes[${i}]`] as const),
  ];
  for (const [target, place] of places) {
    const problem = mount(target, `services.${name}.${place}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

const test: Check = (service) => {
  const [first] = itemsOf(get(service, "healthcheck", "test"));
  if (first === undefined || ["CMD", "CMD-SHELL", "NONE"].includes(asText(first) ?? "")) return undefined;
  return 'healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"';
};

/** The checks of one service, in the reference's order. */
const CHECKS: readonly Check[] = [
  (service, name) =>
    service.entries.has("build") || textAt(service, "image") !== "" || service.entries.has("provider")
      ? undefined
      : `service ${quote(name)} has neither an image nor a build context specified${INVALID}`,
  (service, name) =>
    textAt(service, "build", "dockerfile_inline") !== "" && textAt(service, "build", "dockerfile") !== ""
      ? `service ${quote(name)} declares mutualy exclusive dockerfile and dockerfile_inline${INVALID}`
      : undefined,
  contexts,
  platforms,
  (service, name) =>
    textAt(service, "network_mode") !== "" && [...entriesOf(service.entries.get("networks"))].length > 0
      ? `service ${name} declares mutually exclusive \`network_mode\` and \`networks\`${INVALID}`
      : undefined,
  undefinedReference("networks", "network", keys("networks")),
  test,
  dependencies,
  networkOfService,
  undefinedReference("volumes", "volume", namedVolumes),
  undefinedReference("secrets", "build secret", sources("build", "secrets")),
  undefinedReference("configs", "config", sources("configs")),
  undefinedReference("models", "model", keys("models")),
  undefinedReference("secrets", "secret", sources("secrets")),
  scale,
  limits,
  containerName,
  watchTargets,
  mountTargets,
];

/** Checks what no single place can say. @throws ComposeError with Compose's message, for services in order of name. */
export function checkConsistency(project: Checked): void {
  for (const [name, service] of [...project.enabled].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const check of CHECKS) {
      const problem = check(service, name, project);
      if (problem !== undefined) throw new ComposeError("consistency", problem, service.origin);
    }
  }
  checkJobs(project);
  for (const [name, secret] of entriesOf(project.resources.secrets)) {
    const external = get(secret, "external");
    if (external?.kind === "scalar" && external.value === true) continue;
    if (textAt(secret, "file") !== "" || textAt(secret, "environment") !== "") continue;
    const message = `secret ${quote(name)} must declare either \`file\` or \`environment\`${INVALID}`;
    throw new ComposeError("consistency", message, secret.origin);
  }
  checkCycles(project);
}

/** A name is a service's or a job's; a job depends on services and on other jobs. */
function checkJobs({ jobs, enabled, disabled }: Checked): void {
  const fail = (message: string, job: MapNode) => new ComposeError("consistency", message + INVALID, job.origin);
  const names = ([a]: readonly [string, MapNode], [b]: readonly [string, MapNode]) => (a < b ? -1 : 1);
  for (const [name, job] of [...jobs.enabled, ...jobs.disabled].sort(names)) {
    if (!enabled.has(name) && !disabled.has(name)) continue;
    throw fail(`${quote(name)} is declared both as a service and a job: service and job names must be unique`, job);
  }
  for (const [name, job] of [...jobs.enabled].sort(names)) {
    const needed = job.entries.get("depends_on");
    for (const other of needed?.kind === "map" ? sortedKeys(needed) : []) {
      if (jobs.enabled.has(other) || enabled.has(other)) continue;
      const required = get(needed, other, "required");
      if (disabled.has(other) && !(required?.kind === "scalar" && required.value === true)) continue;
      throw fail(`job ${quote(name)} depends on undefined service or job ${quote(other)}`, job);
    }
  }
}

interface Step {
  readonly name: string;
  readonly children: readonly string[];
  next: number;
}

function checkCycles({ enabled }: Services): void {
  const children = (name: string) => {
    const needed = enabled.get(name)?.entries.get("depends_on");
    return needed?.kind === "map" ? sortedKeys(needed).filter((other) => enabled.has(other)) : [];
  };
  const done = new Set<string>();
  for (const start of [...enabled.keys()].sort()) {
    const path: Step[] = [{ name: start, children: children(start), next: 0 }];
    const onPath = new Set([start]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = top.children[top.next++];
      if (child === undefined) {
        done.add(top.name);
        onPath.delete(top.name);
        path.pop();
      } else if (onPath.has(child)) {
        const names = path.map(({ name }) => name);
        const cycle = [...names.slice(names.indexOf(child)), child].join(" -> ");
        throw new ComposeError("consistency", `dependency cycle detected: ${cycle}`, enabled.get(child)?.origin);
      } else if (!done.has(child)) {
        path.push({ name: child, children: children(child), next: 0 });
        onPath.add(child);
      }
    }
  }
}

/** @throws ComposeError when two services want the same container name. */
export function checkContainerNames({ enabled }: Services): void {
  const taken = new Set<string>();
  for (const [name, service] of [...enabled].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const container = textAt(service, "container_name");
    if (container === "") continue;
    if (taken.has(container)) {
      const message = `services.${name}: container name ${quote(container)} is already in use by service {}"`;
      throw new ComposeError("consistency", message, service.origin);
    }
    taken.add(container);
  }
}
