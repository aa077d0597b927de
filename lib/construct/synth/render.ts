import type { IConstruct } from "constructs";
import {
  Commented,
  type ComposeTag,
  isCommented,
  isList as isNodeList,
  isMap as isNodeMap,
  isTagged,
  Tagged,
  type YamlNode,
} from "../../compose/emit/emit";
import { references } from "../../compose/template/interpolate";
import { wrap } from "../../report/wrap";
import { keyOrder, type YamlPath } from "../../spec";
import { setOwn } from "../../spec/value";
import { Annotated } from "../annotated";
import { BIND, type Input, isBinding, type Use, type VolumeUse } from "../binding";
import type { ComposeConstruct } from "../compose-construct";
import { isList } from "../copy";
import { EnvVar } from "../env-var";
import type { ImageLock } from "../image/lock";
import { imageKeyOf } from "../image/places";
import { type ImageUse, useImage } from "../image/use";
import { expandMarkers } from "../marker";
import { memoize } from "../memoize";
import type { Resource } from "../resource";
import { applyPatch, type Miss } from "./patch";
import { Writers } from "./writers";

const COMMENT_WIDTH = 100;

/** Something that a construct's values mention, and where. */
export interface Mention<What> {
  readonly what: What;
  /** The construct whose values they are. */
  readonly construct: ComposeConstruct;
  /** The construct that wrote the mention: the same one, or another that changed it. */
  readonly by: IConstruct;
  readonly path: YamlPath;
}

/**
 * What rendering the constructs of one file has come upon: everything that the file must declare, and that the `.env`
 * template must explain.
 */
export class Register {
  readonly variables: Mention<EnvVar>[] = [];
  /** Variables written as text, `${NAME}`, that no `EnvVar` explains. */
  readonly plainVariables: Mention<string>[] = [];
  /** Those of them without which Compose does not start. */
  readonly requiredNames = new Set<string>();
  /** Those of them that may not be empty either. */
  readonly demandedNames = new Set<string>();
  /** Texts with a `${` that Compose cannot read. */
  readonly badTemplates: Mention<string>[] = [];
  readonly resources = new Map<Resource, Mention<Resource>>();
  readonly mounts: Mention<VolumeUse>[] = [];
  readonly images: Mention<ImageUse>[] = [];
  /** Values with a tag of Compose's. */
  readonly tags: Mention<ComposeTag>[] = [];
  /** Places where a patch changed nothing. */
  readonly misses: Mention<Miss>[] = [];
  /** Who wrote what into the entry of another construct. */
  readonly writers = new Writers();

  private knownJobs: ReadonlySet<string> | undefined;

  /**
   * @param lock the digests by which images are named; without it, they are named as the program names them
   * @param findJobs names of the services of the file whose end another one waits for; called when first asked for
   */
  constructor(
    readonly lock: ImageLock | undefined,
    private readonly findJobs: () => ReadonlySet<string>,
  ) {}

  get jobs(): ReadonlySet<string> {
    this.knownJobs ??= this.findJobs();
    return this.knownJobs;
  }
}

/** Renders the values of one construct: bindings become text, markers become expressions, keys take their order. */
export class Renderer implements Use {
  private readonly steps: (string | number)[];

  constructor(
    readonly construct: ComposeConstruct,
    private readonly register: Register,
    path: YamlPath,
  ) {
    this.steps = [...path];
  }

  get path(): YamlPath {
    return [...this.steps];
  }

  variable(variable: EnvVar): void {
    this.register.variables.push(this.mention(variable));
    for (const mentioned of variable.mentions) this.variable(mentioned);
  }

  resource(resource: Resource): void {
    const { resources } = this.register;
    if (!resources.has(resource)) resources.set(resource, this.mention(resource));
  }

  mount(mount: VolumeUse): void {
    this.register.mounts.push(this.mention(mount));
  }

  isJob(): boolean {
    return this.register.jobs.has(this.construct.name);
  }

  image(name: string): string {
    const what = useImage(name, this.register.lock);
    this.register.images.push(this.mention(what));
    return what.written;
  }

  render(input: Input): YamlNode {
    if (typeof input === "string") return this.text(input);
    if (input === undefined) return null;
    if (input === null || typeof input !== "object") return input;
    if (isBinding(input)) return this.render(input[BIND](this));
    if (Annotated.isAnnotated(input)) return this.annotated(input);
    if (isList(input)) return input.map((item, index) => this.at(index, item));
    const node: { [key: string]: YamlNode } = {};
    const imageKey = imageKeyOf(this.steps, input);
    for (const key of this.inOrder(Object.keys(input))) {
      const item = key === imageKey ? asImage(input[key]) : this.bound(key, input[key]);
      if (item !== undefined) setOwn(node, key, this.at(key, item));
    }
    return node;
  }

