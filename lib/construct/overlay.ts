import type { Construct } from "constructs";
import { reset, writtenBy } from "./annotated";
import { brand } from "./brand";
import { ComposeFile, type ComposeFileProps, fileOf, putService } from "./compose-file";
import { copyIn } from "./copy";
import { ConstructError } from "./errors";
import type { Resource } from "./resource";
import type { Service, ServiceProps } from "./service";
import { ServiceOverride } from "./service-override";
import { Renderer } from "./synth/render";
import type { RenderedFile } from "./synth/rendered-file";

const [mark, isOverlay] = brand<Overlay>("Overlay");

/** What an {@link Overlay} lies over, and what every Compose file may have. */
export interface OverlayProps extends ComposeFileProps {
  /**
   * The files that this one changes, in the order in which Compose merges them.
   * @default - the file in whose scope the overlay is created
   */
  readonly over?: ComposeFile | readonly ComposeFile[] | undefined;
}

/**
 * A Compose file that is merged over others and holds only what it changes. `reset()` and `override()` may stand in
 * place of any value.
 *
 * @example
 * ```ts
 * const debug = new Overlay(file, "debug");
 * debug.change(web, { ports: override(["127.0.0.1:9229:9229"]), restart: reset() });
 * ```
 * @see Compose Specification, chapter 13 (merge)
 */
export class Overlay extends ComposeFile {
  static isOverlay = isOverlay;

  /** The files that this one changes, in the order in which Compose merges them. */
  readonly over: readonly ComposeFile[];
  /** The files that are merged, in order: those of each file that it changes, each once, and itself. */
  private readonly merged: ReadonlySet<ComposeFile>;
  private readonly removed = new Set<string>();
  private readonly overrides = new Map<string, ServiceOverride>();

  /** @throws ConstructError `overlay-over-nothing` */
  constructor(scope: Construct, id: string, props: OverlayProps = {}) {
    const { over = scope.node.scopes.findLast((parent) => ComposeFile.isComposeFile(parent)), ...file } = props;
    const files = (over === undefined ? [] : [over].flat()).filter((below) => ComposeFile.isComposeFile(below));
    const base = files.at(-1);
    if (base === undefined) {
      throw new ConstructError({
        code: "overlay-over-nothing",
        construct: [scope.node.path, id].filter(Boolean).join("/"),
        reason: "an overlay changes other files, and there are none",
        fix: "create it in the scope of a ComposeFile, or pass `over`",
      });
    }
    super(scope, id, { ...file, fileName: file.fileName ?? overlayName(base.fileName, id) });
    mark(this);
    this.over = files;
    this.merged = new Set([...files.flatMap((file) => file.chain()), this]);
  }

  /**
   * Changes a service of a file below. Keys given again take the place of those given before.
   *
   * @throws ConstructError `not-below` when the service is of another file
   */
  change(service: Service, props: ServiceProps = {}): ServiceOverride {
    this.assertBelow(service);
    const present = this.overrides.get(service.name);
    if (present !== undefined) return present.set(props);
    const override = new ServiceOverride(this, service, props);
    this.overrides.set(service.name, override);
    return override;
  }

  /**
   * Takes a service of a file below out of the deployment. What depends on it is a finding.
   *
   * @throws ConstructError `not-below` when the service is of another file
   */
  remove(service: Service): this {
    this.assertBelow(service);
    this.removed.add(service.name);
    return this;
  }

  private assertBelow(service: Service): void {
    const file = ComposeFile.of(service);
    if (file === this || !this.merged.has(file)) {
      throw new ConstructError({
        code: "not-below",
        construct: this.node.path,
        value: service.node.path,
        reason: "the service is of no file that this overlay changes",
        fix: file === this ? "call the service's own methods" : "name its file in `over`",
      });
    }
  }

  /** What the overlay changes of every service below it, asked of each file that has it, unless `change` says otherwise of the same key. */
  protected changesTo(_service: Service): ServiceProps {
    return {};
  }

  protected override renderServices(rendered: RenderedFile): void {
    const below = new Map<string, ServiceProps>();
    for (const service of this.chain().flatMap((file) => (file === this ? [] : file.services))) {
      below.set(service.name, { ...below.get(service.name), ...this.changesTo(service) });
    }
    const changed = new Set<Service>();
    for (const [name, changes] of below) {
      const override = this.overrides.get(name);
      if (override !== undefined) changed.add(override);
      if (this.removed.has(name)) {
        rendered.put("services", name, this, new Renderer(this, rendered.register, ["services", name]).render(reset()));
      } else if (override !== undefined) {
        const own = Object.entries(changes).map(([key, value]) => [key, writtenBy(this, value)] as const);
        putService(rendered, override, Object.fromEntries(own));
      } else if (Object.keys(changes).length > 0) {
        const renderer = new Renderer(this, rendered.register, ["services", name]);
        rendered.put("services", name, this, renderer.render(copyIn(changes, this.node.path)));
      }
    }
    for (const service of this.services) if (!changed.has(service)) putService(rendered, service);
  }

  override chain(): readonly ComposeFile[] {
    return [...this.merged];
  }

  protected override provides(resource: Resource): boolean {
    const file = fileOf(resource);
    return file !== undefined && this.merged.has(file);
  }
}

/** `docker-compose.next.yaml` and `prod` make `docker-compose.next.prod.yaml`. */
function overlayName(base: string, id: string): string {
  return base.replace(/(\.ya?ml)?$/, (ending) => `.${id}${ending || ".yaml"}`);
}
