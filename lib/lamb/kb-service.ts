import type { Construct } from "constructs";
import { Service } from "../construct/service";
import type { Volume } from "../construct/volume";
import { addressOf } from "./facts/service";
import { type LimitedProps, propsOf, volumeOf } from "./from-facts";
import type { LambRelease } from "./release";
import { HOST_GATEWAY } from "./running";

/** Which release the knowledge base is of. */
export interface KbServiceProps extends LimitedProps {
  readonly release: LambRelease;
}

/**
 * The knowledge base: documents, their index, and the files that they came from.
 *
 * @example
 * ```ts
 * new KbService(file, "kb", { release: new LambRelease("0.6") });
 * ```
 */
export class KbService extends Service {
  /** The port of the container. */
  readonly port: number;
  /** Database and vector index. */
  readonly data: Volume;
  /** The originals that people uploaded, and what was made from them. */
  readonly originals: Volume;

  constructor(scope: Construct, id: string, { release, memoryLimit }: KbServiceProps) {
    super(scope, id);
    const facts = release.service("kb");
    const { data, originals } = facts.folders;
    this.port = facts.port;
    this.data = volumeOf(scope, data);
    this.originals = volumeOf(scope, originals);
    this.set({
      ...propsOf(facts, { memoryLimit }),
      image: release.image("kb"),
      extra_hosts: HOST_GATEWAY,
      volumes: [this.data.at(data.path), this.originals.at(originals.path)],
    });
  }

  /** Where other services reach it. */
  get address(): string {
    return addressOf(this);
  }
}
