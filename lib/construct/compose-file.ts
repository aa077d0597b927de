import type { Construct, IConstruct } from "constructs";
import type { Finding } from "../report/finding";
import type { ComposeSpec } from "../spec";
import type { BindableProps, Input } from "./binding";
import { brand } from "./brand";
import { ComposeConstruct } from "./compose-construct";
import { copyIn, isMap } from "./copy";
import { ConstructError } from "./errors";
import { FACTS_KEY, factsOf } from "./facts";
import type { ImageLock } from "./image/lock";
import { addSections, splitSections } from "./import";
import { Job } from "./job";
import { readYaml } from "./read-yaml";
import { Resource } from "./resource";
import { Service, type ServiceProps } from "./service";
import type { Deployment } from "./synth/deployment";
import { Register, Renderer } from "./synth/render";
import { RenderedFile } from "./synth/rendered-file";
import { descendants } from "./walk";

const [mark, isComposeFile] = brand<ComposeFile>("ComposeFile");

/** What a file's constructs have to say of the deployments that the file is part of. */
export type DeploymentCheck = (deployments: readonly Deployment[]) => Iterable<Finding>;

/** The sections whose entries are constructs of their own. */
type ConstructSection = "services" | "networks" | "volumes" | "configs" | "secrets" | "version";

/** Every other key of the top level, as the specification names it. */
export interface ComposeFileProps extends BindableProps<Omit<ComposeSpec, ConstructSection>> {
  /**
   * Path of the file below the output directory.
   * @default - `docker-compose.<id>.yaml`
   */
  readonly fileName?: string | undefined;
  /**
   * What the file is for: the comment at its top.
   * @default - only how it was made
   */
  readonly description?: string | undefined;
}

/**
 * One Compose file: services, and what they mention. Constructs anywhere below it belong to it, but for those below
 * another file.
 *
 * @example
 * ```ts
 * const file = new ComposeFile(app, "shop", { name: "shop", description: "The shop." });
 * ```
 * @see Compose Specification, chapter 3 (the Compose file)
 */
export class ComposeFile extends ComposeConstruct {
  static isComposeFile = isComposeFile;

  /**
   * The file that a construct belongs to.
   *
   * @throws ConstructError `no-compose-file`
   */
  static of(construct: IConstruct): ComposeFile {
    const file = fileOf(construct);
    if (file !== undefined) return file;
    throw new ConstructError({
      code: "no-compose-file",
      construct: construct.node.path,
      reason: "belongs to no Compose file",
      fix: "create it below a ComposeFile",
    });
  }

  /** Path of the file below the output directory, with `/` between folders. */
  readonly fileName: string;
  readonly description: string | undefined;
  private topLevel: { readonly [key: string]: Input };
  private readonly ownChecks: DeploymentCheck[] = [];

  constructor(scope: Construct, id: string, props: ComposeFileProps = {}) {
    super(scope, id);
    mark(this);
    const { fileName, description, ...topLevel } = props;
    this.fileName = fileName ?? this.defaultFileName();
    this.description = description;
    const copy = copyIn(topLevel, this.node.path);
    this.topLevel = isMap(copy) ? copy : {};
  }

  /**
   * Fills this file, or overlay, from the text of an existing one: each service, network, volume, config and secret
   * becomes a construct that can be changed and added to like any other. What the program says of the file itself wins
   * over the text. Comments are not kept.
   *
   * @example
   * ```ts
   * const file = new ComposeFile(app, "shop").importYaml(readFileSync("compose.yaml", "utf8"));
   * ```
   * @throws ConstructError `invalid-yaml`, with line and column
   */
  importYaml(text: string): this {
    const [sections, topLevel] = splitSections(readYaml(text, this.node.path, this.chain().length > 1));
    this.topLevel = { ...topLevel, ...this.topLevel };
    addSections(this, sections);
    return this;
  }

  /** The services of this file, in the order of the program. */
  get services(): readonly Service[] {
    return this.contents().filter((construct) => Service.isService(construct));
  }

  /** Checks of this file, beyond those that every file gets. */
  get checks(): readonly DeploymentCheck[] {
    return this.ownChecks;
  }

  /** Adds a check of every deployment that the file is part of. It is called once at each synthesis. */
  addCheck(check: DeploymentCheck): this {
    this.ownChecks.push(check);
    return this;
  }

  /** The files that are merged, in order, when this one is used: itself, after those it changes. */
  chain(): readonly ComposeFile[] {
    return [this];
  }

  /**
   * The file as data, with everything that its constructs mention. Changes nothing.
   *
   * @param lock the digests by which images are named
   */
  render(lock?: ImageLock): RenderedFile {
    const rendered = new RenderedFile(this, new Register(lock, () => this.jobs()));
    this.renderServices(rendered);
    const topLevel = new Renderer(this, rendered.register, []).render(this.topLevel);
    for (const construct of this.contents()) {
      if (Resource.isResource(construct)) putResource(rendered, construct);
      else if (Job.isJob(construct)) putJob(rendered, construct);
    }
    for (const resource of rendered.register.resources.keys()) {
      if (!this.provides(resource)) putResource(rendered, resource);
    }
    const facts = factsOf(this.contents());
    const known = facts === undefined ? {} : { [FACTS_KEY]: facts };
    rendered.finish(topLevel, new Renderer(this, rendered.register, []).render(known));
    return rendered;
  }

  /** Names of the services whose end another one waits for: one of this file, or of a file that is merged with it. */
  private jobs(): ReadonlySet<string> {
    const files = descendants(this.node.root).filter((construct) => isComposeFile(construct));
    const merged = files.filter((file) => file.chain().includes(this));
    return new Set(merged.flatMap((file) => file.services.flatMap((service) => service.awaitedJobs)));
  }

  /** Puts the services into the file. */
  protected renderServices(rendered: RenderedFile): void {
    for (const service of this.services) putService(rendered, service);
  }

  /** Path of the file when the program gives none. */
  protected defaultFileName(): string {
    return `docker-compose.${this.name}.yaml`;
  }

  /** Whether a resource is declared by the time this file is merged: here, or in a file below. */
  protected provides(resource: Resource): boolean {
    return fileOf(resource) === this;
  }

  private contents(): IConstruct[] {
    return descendants(this, (construct) => !isComposeFile(construct)).filter((construct) => !isComposeFile(construct));
  }
}

/** The file that a construct belongs to, if any. */
export function fileOf(construct: IConstruct): ComposeFile | undefined {
  const file = construct.node.scopes.findLast((scope) => isComposeFile(scope));
  return isComposeFile(file) ? file : undefined;
}

/** Puts a service into a file, as it renders there. */
export function putService(rendered: RenderedFile, service: Service, defaults: ServiceProps = {}): void {
  const renderer = new Renderer(service, rendered.register, ["services", service.name]);
  rendered.put("services", service.name, service, service.render(renderer, defaults));
}

function putJob(rendered: RenderedFile, job: Job): void {
  rendered.put("jobs", job.name, job, job.render(new Renderer(job, rendered.register, ["jobs", job.name])));
}

function putResource(rendered: RenderedFile, resource: Resource): void {
  const renderer = new Renderer(resource, rendered.register, [resource.section, resource.name]);
  rendered.put(resource.section, resource.name, resource, resource.render(renderer));
}