  /** Renders a value one step down: the key or list position it stands at. */
  at(step: string | number, input: Input): YamlNode {
    return this.below(step, () => this.render(input));
  }

  /** What a value stands for at a key. `undefined` leaves the key out. */
  private bound(key: string, input: Input): Input {
    if (Annotated.isAnnotated(input)) {
      const { by } = input;
      if (by !== undefined) this.below(key, () => this.register.writers.set(this.steps, by));
      const value = this.bound(key, input.value);
      return value === undefined ? undefined : new Annotated(value, input);
    }
    if (!isBinding(input)) return input;
    return this.bound(
      key,
      this.below(key, () => input[BIND](this)),
    );
  }

  private mention<What>(what: What, path = this.path): Mention<What> {
    return { what, construct: this.construct, by: this.register.writers.at(path) ?? this.construct, path };
  }

  private below<Result>(step: string | number, work: () => Result): Result {
    this.steps.push(step);
    const result = work();
    this.steps.pop();
    return result;
  }

  private annotated(input: Annotated): YamlNode {
    if (input.by !== undefined) this.register.writers.set(this.steps, input.by);
    if (input.tag !== undefined) this.register.tags.push(this.mention(input.tag));
    return annotate(input, this.render(input.value));
  }

  /** The rendered node with a merge patch applied. */
  patched(node: YamlNode, patch: Input): YamlNode {
    const { patched, misses } = applyPatch(node, this.render(patch));
    for (const miss of misses) this.register.misses.push(this.mention(miss, [...this.steps, ...miss.path]));
    return this.ordered(patched);
  }

  /** A rendered node with its keys in their order: a patch adds its own at the end. */
  private ordered(node: YamlNode): YamlNode {
    if (isCommented(node)) return new Commented(node.comment, this.ordered(node.value));
    if (isTagged(node)) return new Tagged(node.tag, this.ordered(node.value));
    if (isNodeList(node)) return node.map((item, index) => this.below(index, () => this.ordered(item)));
    if (!isNodeMap(node)) return node;
    const result: { [key: string]: YamlNode } = {};
    for (const key of this.inOrder(Object.keys(node))) {
      setOwn(
        result,
        key,
        this.below(key, () => this.ordered(node[key] ?? null)),
      );
    }
    return result;
  }

  private inOrder(keys: string[]): string[] {
    const [section] = this.steps;
    const isService = section === "services" && this.steps.length === 2;
    const order = keys.length > 1 ? (isService ? SERVICE_ORDER : keyOrder(this.steps)) : undefined;
    return order === undefined ? keys : sortKeys(keys, order);
  }

  private text(text: string): string {
    if (!text.includes("$")) return text;
    const rendered = expandMarkers(text, (variable) => {
      this.variable(variable);
      return variable.expression;
    });
    const written = references(expandMarkers(text, () => ""));
    for (const { name, operator } of written.references) {
      if (operator === ":?" || operator === "?") this.register.requiredNames.add(name);
      if (operator === ":?") this.register.demandedNames.add(name);
      this.register.plainVariables.push(this.mention(name));
    }
    for (const template of written.problems) this.register.badTemplates.push(this.mention(template));
    return rendered;
  }
}

/** What people look for first in a service, in the order in which they read it; the rest as the specification has it. */
const SERVICE_ORDER: readonly string[] = [
  ...new Set([
    ...["image", "build", "command", "entrypoint", "environment", "ports", "volumes", "networks", "depends_on"],
    ...["healthcheck", ...(keyOrder(["services", ""]) ?? [])],
  ]),
];

/** Each key of an order → how many stand before it. */
const ranksOf = memoize((order: readonly string[]) => new Map(order.map((key, index) => [key, index])));

/** Keys in the given order; those that it does not name follow as the program wrote them. */
export function sortKeys(keys: readonly string[], order: readonly string[]): string[] {
  const ranks = ranksOf(order);
  const rankOf = (key: string) => ranks.get(key) ?? order.length;
  return keys.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The name of an image that was written as text, as something that takes part in the document. */
function asImage(input: Input): Input {
  if (Annotated.isAnnotated(input)) return new Annotated(asImage(input.value), input);
  if (typeof input !== "string" && !EnvVar.isEnvVar(input)) return input;
  return { [BIND]: (use) => use.image(String(input)) };
}

function annotate({ tag, comment }: Annotated, node: YamlNode): YamlNode {
  if (tag !== undefined) return new Tagged(tag, node);
  return comment === undefined ? node : new Commented(wrap(comment, COMMENT_WIDTH).join("\n"), node);
}
