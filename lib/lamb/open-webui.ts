import type { Construct } from "constructs";
import type { Image } from "../construct/image/image";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import type { Finding } from "../report/finding";
import { addressOf } from "./facts/service";
import { type LimitedProps, propsOf, volumeOf } from "./from-facts";
import type { LambRelease } from "./release";
import { SCRATCH } from "./running";

/** Which release {@link OpenWebUi} is of, and which image it runs. */
export interface OpenWebUiProps extends LimitedProps {
  readonly release: LambRelease;
  /**
   * Another image than the fork that is released together with LAMB.
   * @default - the release's
   */
  readonly image?: Image | undefined;
}

/**
 * Open WebUI, where people talk to assistants.
 *
 * @example
 * ```ts
 * new OpenWebUi(file, "openwebui", { release: new LambRelease("0.6") });
 * ```
 */
export class OpenWebUi extends Service {
  /** The port of the container. */
  readonly port: number;
  /** Database, uploads, vectors and caches. */
  readonly data: Volume;
  private readonly ownImage: Image;

  constructor(scope: Construct, id: string, { release, image, memoryLimit }: OpenWebUiProps) {
    super(scope, id);
    const facts = release.service("openwebui");
    const { data } = facts.folders;
    this.ownImage = release.image("openwebui");
    this.port = facts.port;
    this.data = volumeOf(scope, data);
    this.set({
      ...propsOf(facts, { memoryLimit }),
      image: image ?? this.ownImage,
      volumes: [this.data.at(data.path)],
      // It ends within 2 seconds, and 5 later where an answer of its API is open: more would be of no use.
      stop_grace_period: "10s",
      // It tries to copy two icons within its image at each start, and goes on without: they are there already.
      read_only: true,
      tmpfs: [SCRATCH],
    });
  }

  /** Where other services reach it. */
  get address(): string {
    return addressOf(this);
  }

  /** Offers the assistants of LAMB as models. */
  offerAssistantsOf(lamb: { readonly address: string }): this {
    return this.setEnvironment("OPENAI_API_BASE_URLS", `${lamb.address}/v1`);
  }

  override findings(): readonly Finding[] {
    const { image } = this;
    if (image?.repository === this.ownImage.repository) return [];
    return [
      {
        code: "openwebui-not-lockstep",
        severity: "warning",
        construct: this.node.path,
        path: `services.${this.name}.image`,
        value: String(image?.repository),
        reason:
          "LAMB logs people in through a route of its own fork of Open WebUI and reads its tables by the position of their columns: with another image log-in from LAMB and the list of users will not work",
        fix: "leave `image` out, unless this image is built from the same fork and version",
      },
    ];
  }
}
