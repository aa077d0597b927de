import { DAMAGES, type DeployedDifference, type FieldDifference } from "./difference";

/** The differences as text for people: the worst last, where the eye is. */
export function formatDifferences(differences: readonly DeployedDifference[]): string {
  const lines = DAMAGES.flatMap((damage) => differences.filter((one) => one.damage === damage)).flatMap(
    ({ kind, name, damage, text, fields }) => [
      `${damage}: ${kind} ${name}: ${text}`,
      ...fields.map((field) => `  ${formatField(field)}`),
    ],
  );
  const counts = DAMAGES.flatMap((damage) => {
    const count = differences.filter((one) => one.damage === damage).length;
    return count === 0 ? [] : [`${count} ${damage}`];
  });
  const sum =
    counts.length === 0 ? "what runs is what the files say" : `at \`docker compose up\`: ${counts.join(", ")}`;
  return [...lines, sum].join("\n");
}

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

function formatField({ path, change, running, files }: FieldDifference): string {
  const values = [running, files].filter((value) => value !== undefined).join(" → ");
  return `${SIGNS[change]} ${path}${values === "" ? "" : `: ${values}`}`;
}
