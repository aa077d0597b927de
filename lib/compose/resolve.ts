import { readEnvironment } from "./dotenv/environment";
import { ComposeError } from "./error";
import { type FileAccess, type FileInput, Files, type TreeInput } from "./loader/files";
import { type DocumentWatch, type LoadContext, loadModel } from "./loader/loader";
import { directoryOf, isAbsolute, join } from "./loader/paths";
import { projectName } from "./loader/project-name";
import { localPath } from "./loader/remote";
import { byProfile, enableByName, namedProfiles, profilesOf, select, usedResources } from "./loader/select";
import { resolveEnvironment, resolveLabels } from "./loader/service-files";
import type { Lookup } from "./template/interpolate";
import { EXTENSIONS } from "./transform/extensions";
import { normalize } from "./transform/normalize";
import { asMap, entriesOf, IMPLICIT, type MapNode, map, mapItems, type Node, text, withEntries } from "./tree/node";
import { keysOf } from "./tree/rules";
import { SECTIONS } from "./types/model";
import { typeModel } from "./types/type-model";
import { inconsistencies, sharedContainerNames } from "./validation/consistency";
import type { Services } from "./validation/service-checks";
import { unsupported } from "./validation/unsupported";
import { type Behaviour, behaviourOf, STANDARD, type Version } from "./version";

/** What Compose takes from its command line and its environment. */
export interface ResolveOptions extends FileAccess {
  /** The environment of the command. Its values win over those of env files. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Env files in order, `--env-file`. @default `.env` of the project directory, when there is one */
  readonly envFiles?: readonly FileInput[];
  /** Where relative paths of this call start. @default "/" */
  readonly workingDirectory?: string;
  /** `--project-directory`. @default the directory of the first file */
  readonly projectDirectory?: string;
  /** `-p`. @default `COMPOSE_PROJECT_NAME`, `name:` of the last file that has one, the directory's name */
  readonly projectName?: string;
  /** `--profile`. @default those of `COMPOSE_PROFILES` */
  readonly profiles?: readonly string[];
  /** Only these services, and what they depend on. @default all */
  readonly services?: readonly string[];
  /** `false` is `--no-interpolate`: the model stays untyped. @default true */
  readonly interpolate?: boolean;
  /** `false` is `--no-normalize`. @default true */
  readonly normalize?: boolean;
  /** `false` is `--no-path-resolution`. @default true */
  readonly resolvePaths?: boolean;
  /** `false` is `--no-consistency`. @default true */
  readonly checkConsistency?: boolean;
  /** Keep networks, volumes, secrets and configs that no enabled service uses. @default false */
  readonly allResources?: boolean;
  /** `false` is `--no-env-resolution`, which Compose takes before 5.0 and does not obey. @default true */
  readonly resolveEnvironment?: boolean;
  /**
   * Told each document of a file, before anything is done with it.
   *
   * @internal
   */
  readonly document?: (file: string, root: MapNode) => void;
  /** Told each warning, once, when it comes up: those before an error too. */
  readonly warn?: (message: string) => void;
  /** The version of Compose to be like, where they differ. @default "2.40" */
  readonly compose?: Version;
}

/** A project as values with origins, before it is printed. */
export interface Resolution {
  readonly name: string;
  readonly directory: string;
  /** Sections and top-level `x-…` keys. Typed, unless interpolation was off. */
  readonly root: MapNode;
  readonly typed: boolean;
  readonly normalized: boolean;
  readonly behaviour: Behaviour;
  readonly services: Services;
  /** The enabled services before their `env_file`s were read. */
  readonly declared: ReadonlyMap<string, MapNode>;
  readonly warnings: readonly string[];
  readonly lookup: Lookup;
  readonly environment: ReadonlyMap<string, string>;
  /** Where a variable's value comes from. */
  readonly sourceOf: (name: string) => string | undefined;
}

/** How a project is resolved of which everything shall be known that Compose would refuse. */
export interface CollectingOptions extends ResolveOptions {
  /** Documents that stand for files which may be included or extended from. */
  readonly trees?: readonly TreeInput[];
  /** Gets every refusal; what cannot be read is left out or as it is, and the rest read all the same. */
  readonly refusals?: ComposeError[];
  /**
   * Whether values with variables stay as they are written, for those who look at them: the short form of a port or a
   * volume is not made long, and the schema, which knows no variables, is not asked.
   * @default false
   */
  readonly keepsTemplates?: boolean;
  /** Looks at the documents while they are put together. */
  readonly watch?: DocumentWatch | undefined;
}

