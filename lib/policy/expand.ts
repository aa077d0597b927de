import { InterpolationError, interpolate, references } from "../compose/template/interpolate";
import type { Deployment } from "../construct/synth/deployment";

/**
 * A text as it will be when the operator sets only what must be set: defaults stand, and a variable that Compose
 * demands is its example, or its own name.
 */
export function expand(deployment: Deployment, text: string): string {
  if (!text.includes("$")) return text;
  const demanded = new Set(references(text).references.flatMap((r) => (r.operator?.endsWith("?") ? [r.name] : [])));
  const sample = (name: string) => {
    const variable = deployment.variable(name);
    return variable?.required === true || demanded.has(name) ? (variable?.example ?? name) : undefined;
  };
  try {
    return interpolate(text, sample).text;
  } catch (error) {
    if (error instanceof InterpolationError) return text;
    throw error;
  }
}

/** The plain values that a text may fall back to: itself when it mentions no variable, else every default in it. */
export function fallbacksIn(text: string): readonly string[] {
  const found = references(text).references;
  if (found.length === 0) return [text];
  return found.flatMap(({ operator, operand }) =>
    (operator === ":-" || operator === "-") && operand && !operand.includes("$") ? [operand] : [],
  );
}
