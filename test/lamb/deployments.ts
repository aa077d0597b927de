import {
  App,
  BackendAlias,
  CaddyOverlay,
  GpuOverlay,
  Image,
  LambRelease,
  LambStack,
  Ollama,
  type Synthesis,
  type SynthOptions,
} from "lamb-compose";

/** What a deployment of LAMB is made of. */
export interface Parts {
  readonly prod?: boolean;
  readonly gpu?: boolean;
  readonly ollama?: boolean;
  readonly alias?: boolean;
  /** Release 0.7 with its library manager. */
  readonly library?: boolean;
}

const CHOICES = ["prod", "gpu", "ollama", "alias", "library"] as const;

const CUDA = new Image("registry.campus.example/openwebui-cuda", { tag: "v0.6" });

const made = new Map<string, Synthesis>();

/** A deployment of the given parts. One without options is made once: nothing can change it. */
export function lamb(parts: Parts = {}, options?: SynthOptions): Synthesis {
  if (options !== undefined) return stackOf(parts).app.synth(options).assertValid();
  const key = CHOICES.filter((choice) => parts[choice] === true).join();
  const synthesis = made.get(key) ?? stackOf(parts).app.synth().assertValid();
  made.set(key, synthesis);
  return synthesis;
}

/** The same, as constructs. */
export function stackOf({ prod, gpu, ollama, alias, library }: Parts = {}): { app: App; stack: LambStack } {
  const app = new App();
  const stack = new LambStack(app, "next", { release: new LambRelease(library === true ? "0.7" : "0.6") });
  if (ollama === true) new Ollama(stack);
  if (alias === true) new BackendAlias(stack.lamb);
  if (gpu === true) new GpuOverlay(stack, "gpu", ollama === true ? {} : { openWebUiImage: CUDA });
  if (prod === true) new CaddyOverlay(stack, "prod");
  return { app, stack };
}

/** Every deployment, by what it is made of. */
export const DEPLOYMENTS: readonly (readonly [name: string, parts: Parts])[] = Array.from(
  { length: 2 ** CHOICES.length },
  (_, number) => {
    const chosen = CHOICES.filter((_, bit) => (number >> bit) % 2 === 1);
    return [["base", ...chosen].join(" + "), Object.fromEntries(chosen.map((choice) => [choice, true]))];
  },
);
