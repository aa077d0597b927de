import type { Construct } from "constructs";
import type { YamlNode } from "../compose/emit/emit";
import { BIND, type Binding, type Input, type Use } from "./binding";
import { brand } from "./brand";
import { ComposeConstruct } from "./compose-construct";
import { copyIn, isMap } from "./copy";
import type { Renderer } from "./synth/render";

const [mark, isResource] = brand<Resource>("Resource");

/** The sections of a file that hold what services refer to by name. */
export type ResourceSection = "networks" | "volumes" | "configs" | "secrets";

/**
 * A named thing at the top level of a file that services refer to. It stands in the file it is created in, and in any
 * other file whose services mention it. Used as a value it renders as its name.
 */
export abstract class Resource extends ComposeConstruct implements Binding {
  static isResource = isResource;

  private readonly spec: Input;

  constructor(
    scope: Construct,
    id: string,
    readonly section: ResourceSection,
    spec: object | null,
  ) {
    super(scope, id, section);
    mark(this);
    this.spec = copyIn(spec, this.node.path, [section, id]);
  }

  /** What the top level of a file says of it. `null` when there is nothing to say. */
  render(renderer: Renderer): YamlNode {
    const nothing = isMap(this.spec) && Object.keys(this.spec).length === 0;
    return nothing ? null : renderer.render(this.spec);
  }

  [BIND](use: Use): string {
    use.resource(this);
    return this.name;
  }
}