/** Does what `docker compose config` does, up to the printing. */
export function resolveProject(inputs: readonly (FileInput | TreeInput)[], options: CollectingOptions): Resolution {
  const start = options.workingDirectory ?? "/";
  const absolute = (path: string) => (isAbsolute(path) ? join(path) : join(start, path));
  const behaviour = behaviourOf(options.compose ?? STANDARD, options.refusals);
  const files = new Files(options, start, behaviour);
  const paths = inputs.map((input) => {
    const path = absolute(typeof input === "string" ? localPath(input) : input.path);
    if (typeof input !== "string") files.provide(path, input);
    return path;
  });
  for (const input of options.trees ?? []) files.provide(absolute(input.path), input);
  const [first] = paths;
  if (first === undefined) throw new ComposeError("file", "no configuration file provided: not found");
  const directory = options.projectDirectory === undefined ? directoryOf(first) : absolute(options.projectDirectory);
  const warnings: string[] = [];
  const seen = new Set<string>();
  const warn = (message: string) => {
    if (seen.has(message)) return;
    seen.add(message);
    warnings.push(message);
    options.warn?.(message);
  };
  const unread = behaviour.does("namesBadFile") ? paths.find((path) => !files.has(path)) : undefined;
  if (unread !== undefined) {
    const reason = `open ${unread}: no such file or directory`;
    throw new ComposeError("file", `compose file ${JSON.stringify(unread)} is invalid: ${reason}`);
  }
  const lazy = behaviour.does("lazyOperands");
  const environment = readEnvironment(options, { files, absolute, directory, lazy, warn });
  const interpolate = options.interpolate ?? true;
  const naming = { files, directory, lookup: environment.lookup, behaviour, interpolate, warn };
  const name = projectName(paths, { ...naming, given: options.projectName, normalized: options.normalize ?? true });
  // Without interpolation, Compose does not let the environment into the model at all.
  const lookup: Lookup = (variable) =>
    variable === "COMPOSE_PROJECT_NAME" ? name : interpolate ? environment.lookup(variable) : undefined;
  const context: LoadContext = {
    files,
    behaviour,
    lookup,
    warn,
    interpolate,
    resolvePaths: options.resolvePaths ?? true,
    keepsTemplates: options.keepsTemplates ?? false,
    home: environment.lookup("HOME"),
    directory,
    base: directory,
    including: [],
    ...(options.document === undefined ? {} : { document: options.document }),
    watch: options.watch,
    depth: 0,
  };
  let model = loadModel(paths, context);
  if (model.entries.size === 0) throw new ComposeError("structure", "empty compose file");
  if (interpolate && behaviour.does("tellsUnheeded")) unsupported(model).forEach(warn);
  if (name === "") throw new ComposeError("name", "project name must not be empty");
  if (options.normalize ?? true) model = normalize(model, name, lookup, behaviour);
  const common = {
    normalized: options.normalize ?? true,
    name,
    directory,
    behaviour,
    warnings,
    lookup,
    environment: new Map([...environment.values, ["COMPOSE_PROJECT_NAME", name]]),
    sourceOf: environment.sourceOf,
  };
  if (!interpolate) {
    return { ...common, root: model, typed: false, services: byProfile([], []), declared: new Map() };
  }
  const typed = typeModel(model, { warn, behaviour }, options.refusals);
  const profiles = options.profiles ?? namedProfiles(lookup("COMPOSE_PROFILES"));
  const jobs = jobsOf(typed, profiles);
  const { services, declared } = chooseServices(typed, jobs, profiles, options, context);
  return { ...common, root: assemble(typed, services, jobs.enabled, name, options), typed: true, services, declared };
}

function containersIn(section: Node | undefined): [string, MapNode][] {
  return [...entriesOf(section)].flatMap(([key, node]) => (node.kind === "map" ? [[key, node]] : []));
}

const jobsOf = (typed: MapNode, profiles: Iterable<string>): Services =>
  byProfile(containersIn(typed.entries.get("jobs")), profiles);

