import type { IConstruct } from "constructs";
import { canonicalOf, type DocumentOptions, projectOrRefusals } from "../../compose/documents";
import type { ComposeError } from "../../compose/error";
import { type Reading, readings } from "../../compose/inspect/readings";
import { SignFinder } from "../../compose/inspect/signs";
import type { TreeInput } from "../../compose/loader/files";
import { isAbsolute, join } from "../../compose/loader/paths";
import type { Project } from "../../compose/project";
import { parseRange, STANDARD_RANGE, type VersionRange } from "../../compose/range";
import { references, tryInterpolate } from "../../compose/template/interpolate";
import { childOf, itemsOf, type MapNode, type Node, type Origin, plainMap } from "../../compose/tree/node";
import { keysOf } from "../../compose/tree/rules";
import type { ComposeMap, YamlPath } from "../../spec";
import { mapOf } from "../../spec/value";
import { type DependencyView, dependenciesOf } from "../checks/model";
import type { ComposeFile } from "../compose-file";
import type { EnvVar } from "../env-var";
import type { Image } from "../image/image";
import { type RenderedFile, variablesOf } from "./rendered-file";

/** Where the files of a program lie while they are read: they are not on a disk. */
export const FOLDER = "/deployment/";

/** What there is around the Compose files of a program. */
export interface Surroundings {
  /**
   * The text of another file of the program.
   * @default - there are none
   */
  readonly read?: ((fileName: string) => string | undefined) | undefined;
  /** The releases of Docker Compose that the files are for. @default ">=2.40" */
  readonly compose?: VersionRange | undefined;
  /**
   * Values of variables that are known. They may stand in findings: no secret is among them.
   * @default - each variable's default; of a required one its example, or its name
   */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

/** Files that Compose merges, in order, and the project that they make. */
export class Deployment {
  /** The files' names, joined with ` + `. */
  readonly name: string;
  /** What Compose makes of the files, variables not expanded: merged, `extends` and `include` followed. */
  readonly project: ComposeMap;
  /** Its services, in the order of the program. */
  readonly services: ComposeMap;
  private readonly root: MapNode;
  private readonly inputs: readonly TreeInput[];
  private readonly environment: Readonly<Record<string, string>>;
  private readonly range: VersionRange;
  private readonly signs: SignFinder;
  private readonly options: DocumentOptions;
  private readonly dependencies = new Map<string, readonly DependencyView[]>();
  private readonly variables: ReadonlyMap<string, EnvVar>;
  /** Service → the image that the last file gives it. Made when first asked for. */
  private images: ReadonlyMap<string, Image | undefined> | undefined;

  /** @param around every Compose file of the program: any of them may be included or extended from */
  constructor(
    readonly files: readonly RenderedFile[],
    around: readonly RenderedFile[],
    { read = () => undefined, compose = parseRange(STANDARD_RANGE), environment = {} }: Surroundings,
  ) {
    this.environment = environment;
    this.name = files.map(({ file }) => file.fileName).join(" + ");
    this.variables = variablesOf(files);
    this.inputs = files.map(inputOf);
    this.range = compose;
    this.signs = new SignFinder(compose);
    this.options = {
      workingDirectory: FOLDER,
      environment: this.sampleEnvironment(),
      envFiles: [],
      trees: around.map(inputOf),
      read: (path) => read(localPath(path)),
    };
    this.root = canonicalOf(this.inputs, { ...this.options, compose: compose.from });
    this.project = plainMap(this.root);
    this.services = mapOf(this.project.services);
  }

  /** The project as the oldest release of the program's range would run it, or everything that it would refuse. */
  projectOrRefusals(): Project | readonly ComposeError[] {
    return projectOrRefusals(this.inputs, { ...this.options, compose: this.range.from, watch: this.signs });
  }

  /**
   * How the releases of the program's range read the files, oldest first; none when nothing in the files lets them differ.
   *
   * @param first how the oldest one does
   */
  readings(first: Project): readonly Reading[] {
    if (!this.signs.found) return [];
    return readings(this.inputs, { ...this.options, profiles: ["*"], first }, this.range);
  }

  /** How other releases than those of the program read the files, oldest first. */
  readingsOf(range: VersionRange): readonly Reading[] {
    return readings(this.inputs, { ...this.options, profiles: ["*"] }, range);
  }

  /** What a service waits for, implicit dependencies included. */
  dependenciesOf(name: string): readonly DependencyView[] {
    let found = this.dependencies.get(name);
    if (found === undefined) {
      found = dependenciesOf(mapOf(this.services[name]));
      this.dependencies.set(name, found);
    }
    return found;
  }

  /** The construct that wrote what stands at a path; of what is missing, the one that would first have had to. */
  ownerOf(path: YamlPath): IConstruct {
    let node: Node | undefined = this.root;
    let { origin } = this.root;
    for (const step of path) {
      node = childOf(node, step);
      if (node === undefined) return this.writerOf(origin);
      if (node.origin.file !== "") origin = node.origin;
    }
    return this.writerOf(this.lastIn(node, origin));
  }

  /**
   * The name of the file from which `include` or `extends` brought a value, if the value, or what holds it, has the same
   * path there: an entry of a list can have become a key. Else the name of the deployment.
   *
   * @internal
   */
  fileOf(path: YamlPath): string {
    let node: Node | undefined = this.root;
    let file = "";
    for (const [index, step] of path.entries()) {
      node = childOf(node, step);
      if (node === undefined) break;
      const { file: from, at } = node.origin;
      if (from === "" || from === file) continue;
      file = keysOf(at).join("\0") === path.slice(0, index + 1).join("\0") ? from : "";
    }
    return file === "" || this.inputs.some((input) => input.path === file) ? this.name : localPath(file);
  }

