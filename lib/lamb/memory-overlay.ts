import { Overlay, type OverlayProps } from "../construct/overlay";
import type { Service, ServiceProps } from "../construct/service";
import type { LambStack } from "./lamb-stack";

/**
 * The limits of memory of a stack whose files are published as an artifact. `docker compose publish` takes no variable
 * in `mem_limit`, so an artifact cannot have them: the operator keeps this file beside the `.env`, and names it after
 * the artifact.
 */
export class MemoryOverlay extends Overlay {
  private readonly stack: LambStack;

  constructor(stack: LambStack, id = "memory", props: Omit<OverlayProps, "over"> = {}) {
    super(stack, id, {
      description: "How much memory the services may take, from the .env. It is no part of a published artifact.",
      ...props,
      over: stack,
    });
    this.stack = stack;
  }

  protected override changesTo(service: Service): ServiceProps {
    const { release, lamb, kb, openwebui } = this.stack;
    const limits = new Map<Service, ServiceProps["mem_limit"]>([
      [lamb, release.service("lamb").memory],
      [kb, release.service("kb").memory],
      [openwebui, release.service("openwebui").memory],
    ]);
    const limit = limits.get(service);
    return limit === undefined ? {} : { mem_limit: limit };
  }
}