function chooseServices(
  typed: MapNode,
  jobs: Services,
  profiles: Iterable<string>,
  options: CollectingOptions,
  context: LoadContext,
): Pick<Resolution, "services" | "declared"> {
  let services = byProfile(containersIn(typed.entries.get("services")), profiles);
  if (options.checkConsistency ?? true) {
    const section = (key: string) => asMap(typed.entries.get(key));
    const resources = {
      networks: section("networks"),
      volumes: section("volumes"),
      secrets: section("secrets"),
      configs: section("configs"),
      models: section("models"),
    };
    refuseAll(inconsistencies({ ...services, jobs, resources }), options.refusals);
  }
  const { files, lookup, behaviour, warn } = context;
  const filled = { files, lookup, lazy: behaviour.does("lazyOperands"), warn };
  const each = (change: (service: MapNode) => MapNode) => {
    const changed = (service: MapNode) => behaviour.attempt(() => change(service), service);
    services = {
      ...services,
      enabled: new Map([...services.enabled].map(([key, service]) => [key, changed(service)])),
    };
  };
  const labelled = (container: MapNode) => resolveLabels(container, filled, behaviour.does("keepsLabelFiles"));
  const withSteps = (change: (container: MapNode) => MapNode) =>
    behaviour.does("fillsSteps") ? (service: MapNode) => changeSteps(change(service), change) : change;
  each(withSteps(labelled));
  const declared = services.enabled;
  const leavesFiles = options.resolveEnvironment === false && behaviour.does("leavesEnvFiles");
  const environment = leavesFiles
    ? (service: MapNode) => service
    : withSteps((container) => resolveEnvironment(container, filled));
  each((service) => scaled(environment(service)));
  const names = options.services ?? [];
  if (names.length > 0) {
    services = select(names, enableByName(names, services, profiles));
    each(environment);
  }
  if (options.checkConsistency ?? true)
    refuseAll(
      sharedContainerNames(services, options.refusals === undefined ? undefined : profilesOf),
      options.refusals,
    );
  return { services, declared };
}

function changeSteps(service: MapNode, change: (step: MapNode) => MapNode): MapNode {
  const steps = service.entries.get("pre_start");
  if (steps?.kind !== "list") return service;
  return withEntries(service, [["pre_start", mapItems(steps, (step) => (step.kind === "map" ? change(step) : step))]]);
}

/** Without these of its keys a service is another one. */
const BEGINNINGS: ReadonlySet<string> = new Set(["extends", "image", "build", "provider"]);

/** Throws the first problem, or notes all of them but those of services that could not be read as they are written. */
function refuseAll(problems: Iterable<ComposeError>, refusals: ComposeError[] | undefined): void {
  if (refusals === undefined) {
    for (const problem of problems) throw problem;
    return;
  }
  const broken = new Set<string>();
  for (const { code, origin } of refusals) {
    // The schema looks only, and takes nothing away.
    if (code === "schema") continue;
    const [section = "", name = "", key] = keysOf(origin?.at);
    if (key === undefined || BEGINNINGS.has(key)) broken.add(`${section} ${name}`);
  }
  const isIncomplete = refusals.some(({ code }) => code === "file" || code === "remote");
  for (const problem of problems) {
    const [section = "", name = ""] = problem.path ?? [];
    const isUnknown = isIncomplete && problem.advice?.code === "dangling-reference";
    if (!broken.has(`${section} ${name}`) && !isUnknown) refusals.push(problem);
  }
}

/** `scale` also stands for `deploy.replicas` when there is a `deploy`. */
function scaled(service: MapNode): MapNode {
  const scale = service.entries.get("scale");
  const deploy = service.entries.get("deploy");
  if (scale === undefined || deploy?.kind !== "map") return service;
  return map(
    [...service.entries, ["deploy", map([...deploy.entries, ["replicas", scale]], deploy.origin)]],
    service.origin,
  );
}

function assemble(
  typed: MapNode,
  services: Services,
  jobs: ReadonlyMap<string, MapNode>,
  name: string,
  options: ResolveOptions,
): MapNode {
  const entries = new Map<string, Node>([["name", text(name, IMPLICIT)]]);
  entries.set("services", map(services.enabled, typed.entries.get("services")?.origin ?? IMPLICIT));
  for (const section of Object.keys(SECTIONS)) {
    const resources = asMap(typed.entries.get(section));
    if (section === "services" || resources === undefined) continue;
    if (section === "jobs") {
      if (jobs.size > 0) entries.set(section, map(jobs, resources.origin));
      continue;
    }
    entries.set(section, options.allResources === true ? resources : usedResources(section, resources, services));
  }
  const extensions = typed.entries.get(EXTENSIONS);
  if (extensions !== undefined) entries.set(EXTENSIONS, extensions);
  return map(entries, typed.origin);
}
