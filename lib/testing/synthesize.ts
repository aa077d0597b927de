import { App } from "../construct/app";
import type { Synthesis } from "../construct/synth/synthesis";
import type { SynthOptions } from "../construct/synth/synthesize";

/**
 * The result of a program that is a function of its app. Findings do not throw: a test may look at them.
 *
 * ```ts
 * const synthesis = synthesize((app) => new LambStack(app, "next"));
 * ```
 */
export function synthesize(program: (app: App) => unknown, options: SynthOptions = {}): Synthesis {
  const app = new App();
  program(app);
  return app.synth(options);
}
