import { InterpolationError, interpolate } from "../../compose/template/interpolate";
import type { ComposeMap, ComposeValue, YamlPath } from "../../spec";
import { type DependencyView, dependenciesOf, isMap, mapOf } from "../checks/model";
import type { ComposeConstruct } from "../compose-construct";
import type { ComposeFile } from "../compose-file";
import type { EnvVar } from "../env-var";
import type { Image } from "../image/image";
import { mergeTrees } from "./merge-trees";
import type { RenderedFile } from "./rendered-file";

/** Files that Compose merges, in order, and the project that they make. */
export class Deployment {
  /** The files' names, joined with ` + `. */
  readonly name: string;
  /** The merged document, variables not expanded. */
  readonly project: ComposeMap;
  /** Its services. */
  readonly services: ComposeMap;
  /** Compose's words when it would refuse to merge the files. */
  readonly refusal: string | undefined;
  private readonly dependencies = new Map<string, readonly DependencyView[]>();
  private readonly variables = new Map<string, EnvVar>();
  /** Service → the image that the last file gives it. Made when first asked for. */
  private images: ReadonlyMap<string, Image | undefined> | undefined;

  constructor(readonly files: readonly RenderedFile[]) {
    this.name = files.map(({ file }) => file.fileName).join(" + ");
    const [only, ...others] = files;
    const merged = others.length === 0 ? undefined : mergeTrees(files.map(({ tree }) => tree));
    this.project = merged?.project ?? only?.document ?? {};
    this.services = mapOf(this.project.services);
    this.refusal = merged?.refusal;
    for (const { register } of files) {
      for (const { what } of register.variables)
        if (!this.variables.has(what.name)) this.variables.set(what.name, what);
    }
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
  ownerOf(path: YamlPath): ComposeConstruct {
    let best: { readonly rendered: RenderedFile; readonly depth: number } | undefined;
    for (const rendered of this.files) {
      const depth = depthOf(rendered.document, path);
      if (best === undefined || depth > best.depth || (depth === best.depth && depth === path.length))
        best = { rendered, depth };
    }
    if (best === undefined) throw new RangeError("a deployment has at least one file");
    return best.rendered.ownerOf(path);
  }

  /** A text as it is with every variable at its default, and a required one at its example. */
  expand(text: string): string {
    try {
      return interpolate(text, (name) => this.sample(name)).text;
    } catch (error) {
      if (error instanceof InterpolationError) return text;
      throw error;
    }
  }

  /** Whether a text depends on what only the operator knows: a required variable without an example. */
  isOpen(text: string): boolean {
    let open = false;
    try {
      interpolate(text, (name) => {
        const variable = this.variables.get(name);
        open ||= variable?.required === true && variable.example === undefined;
        return this.sample(name);
      });
    } catch (error) {
      if (error instanceof InterpolationError) return true;
      throw error;
    }
    return open;
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

  /** Values with which the deployment would start: of each required variable its example, or its name. */
  sampleEnvironment(): { readonly [name: string]: string } {
    const names = this.files.flatMap(({ register }) => [...register.requiredNames]);
    const required = [...this.variables.values()].filter((variable) => variable.required);
    return Object.fromEntries([
      ...names.map((name) => [name, name]),
      ...required.map(({ name, example }) => [name, example ?? name]),
    ]);
  }

  private sample(name: string): string | undefined {
    const variable = this.variables.get(name);
    return variable?.required === true ? (variable.example ?? name) : undefined;
  }
}

/** How many steps of a path a document has. Positions in a list count as there: a merge moves them. */
function depthOf(document: ComposeMap, path: YamlPath): number {
  let value: ComposeValue | undefined = document;
  for (const [depth, step] of path.entries()) {
    if (typeof step === "number") return Array.isArray(value) ? path.length : depth;
    if (!isMap(value) || !Object.hasOwn(value, step)) return depth;
    value = value[step];
  }
  return path.length;
}

/**
 * The deployments that the files of an app make: each file that stands alone, each overlay over the files it names, and
 * all overlays of a file together.
 */
export function deploymentsOf(files: readonly RenderedFile[]): readonly Deployment[] {
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
  return [...distinct.values()].map((chain) => new Deployment(chain.flatMap((file) => renderedBy.get(file) ?? [])));
}
