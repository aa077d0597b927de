import type { Construct } from "constructs";
import type { YamlNode } from "../compose/emit/emit";
import type { ServiceSpec } from "../spec";
import { Annotated, because, plain, reannotated } from "./annotated";
import { BIND, type Bindable, type BindableProps, type Binding, type Input, isBinding, type Use } from "./binding";
import { brand } from "./brand";
import { isList, isMap } from "./copy";
import { FACT, type Fact } from "./facts";
import { Image } from "./image/image";
import type { Network } from "./network";
import {
  type Connection,
  joinedDependencies,
  joinedEnvironment,
  joinedNetworks,
  networkNamesIn,
} from "./service-lists";
import type { Renderer } from "./synth/render";
import { Workload } from "./workload";

const [mark, isService] = brand<Service>("Service");

/** When the engine starts a container again. `on-failure:3` tries three times; `${NAME:-always}` leaves it to `.env`. */
export type RestartPolicy =
  | "no"
  | "always"
  | "unless-stopped"
  | "on-failure"
  | `on-failure:${number}`
  | `\${${string}}`;

/** An entry of a service's `volumes`. A volume alone is none: it has no place in the container. */
export type ServiceMount =
  | Exclude<Bindable<NonNullable<ServiceSpec["volumes"]>[number]>, Binding>
  | (Binding & { readonly section?: never });

/** Every key of a service, as the specification names it. Values may be bindings: mounts, variables, images. */
export interface ServiceProps extends Omit<BindableProps<ServiceSpec>, "restart" | "volumes"> {
  /**
   * When the engine starts the container again.
   * @default "no"
   */
  readonly restart?: Bindable<RestartPolicy> | undefined;
  /** Volumes, folders of the host and of memory, and where each appears: `volume.at("/data")`. */
  readonly volumes?: Binding | Annotated | readonly ServiceMount[] | undefined;
}

/** When a dependency is met, as the specification names it. */
export type DependencyCondition = "service_started" | "service_healthy" | "service_completed_successfully";

const COMPLETED: DependencyCondition = "service_completed_successfully";

/** Keys of a service that hold lists which constructs add to. */
export type ServiceListKey =
  | "cap_add"
  | "cap_drop"
  | "configs"
  | "devices"
  | "expose"
  | "group_add"
  | "ports"
  | "post_start"
  | "pre_start"
  | "pre_stop"
  | "profiles"
  | "secrets"
  | "security_opt"
  | "volumes";

/** How a service waits for another one. */
export interface DependencyOptions {
  /**
   * Restart this service when the other one is updated.
   * @default false
   */
  readonly restart?: boolean | undefined;
  /**
   * Without the other one this service does not start.
   * @default true
   */
  readonly required?: boolean | undefined;
  /**
   * Whether all that it needs of the other one are the tables in a volume that both have. Compose starts it after the other one
   * all the same. `lamb-compose upgrade` starts both at once where it saw, on a copy of the data, that the other one leaves the
   * tables as they are: people wait for the slower of the two then, not for one after the other. An overlay that waits for the
   * same service without it takes it back.
   * @default false
   */
  readonly forLayout?: boolean | undefined;
}

/**
 * A service. Every key of the specification is taken as it is; the methods are for constructs that add to a service
 * which they did not create. Used as a value it renders as its name.
 *
 * @example
 * ```ts
 * const db = new Service(file, "db", { image: "postgres:17", healthcheck: { test: ["CMD", "pg_isready"] } });
 * new Service(file, "web", { image: "web:1", restart: "unless-stopped" }).dependsOn(db);
 * ```
 * @see Compose Specification, chapter 5 (services)
 */
export class Service extends Workload implements Binding {
  static isService = isService;

  /** Whether it only changes a service of another file. */
  readonly isOverride: boolean = false;
  private readonly variables = new Map<string, Input>();
  private readonly dependencies = new Map<Service, Input>();
  /** Which it waits for → whether for the layout of its data alone. */
  private readonly layouts = new Map<Service, boolean>();
  private readonly connections = new Map<Network, Input>();
  private readonly aliases = new Map<string, Input>();
  private readonly patches: Input[] = [];

  constructor(scope: Construct, id: string, props: ServiceProps = {}) {
    super(scope, id, "services");
    mark(this);
    this.set(props);
  }

  /** The image, when it was given as an {@link Image}. */
  get image(): Image | undefined {
    const image = plain(this.spec.image);
    return Image.isImage(image) ? image : undefined;
  }

  /** Whether the service has a key, as the specification names it. */
  has(key: keyof ServiceSpec): boolean {
    return this.spec[key] !== undefined;
  }

  /** Sets keys of the service; each takes the place of what was there. */
  set(props: ServiceProps): this {
    this.setKeys(props);
    return this;
  }

