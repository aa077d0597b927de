import type { Construct, IConstruct } from "constructs";
import { setOwn } from "../spec/value";
import { plain, writtenBy } from "./annotated";
import type { Input } from "./binding";
import { ComposeConstruct } from "./compose-construct";
import { copyIn, isMap } from "./copy";
import { repositoryOf } from "./image/repository";

/** What services and jobs are alike in: keys of the specification, each with the construct that set it. */
export abstract class Workload extends ComposeConstruct {
  protected readonly spec: { [key: string]: Input } = {};
  private writer: IConstruct | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly section: "services" | "jobs",
  ) {
    super(scope, id);
  }

  /** Name of the image without tag and digest, variables at their defaults. `undefined` when none is named. */
  get imageRepository(): string | undefined {
    return repositoryOf(plain(this.spec.image));
  }

  /**
   * Changes it in the name of another construct: `--explain` and findings then ascribe to that one what `change` sets.
   * Without it, they ascribe every value to the service or job itself.
   *
   * @param change called at once
   * @example
   * ```ts
   * // In the constructor of a cache, which tells the web service where it is:
   * web.by(this, (service) => service.setEnvironment("CACHE", this.name).dependsOn(this));
   * ```
   */
  by(construct: IConstruct, change: (changed: this) => void): this {
    const before = this.writer;
    this.writer = construct;
    try {
      change(this);
    } finally {
      this.writer = before;
    }
    return this;
  }

  /** Sets keys; each takes the place of what was there. */
  protected setKeys(props: object): void {
    for (const [key, value] of Object.entries(props)) {
      if (value !== undefined) setOwn(this.spec, key, this.ascribed(this.copied(value, key)));
    }
  }

  /** A copy of a value that the program hands in. */
  protected copied(value: unknown, ...path: string[]): Input {
    return copyIn(value, this.node.path, [this.section, this.name, ...path]);
  }

  /** A value that takes the place of another one, with the construct that sets it when it is another one than this. */
  protected ascribed(value: Input): Input {
    return this.writer === undefined ? value : writtenBy(this.writer, value);
  }

  /** A value that comes into one that another construct may have written. */
  protected ascribedWithin(value: Input): Input {
    return writtenBy(this.writer ?? this, value);
  }

  /** The values of a patch, which come into what is there. */
  protected ascribedPatch(patch: Input): Input {
    if (!isMap(patch) || Object.keys(patch).length === 0) return this.ascribedWithin(patch);
    return Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, this.ascribedPatch(value)]));
  }
}
