import type { Deployment } from "../construct/synth/deployment";
import { type ServiceView, servicesOf } from "./service-view";

/** What is known of every service that runs one of certain images. */
export interface ImageFact<What> {
  /** Whether an image, named without tag and digest, is the one. */
  readonly image: (repository: string) => boolean;
  readonly facts: readonly What[];
}

/** The services of a deployment, each with what is known of its image. */
export function* factsOf<What>(
  deployment: Deployment,
  table: readonly ImageFact<What>[],
): Generator<readonly [service: ServiceView, fact: What]> {
  for (const service of servicesOf(deployment)) {
    const { image } = service;
    if (image === undefined) continue;
    for (const entry of table) {
      if (!entry.image(image.repository)) continue;
      for (const fact of entry.facts) yield [service, fact];
    }
  }
}
