import { references } from "../compose/template/interpolate";

/** The plain values that a text may fall back to: itself when it mentions no variable, else every default in it. */
export function fallbacksIn(text: string): readonly string[] {
  const found = references(text).references;
  if (found.length === 0) return [text];
  return found.flatMap(({ operator, operand }) =>
    (operator === ":-" || operator === "-") && operand && !operand.includes("$") ? [operand] : [],
  );
}
