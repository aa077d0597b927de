import { byName } from "../spec/order";
import { type ComposeMap, mapOf } from "../spec/value";
import { ComposeError } from "./error";
import { hashedResource, hashedText } from "./format/hashed-text";
import { type Printable, type PrintableMap, renderJson, toPlain, typed, untyped } from "./format/render-json";
import { renderYaml, yamlEntries, yamlStruct, yamlUntyped } from "./format/render-yaml";
import { type Explanation, explain } from "./inspect/explain";
import type { FileInput, TreeInput } from "./loader/files";
import { profilesOf } from "./loader/select";
import { UNIQUE_RULES } from "./override/unicity";
import { type Resolution, type ResolveOptions, resolveProject } from "./resolve";
import { type Variable, variablesOf } from "./template/variables";
import { EXTENSIONS } from "./transform/extensions";
import { entriesOf, get, itemsOf, mapItems, mapValues, type Node, nothing } from "./tree/node";
import { andJobs, type Rules, rulesOf, step } from "./tree/rules";
import { SECTIONS } from "./types/model";
import { orderedFor } from "./types/service-order";
import type { Behaviour } from "./version";

/** A project as Compose would run it. */
export interface Project {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** What `docker compose config --format json` prints, as data. A `$` is a `$` here, not `$$`. */
  readonly model: ComposeMap;
  /** Compose's warnings, each once. */
  readonly warnings: readonly string[];
  /** What `docker compose config --format json` prints. @throws ComposeError where Compose cannot print JSON */
  toJson(): string;
  /** What `docker compose config` prints. */
  toYaml(): string;
  /** Names of the enabled services, of the used volumes and networks, in order. */
  readonly services: readonly string[];
  readonly volumes: readonly string[];
  readonly networks: readonly string[];
  /**
   * Images in the order of their services, then of the jobs: what is written, else `<project>-<service>`; from Compose 5.6
   * on also those of `pre_start` steps.
   */
  readonly images: readonly string[];
  /** The variables of interpolation, by name. They can hold secrets. */
  readonly environment: ReadonlyMap<string, string>;
  /** All profiles that services mention. */
  readonly profiles: readonly string[];
  /** Whether there is a service of that name, enabled or not. */
  has(service: string): boolean;
  /** Names of the models that services use: what `config --models` prints. */
  readonly models: readonly string[];
  /**
   * The text whose SHA-256 is the `config --hash` of a service, by which `docker compose up` knows whether a container is
   * still the right one. `undefined` for a service that is not enabled.
   */
  hashed(service: string): string | undefined;
  /**
   * The same of a network or volume: the text whose SHA-256 is on it as a label, by which `docker compose up` knows whether
   * it fits its definition. `undefined` for one that no enabled service uses.
   */
  hashedResource(section: "networks" | "volumes", key: string): string | undefined;
  /**
   * Where each value at or below a path comes from: file and line, variables, the rule that made it, what it replaced.
   * A path is written `services.web.ports[0].published`; keys with other characters stand in `["…"]`.
   */
  explain(path: string): readonly Explanation[];
}

/** A resolution as a project. */
export function projectOf(resolution: Resolution): Project {
  const { root, typed: isTyped, name, directory, warnings, behaviour } = resolution;
  const section = (key: string) => byName(entriesOf(root.entries.get(key)));
  const names = (key: string) => section(key).map(([name]) => name);
  let plain: ComposeMap | undefined;
  return {
    name,
    directory,
    get model() {
      plain ??= mapOf(toPlain(printable(resolution)));
      return plain;
    },
    warnings,
    toJson: () => {
      if (!isTyped) return renderJson(printable(resolution));
      refuseSshPaths(root);
      return renderJson(printable(resolution)).replaceAll("$", "$$$$");
    },
    toYaml: () => yamlOf(resolution),
    services: names("services"),
    volumes: names("volumes"),
    networks: names("networks"),
    images: [...section("services"), ...section("jobs")].flatMap(([key, service]) => {
      const image = textOf(get(service, "image")) || `${name}-${key}`;
      const steps = itemsOf(get(service, "pre_start")).map((step) => textOf(get(step, "image")));
      return [
        image,
        ...(behaviour.does("sharesContainerKeys") ? steps.filter((one) => one !== "" && one !== image) : []),
      ];
    }),
    environment: resolution.environment,
    profiles: allProfilesOf(resolution),
    models: [...entriesOf(root.entries.get("models"))].flatMap(([, model]) => textOf(get(model, "model")) || []),
    has: (service) => resolution.services.enabled.has(service) || resolution.services.disabled.has(service),
    hashed: (service) => {
      const declared = resolution.declared.get(service);
      return declared === undefined ? undefined : hashedText(declared, resolution.behaviour);
    },
    hashedResource: (section, key) => {
      const node = get(root, section, key);
      return node?.kind === "map" ? hashedResource(section, node) : undefined;
    },
    explain: (path) => explain(path, resolution),
  };
}

