import type { Construct } from "constructs";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { addressOf } from "./facts/service";
import { type LimitedProps, mountOf, propsOf, volumeOf } from "./from-facts";
import type { KbService } from "./kb-service";
import type { OpenWebUi } from "./open-webui";
import type { LambRelease } from "./release";
import { HOST_GATEWAY } from "./running";

/** Which release LAMB is of. */
export interface LambServiceProps extends LimitedProps {
  readonly release: LambRelease;
}

/**
 * LAMB itself: the backend with the bundled frontend.
 *
 * @example
 * ```ts
 * new LambService(file, "lamb", { release: new LambRelease("0.6") });
 * ```
 */
export class LambService extends Service {
  readonly release: LambRelease;
  /** The port of the container. */
  readonly port: number;
  /** LAMB's database and logs of assisted creation. */
  readonly data: Volume;
  /** What people uploaded, and generated images. */
  readonly uploads: Volume;

  constructor(scope: Construct, id: string, { release, memoryLimit }: LambServiceProps) {
    super(scope, id);
    const facts = release.service("lamb");
    const { data, uploads } = facts.folders;
    this.release = release;
    this.port = facts.port;
    this.data = volumeOf(scope, data, release.schemas);
    this.uploads = volumeOf(scope, uploads);
    this.set({
      ...propsOf(facts, { memoryLimit }),
      image: release.image("lamb"),
      extra_hosts: HOST_GATEWAY,
      volumes: [this.data.at(data.path), mountOf(this.uploads, uploads)],
    });
  }

  /** Where other services reach it. */
  get address(): string {
    return addressOf(this);
  }

  /**
   * Keeps LAMB's people and assistants in Open WebUI: through its address, and through its database. LAMB starts without that
   * address, but not before the tables are there, which it reads by the position of their columns.
   */
  useOpenWebUi(openwebui: OpenWebUi): this {
    const { path, writes } = this.release.service("lamb").folders.openwebui;
    return this.setEnvironment("OWI_BASE_URL", openwebui.address)
      .add("volumes", openwebui.data.at(path, writes === undefined ? { readOnly: true } : { reason: writes }))
      .dependsOn(openwebui, "service_healthy", { forLayout: true });
  }

  /** Asks a knowledge base. */
  useKb(kb: KbService): this {
    return this.setEnvironment("LAMB_KB_SERVER", kb.address).dependsOn(kb);
  }
}