  /** Where the last of the files that say something of a value says it. */
  private lastIn(node: Node, first: Origin): Origin {
    const order = this.files.map(pathOf);
    let last = first;
    for (const { origin } of nodesFrom(node)) {
      if (order.indexOf(origin.file) > order.indexOf(last.file)) last = origin;
    }
    return last;
  }

  /** The construct that wrote a value of one of the files. */
  writerOf({ file, at }: Pick<Origin, "file" | "at">): IConstruct {
    const [first] = this.files;
    if (first === undefined) throw new RangeError("a deployment has at least one file");
    const rendered = this.files.find((one) => pathOf(one) === file);
    return (rendered ?? first).ownerOf(keysOf(at));
  }

  /** The keys of a path in the project, with positions of lists as numbers. */
  pathOf(keys: readonly string[]): YamlPath {
    let node: Node | undefined = this.root;
    return keys.map((key) => {
      const isPosition = node === undefined ? /^\d+$/.test(key) : node.kind === "list";
      const step = isPosition ? Number(key) : key;
      node = node === undefined ? undefined : childOf(node, step);
      return step;
    });
  }

  /**
   * A text as it will be when the operator sets only what must be set: defaults stand, and a variable that Compose
   * demands is its example, or its own name.
   */
  expand(text: string): string {
    if (!text.includes("$")) return text;
    const demanded = new Set(references(text).references.flatMap((r) => (r.operator?.endsWith("?") ? [r.name] : [])));
    const sample = (name: string) => this.sample(name) ?? (demanded.has(name) ? name : undefined);
    return tryInterpolate(text, sample)?.text ?? text;
  }

  /** Whether a text depends on what only the operator knows: a variable without a default and without an example. */
  isOpen(text: string): boolean {
    let open = false;
    const expanded = tryInterpolate(text, (name) => {
      const variable = this.variables.get(name);
      open ||= variable?.required === true && variable.example === undefined && this.environment[name] === undefined;
      return this.sample(name);
    });
    return open || expanded?.unset.length !== 0;
  }

  /** Whether any text at or below a path depends on what only the operator knows. */
  isOpenAt(path: YamlPath): boolean {
    let node: Node | undefined = this.root;
    for (const step of path) node = node && childOf(node, step);
    for (const inner of node === undefined ? [] : nodesFrom(node)) {
      if (inner.kind === "scalar" && this.isOpen(String(inner.value))) return true;
    }
    return false;
  }

  /** Whether the image of a service brings a healthcheck, as far as a program said so. */
  imageHasHealthcheck(name: string): boolean {
    this.images ??= new Map(
      this.files.flatMap(({ file }) =>
        file.services.filter((service) => service.has("image")).map(({ name, image }) => [name, image]),
      ),
    );
    return this.images.get(name)?.hasHealthcheck ?? false;
  }

  /** The variable of a name, as the files mention it. */
  variable(name: string): EnvVar | undefined {
    return this.variables.get(name);
  }

  /** Whether nothing starts while a variable is empty: one place of a file that demands a value is enough. */
  demands(name: string): boolean {
    return (
      this.variables.get(name)?.required === true || this.files.some(({ register }) => register.demandedNames.has(name))
    );
  }

  /** Values with which the deployment would start: of each required variable its example, or its name. */
  sampleEnvironment(): { readonly [name: string]: string } {
    const names = this.files.flatMap(({ register }) => [...register.requiredNames]);
    const required = [...this.variables.values()].filter((variable) => variable.required);
    return Object.fromEntries([
      ...names.map((name) => [name, name]),
      ...required.map(({ name, example }) => [name, example ?? name]),
      ...Object.entries(this.environment),
    ]);
  }

  private sample(name: string): string | undefined {
    const given = this.environment[name];
    if (given !== undefined) return given;
    const variable = this.variables.get(name);
    return variable?.required === true ? (variable.example ?? name) : undefined;
  }
}

/** A value and all that is in it. */
function* nodesFrom(node: Node): Generator<Node> {
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    open.push(...(next.kind === "map" ? next.entries.values() : itemsOf(next)));
  }
}

/** The path of a file of the program as the program has it. Others stay. */
export function localPath(path: string): string {
  return path.startsWith(FOLDER) ? path.slice(FOLDER.length) : path;
}

/** A message of Compose's in which the files of the program have their own names. */
export function withoutFolder(message: string): string {
  return message.replaceAll(FOLDER, "");
}

function pathOf({ file: { fileName } }: RenderedFile): string {
  return isAbsolute(fileName) ? join(fileName) : join(FOLDER, fileName);
}

function inputOf(rendered: RenderedFile): TreeInput {
  return { path: pathOf(rendered), tree: rendered.tree };
}

/**
 * The deployments that the files of an app make: each file that stands alone, each overlay over the files it names, and
 * all overlays of a file together.
 */
export function deploymentsOf(files: readonly RenderedFile[], surroundings: Surroundings = {}): readonly Deployment[] {
  const renderedBy = new Map<ComposeFile, RenderedFile>(files.map((rendered) => [rendered.file, rendered]));
  const chains = files.map(({ file }) => file.chain());
  const all = new Map<ComposeFile | undefined, Set<ComposeFile>>();
  for (const chain of chains) {
    const together = all.get(chain[0]) ?? new Set();
    all.set(chain[0], together);
    for (const file of chain) together.add(file);
  }
  const distinct = new Map<string, readonly ComposeFile[]>();
  for (const chain of [...chains, ...[...all.values()].map((set) => [...set])]) {
    distinct.set(chain.map((file) => file.node.path).join(" "), chain);
  }
  return [...distinct.values()].map((chain) => {
    return new Deployment(
      chain.flatMap((file) => renderedBy.get(file) ?? []),
      files,
      surroundings,
    );
  });
}