  /** Adds entries to a list of the service. */
  add(key: ServiceListKey, ...items: readonly Input[]): this {
    const present = this.spec[key];
    const copies = items.map((item) => this.ascribedWithin(this.copied(item, key)));
    const added = (list: Input): Input => {
      if (isBinding(list)) return { [BIND]: (use) => added(list[BIND](use)) };
      return isList(list) ? [...list, ...copies] : copies;
    };
    if (present === undefined) this.spec[key] = this.ascribed(copies);
    else this.spec[key] = Annotated.isAnnotated(present) ? reannotated(present, added(present.value)) : added(present);
    return this;
  }

  /** Sets a variable of the container. */
  setEnvironment(name: string, value: Bindable<string | number | boolean | null>): this {
    this.variables.set(name, this.ascribedWithin(this.copied(value, "environment", name)));
    return this;
  }

  /**
   * Starts after another service.
   *
   * @param condition default `service_healthy`
   */
  dependsOn(other: Service, condition: DependencyCondition = "service_healthy", options: DependencyOptions = {}): this {
    const { restart, required, forLayout = false } = options;
    this.dependencies.set(other, this.ascribedWithin({ condition, restart, required }));
    this.layouts.set(other, forLayout);
    return this;
  }

  /**
   * Joins a network, with aliases, an address and so on, as the specification names them. A service that names no
   * networks itself stays in the project's default network, too.
   */
  connect(network: Network, options: Connection = {}): this {
    const copy = this.copied(options, "networks", network.name);
    const isEmpty = !isMap(copy) || Object.keys(copy).length === 0;
    this.connections.set(network, this.ascribedWithin(isEmpty ? null : copy));
    return this;
  }

  /** Another name under which the service is found on each of its networks. The reason is printed beside it. */
  addAlias(alias: string, reason?: string): this {
    this.aliases.set(alias, this.ascribedWithin(reason === undefined ? alias : because(reason, alias)));
    return this;
  }

  /**
   * Changes the finished service: a merge patch (RFC 7396), applied after everything else. `null` removes. The result
   * is validated like any other, and a patch that hits nothing is a finding.
   */
  patch(patch: BindableProps<ServiceSpec> | { readonly [key: string]: Input }): this {
    this.patches.push(this.ascribedPatch(this.copied(patch)));
    return this;
  }

  /**
   * The service as it stands in its file.
   *
   * @param defaults keys that stand where the service says nothing
   */
  render(renderer: Renderer, defaults: ServiceProps = {}): YamlNode {
    const spec: { readonly [key: string]: Input } = { ...defaults, ...this.spec };
    const node = renderer.render({
      ...spec,
      environment: joinedEnvironment(spec.environment, this.variables),
      depends_on: joinedDependencies(spec.depends_on, this.dependencies),
      networks: joinedNetworks(spec.networks, this.connections, [...this.aliases.values()], this.networksBelow()),
    });
    return this.patches.reduce<YamlNode>((patched, patch) => renderer.patched(patched, patch), node);
  }

  /** Names of the services that must have ended before this one starts. */
  get awaitedJobs(): readonly string[] {
    const declared = plain(this.spec.depends_on);
    const written = isMap(declared) ? Object.entries(declared) : [];
    const added = [...this.dependencies].map(([{ name }, entry]) => [name, entry] as const);
    return [...written, ...added].flatMap(([name, entry]) => (conditionOf(entry) === COMPLETED ? [name] : []));
  }

  /** Names of the networks that it joins. `undefined` when it names none, and so is in the project's default network. */
  get networkNames(): readonly string[] | undefined {
    const named = networkNamesIn(this.spec.networks);
    if (this.connections.size === 0) return named;
    const joined = [...this.connections.keys()].map((network) => network.name);
    return [...new Set([...(named ?? this.networksBelow() ?? ["default"]), ...joined])];
  }

  /** Networks that files below have it join already. `undefined` when they name none. */
  protected networksBelow(): readonly string[] | undefined {
    return undefined;
  }

  /** What the commands know of it. @internal */
  [FACT](): Fact | undefined {
    const waits = [...this.layouts].flatMap(([other, isForLayout]) => {
      if (isForLayout) return [[other.name, "layout"]];
      return this.waitsForLayoutBelow(other) ? [[other.name, "start"]] : [];
    });
    return waits.length === 0 ? undefined : { section: "waits", key: this.name, value: Object.fromEntries(waits) };
  }

  /**
   * Whether it waits for the layout of another one's data alone.
   *
   * @internal
   */
  waitsForLayoutOf(other: Service): boolean {
    return this.layouts.get(other) ?? false;
  }

  /** Whether files below say that it waits for the layout of another one's data alone. */
  protected waitsForLayoutBelow(_other: Service): boolean {
    return false;
  }

  [BIND](_use: Use): string {
    return this.name;
  }
}

function conditionOf(entry: Input): Input {
  const dependency = plain(entry);
  return isMap(dependency) ? plain(dependency.condition) : undefined;
}
