import { InterpolationError, interpolate } from "../compose";
import type { ComposeMap, YamlPath } from "../spec";
import { mapOf } from "./checks/model";
import type { ComposeConstruct } from "./compose-construct";
import type { ComposeFile } from "./compose-file";
import type { EnvVar } from "./env-var";
import { mergeTrees } from "./merge-trees";
import type { RenderedFile } from "./rendered-file";

/** Files that Compose merges, in order, and the project that they make. */
export class Deployment {
  /** The files' names, joined with ` + `. */
  readonly name: string;
  /** The merged document, variables not expanded. */
  readonly project: ComposeMap;
  /** Compose's words when it would refuse to merge the files. */
  readonly refusal: string | undefined;
  private readonly variables = new Map<string, EnvVar>();

  constructor(readonly files: readonly RenderedFile[]) {
    this.name = files.map(({ file }) => file.fileName).join(" + ");
    const [only, ...others] = files;
    const merged = others.length === 0 ? undefined : mergeTrees(files.map(({ tree }) => tree));
    this.project = merged?.project ?? only?.document ?? {};
    this.refusal = merged?.refusal;
    for (const { register } of files) for (const { what } of register.variables) this.variables.set(what.name, what);
  }

  get services(): ComposeMap {
    return mapOf(this.project.services);
  }

  /** The construct that wrote last what stands at a path. */
  ownerOf(path: YamlPath): ComposeConstruct {
    const owners = this.files.map((rendered) => ({ rendered, owner: rendered.ownerOf(path) }));
    const last = owners.findLast(({ rendered, owner }) => owner !== rendered.file) ?? owners[0];
    if (last === undefined) throw new RangeError("a deployment has at least one file");
    return last.owner;
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

  /** Whether the image of a service brings a healthcheck, as far as a program said so. */
  imageHasHealthcheck(name: string): boolean {
    const services = this.files.flatMap(({ file }) => file.services.filter((service) => service.name === name));
    return services.findLast((service) => service.image !== undefined)?.image?.hasHealthcheck ?? false;
  }

  private sample(name: string): string | undefined {
    const variable = this.variables.get(name);
    return variable?.required === true ? (variable.example ?? name) : undefined;
  }
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
