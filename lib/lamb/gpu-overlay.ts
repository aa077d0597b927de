import type { Image } from "../construct/image/image";
import { Overlay, type OverlayProps } from "../construct/overlay";
import type { Service, ServiceProps } from "../construct/service";
import type { Finding } from "../report/finding";
import type { LambStack } from "./lamb-stack";
import { Ollama } from "./ollama";

/** Which services get which GPUs. */
export interface GpuOverlayProps extends Omit<OverlayProps, "over"> {
  /**
   * An image of Open WebUI that is built for CUDA. LAMB publishes none; without one Open WebUI stays on the CPU.
   * @default - none
   */
  readonly openWebUiImage?: Image | undefined;
  /**
   * How many GPUs, or `all`.
   * @default "all"
   */
  readonly count?: number | "all" | undefined;
}

/**
 * NVIDIA GPUs for the services that can use them: Ollama, when the stack has it, and Open WebUI with an image for CUDA.
 * It changes no image's tag behind anybody's back, and builds none.
 *
 * @example
 * ```ts
 * new Ollama(stack);
 * new GpuOverlay(stack);
 * ```
 */
export class GpuOverlay extends Overlay {
  private readonly stack: LambStack;
  private readonly openWebUiImage: Image | undefined;
  private readonly gpus: ServiceProps;

  constructor(stack: LambStack, id = "gpu", props: GpuOverlayProps = {}) {
    const { openWebUiImage, count = "all", ...file } = props;
    super(stack, id, {
      description: "NVIDIA GPUs. The host needs the driver and the NVIDIA Container Toolkit.",
      ...file,
      over: stack,
    });
    const device = { driver: "nvidia", count, capabilities: ["gpu"] };
    this.stack = stack;
    this.openWebUiImage = openWebUiImage;
    this.gpus = { deploy: { resources: { reservations: { devices: [device] } } } };
  }

  protected override changesTo(service: Service): ServiceProps {
    if (Ollama.isOllama(service)) return this.gpus;
    if (service !== this.stack.openwebui || this.openWebUiImage === undefined) return {};
    return { image: this.openWebUiImage, ...this.gpus };
  }

  override findings(): readonly Finding[] {
    if (this.openWebUiImage !== undefined || this.stack.services.some(Ollama.isOllama)) return [];
    return [
      {
        code: "gpu-for-nobody",
        severity: "error",
        construct: this.node.path,
        file: this.fileName,
        reason: "no service of the stack can use a GPU: there is no Ollama, and no image of Open WebUI for CUDA",
        fix: "create `new Ollama(stack)`, or pass `openWebUiImage`",
      },
    ];
  }
}