function yamlOf({ root, typed: isTyped, behaviour }: Resolution): string {
  const { does } = behaviour;
  const breaksLines = does("quotesSingly");
  const keepsBlanks = does("quotesDoubly");
  const layout = { breaksLines, quotesSingly: breaksLines && !keepsBlanks, keepsBlanks };
  return isTyped
    ? renderYaml(typedYaml(root, behaviour), layout).replaceAll("$", "$$$$")
    : renderYaml(yamlUntyped(root), layout);
}

/** The project in the terms of JSON. */
function printable({ root, typed: isTyped, behaviour, normalized }: Resolution): Printable {
  if (isTyped) return typedJson(root, behaviour);
  return untyped(
    behaviour.does("keepsEmptyLists")
      ? normalized
        ? nullFilled(root, FILLED)
        : root
      : nullLists(root, UNIQUE_RULES, normalized ? FILLED : undefined),
  );
}

function textOf(node: Node | undefined): string {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : "";
}

function allProfilesOf({ services: { enabled, disabled } }: Resolution): string[] {
  return [...new Set([...enabled.values(), ...disabled.values()].flatMap(profilesOf))].sort();
}

function typedJson(root: Node, behaviour: Behaviour): PrintableMap {
  const out = new Map<string, Printable>();
  for (const [key, node] of entriesOf(root)) {
    const type = Object.entries(SECTIONS).find(([section]) => section === key)?.[1];
    if (key === "models" || key === EXTENSIONS) continue;
    if (type === undefined) out.set(key, untyped(node));
    else if (key === "services" || [...entriesOf(node)].length > 0)
      out.set(key, typed(node, { kind: "map", of: orderedFor(type, behaviour) }));
  }
  for (const [key, node] of entriesOf(get(root, EXTENSIONS))) out.set(key, untyped(node));
  return new Map(byName(out));
}

function typedYaml(root: Node, behaviour: Behaviour): PrintableMap {
  const out = new Map<string, Printable>();
  const name = get(root, "name");
  if (name !== undefined) out.set("name", yamlUntyped(name));
  for (const [section, type] of Object.entries(SECTIONS)) {
    const node = get(root, section);
    const entries = node?.kind === "map" ? yamlEntries(node) : [];
    if (section !== "services" && entries.length === 0) continue;
    const printed = entries.map(([key, value]) => [key, yamlStruct(value, orderedFor(type, behaviour))] as const);
    // Of a job, Compose prints the name inside, too.
    out.set(
      section,
      new Map(section === "jobs" ? printed.map(([key, job]) => [key, new Map([["name", key], ...job])]) : printed),
    );
  }
  const extensions = get(root, EXTENSIONS);
  for (const [key, node] of extensions?.kind === "map" ? yamlEntries(extensions) : []) out.set(key, yamlUntyped(node));
  return out;
}

/** Compose 2.40 prints an empty list of the untyped model as `null` in JSON, but for the lists that it keeps unique. */
function nullLists(node: Node, kept: Rules<unknown> | undefined, filled: Rules<unknown> | undefined): Node {
  if (node.kind === "map") {
    return mapValues(node, (value, key) => nullLists(value, step(kept, key), step(filled, key)));
  }
  if (node.kind === "scalar") return node;
  if (node.items.length > 0) return mapItems(node, (item) => nullLists(item, undefined, undefined));
  return kept?.rule === undefined || filled?.rule !== undefined ? nothing(node.origin) : node;
}

/** Lists that normalization makes anew. */
const FILLED = rulesOf(andJobs({ "services.*.environment": true, "services.*.build.args": true }));

/** Newer versions print an empty list as `null` only where normalization made it anew. */
function nullFilled(node: Node, filled: Rules<unknown> | undefined): Node {
  if (filled === undefined) return node;
  if (node.kind === "map") return mapValues(node, (value, key) => nullFilled(value, step(filled, key)));
  return node.kind === "list" && node.items.length === 0 && filled.rule !== undefined ? nothing(node.origin) : node;
}

/** Compose's JSON writer breaks off at an ssh key with a path. */
function refuseSshPaths(root: Node): void {
  for (const [, service] of entriesOf(get(root, "services"))) {
    for (const key of itemsOf(get(service, "build", "ssh"))) {
      if (key.kind !== "map") continue;
      const message =
        "json: error calling MarshalJSON for type types.SSHKey: invalid character ':' after top-level value";
      throw new ComposeError("render", message, key.origin);
    }
  }
}

/**
 * Resolves a project from its files as `docker compose -f … config` does, without Docker. Files are paths that
 * `options.read` can read, or texts.
 *
 * @throws ComposeError with the message that Compose prints, for everything that Compose refuses.
 */
export function resolve(files: readonly (FileInput | TreeInput)[], options: ResolveOptions = {}): Project {
  return projectOf(resolveProject(files, options));
}

/** The variables of a project, as `docker compose config --variables` lists them, by name. */
export function listVariables(
  files: readonly (FileInput | TreeInput)[],
  options: ResolveOptions = {},
): ReadonlyMap<string, Variable> {
  const { root, behaviour } = resolveProject(files, { ...options, interpolate: false });
  return variablesOf(root, behaviour);
}
