import type { TracedExplanation } from "../construct/resolution";

/** An explanation as text: the value, then a line for each thing that made it. */
export function formatExplanation(explanation: TracedExplanation): string {
  const { path, value, place, construct, template, variables, rule, replaced } = explanation;
  const at = (one: { file: string; line: number; column: number }) => `${one.file}:${one.line}:${one.column}`;
  const lines = [`${path}: ${JSON.stringify(value)}`];
  if (place !== undefined)
    lines.push(`  from ${at(place)}${construct === undefined ? "" : `, written by ${construct}`}`);
  if (template !== undefined) lines.push(`  as ${template}`);
  for (const { name, from } of variables) lines.push(`  ${name}: ${from}`);
  if (rule !== undefined) lines.push(`  by the rule: ${rule}`);
  for (const one of replaced) lines.push(`  instead of what ${at(one)} says`);
  return lines.join("\n");
}
