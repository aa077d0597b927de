import type { IConstruct, IMixin } from "constructs";
import { BIND, type Binding, type Use } from "../construct/binding";
import { Job, type JobProps } from "../construct/job";
import { Service, type ServiceProps } from "../construct/service";
import type { JobSpec, ServiceSpec } from "../spec";
import { IMAGE_CAPABILITIES } from "./image-capabilities";

/** Which capabilities images need that are not known. */
export interface HardeningProps {
  /**
   * Capabilities of Linux that images need to start, by the image's name without its tag: `{ "registry.example/shop":
   * ["CHOWN"] }`. They take the place of what is known of that image.
   * @default - what is known of well-known images: databases that change the owner of their data, web servers
   */
  readonly capabilities?: { readonly [image: string]: readonly string[] } | undefined;
}

/** What a service in production has, unless it says otherwise; a job has no need of being started again. */
const RESTART: ServiceProps = { restart: { [BIND]: (use) => (use.isJob() ? undefined : "unless-stopped") } };

/** What every container in production gets, unless it sets the key itself. */
const DEFAULTS: readonly (readonly [keyof JobSpec & keyof ServiceSpec, JobProps & ServiceProps])[] = [
  ["stop_grace_period", { stop_grace_period: "30s" }],
  ["security_opt", { security_opt: ["no-new-privileges:true"] }],
  ["pids_limit", { pids_limit: 1000 }],
];

/**
 * A mixin for every service and every {@link Job} below a construct: it comes back after a crash, has time to stop, gains no rights, has no
 * capabilities but those that its image needs to start, and cannot start processes without end. A job, whose end another
 * service waits for, is not started again. Keys that a service has itself stay: `stack.with(new Hardening())`.
 *
 * @example
 * ```ts
 * file.with(new Hardening());
 * ```
 */
export class Hardening implements IMixin {
  private readonly capabilities: ReadonlyMap<string, readonly string[]>;

  constructor(props: HardeningProps = {}) {
    this.capabilities = new Map(Object.entries(props.capabilities ?? {}));
  }

  supports(construct: IConstruct): construct is Service | Job {
    return Job.isJob(construct) || (Service.isService(construct) && !construct.isOverride);
  }

  applyTo(construct: IConstruct): void {
    if (!this.supports(construct)) return;
    if (Service.isService(construct) && !construct.has("restart")) construct.set(RESTART);
    for (const [key, props] of DEFAULTS) if (!construct.has(key)) construct.set(props);
    if (construct.has("cap_drop")) return;
    construct.set({ cap_drop: ["ALL"] });
    if (!construct.has("cap_add")) construct.set({ cap_add: this.neededBy(construct) });
  }

  /** Decided when the file is written: until then the image may change. */
  private neededBy(container: Service | Job): Binding {
    return {
      [BIND]: (_: Use) => {
        const { imageRepository: repository } = container;
        if (repository === undefined) return undefined;
        const known = IMAGE_CAPABILITIES.filter(({ image }) => image(repository));
        const needed =
          this.capabilities.get(repository) ?? known.flatMap(({ facts }) => facts.flatMap((fact) => fact.capabilities));
        return needed.length === 0 ? undefined : needed;
      },
    };
  }
}
