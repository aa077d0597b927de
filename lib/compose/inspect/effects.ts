import { groupBy } from "../../spec/group";
import { type ComposeMap, type ComposeValue, isMap, listOf, mapOf } from "../../spec/value";
import { NOT_HASHED } from "../format/hashed-text";
import type { FieldChange } from "./diff";

/** What `docker compose up` does about a change. */
export interface Effect {
  readonly kind: "service" | "job" | "volume" | "network" | "secret" | "config" | "project";
  readonly name: string;
  readonly effect: EffectKind;
  /** The effect in a sentence. */
  readonly text: string;
  /** The changes behind it. */
  readonly paths: readonly string[];
}

/** What `up` does to a container, a network or a volume. */
export type EffectKind =
  | "created"
  | "recreated"
  | "restarted"
  | "scaled"
  | "rebuilt"
  | "orphaned"
  | "new-volume"
  | "data-at-risk"
  | "left-behind"
  | "none";

const TEXTS: Readonly<Record<EffectKind, (name: string) => string>> = {
  created: (name) => `${name} is created`,
  recreated: (name) => `the containers of ${name} are replaced`,
  restarted: (name) => `${name} is restarted, because it depends on a service that is replaced`,
  scaled: (name) => `containers of ${name} are added or removed`,
  rebuilt: (name) => `the image of ${name} changes with the next build, not by itself`,
  orphaned: (name) => `the containers of ${name} stay as orphans until \`up --remove-orphans\``,
  "new-volume": (name) => `volume ${name} is a new, empty one under another name; the data stays in the old one`,
  "data-at-risk": (name) =>
    `volume ${name} no longer fits its configuration: Compose asks to recreate it, and its data would be lost`,
  "left-behind": (name) => `volume ${name} is no longer used and stays on the host`,
  none: (name) => `nothing happens to ${name} at \`up\``,
};

function child(value: ComposeValue | undefined, ...keys: readonly string[]): ComposeValue | undefined {
  let at = value;
  for (const key of keys) at = isMap(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
}

function serviceEffect(
  name: string,
  before: ComposeMap,
  after: ComposeMap,
  changes: readonly FieldChange[],
): EffectKind {
  if (child(before, "services", name) === undefined) return "created";
  if (child(after, "services", name) === undefined) return "orphaned";
  const attributes = changes.map(({ keys }) => keys.slice(2));
  const scales = ([first, second]: readonly string[]) =>
    first === "scale" || (first === "deploy" && second === "replicas");
  const recreates = attributes.some((keys) => !scales(keys) && !NOT_HASHED.has(keys[0] ?? ""));
  if (recreates) return "recreated";
  if (attributes.some(scales)) return "scaled";
  return attributes.some(([first]) => first === "build") ? "rebuilt" : "none";
}

function volumeEffect(name: string, before: ComposeMap, after: ComposeMap): EffectKind {
  const was = child(before, "volumes", name);
  const is = child(after, "volumes", name);
  if (was === undefined) return "created";
  if (is === undefined) return "left-behind";
  return child(was, "name") === child(is, "name") ? "data-at-risk" : "new-volume";
}

const KINDS: Readonly<Record<string, Effect["kind"]>> = {
  services: "service",
  jobs: "job",
  volumes: "volume",
  networks: "network",
  secrets: "secret",
  configs: "config",
};

/** Mounts of the same target that come from another volume: the container no longer sees its data. */
function movedMounts(before: ComposeMap, after: ComposeMap): Effect[] {
  const moved: Effect[] = [];
  for (const [name, service] of Object.entries(mapOf(child(after, "services")))) {
    const old = mounts(child(before, "services", name));
    for (const [target, source] of mounts(service)) {
      const was = old.get(target);
      if (was === undefined || was === source) continue;
      const text = `${name} has another volume at ${target}, ${source} instead of ${was}: it does not see the data there`;
      moved.push({ kind: "volume", name: was, effect: "data-at-risk", text, paths: [`services.${name}.volumes`] });
    }
  }
  return moved;
}

function mounts(service: ComposeValue | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const mount of listOf(child(service, "volumes"))) {
    const { type, source, target } = mapOf(mount);
    if (type === "volume" && typeof source === "string" && typeof target === "string") found.set(target, source);
  }
  return found;
}

/** Services that restart with one that is replaced, because their `depends_on` says so. */
function restarted(after: ComposeMap, replaced: ReadonlySet<string>): Effect[] {
  return Object.entries(mapOf(child(after, "services"))).flatMap(([name, service]) => {
    if (replaced.has(name)) return [];
    const needed = mapOf(child(service, "depends_on"));
    const causes = Object.keys(needed).filter(
      (other) => replaced.has(other) && child(needed, other, "restart") === true,
    );
    if (causes.length === 0) return [];
    const paths = causes.map((other) => `services.${name}.depends_on.${other}`);
    return [{ kind: "service" as const, name, effect: "restarted" as const, text: TEXTS.restarted(name), paths }];
  });
}

export function effectsOf(before: ComposeMap, after: ComposeMap, changes: readonly FieldChange[]): Effect[] {
  const groups = groupBy(changes, ({ keys: [section = "", name = ""] }) => `${section}\0${name}`);
  const effects: Effect[] = [];
  const replaced = new Set<string>();
  for (const [key, group] of groups) {
    const [section = "", name = ""] = key.split("\0");
    const kind = KINDS[section];
    if (kind === undefined && section !== "name") continue;
    const paths = group.map(({ path }) => path);
    if (kind === undefined) {
      const text = "everything is created again under the new project name; what ran under the old one goes on running";
      effects.push({ kind: "project", name: section, effect: "created", text, paths });
      continue;
    }
    if (kind === "job") {
      const text = `\`up\` does nothing about ${name}: its next run is with what the files say then`;
      effects.push({ kind, name, effect: "none", text, paths });
      continue;
    }
    const effect = effectOn(kind, name, before, after, group);
    if (kind === "service" && effect === "recreated") replaced.add(name);
    effects.push({ kind, name, effect, text: TEXTS[effect](name), paths });
  }
  return [...effects, ...movedMounts(before, after), ...restarted(after, replaced)];
}

function effectOn(
  kind: Effect["kind"],
  name: string,
  before: ComposeMap,
  after: ComposeMap,
  changes: readonly FieldChange[],
): EffectKind {
  if (kind === "service") return serviceEffect(name, before, after, changes);
  if (kind === "volume") return volumeEffect(name, before, after);
  const section = `${kind}s`;
  if (child(before, section, name) === undefined) return "created";
  if (child(after, section, name) === undefined) return "none";
  return "recreated";
}
