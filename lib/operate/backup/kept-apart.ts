import { existsSync } from "node:fs";
import type { Environment } from "../../env/file";
import { readDeployment } from "../env/directory";

/**
 * What an operator must know of secrets beside the key. Sentences.
 */
export async function keptApart(dir: string, environment: Environment): Promise<readonly string[]> {
  const sentences = ["The backups have the .env in them: anyone with the repository and the key has all its secrets."];
  if (!existsSync(dir)) return sentences;
  const { contract } = await readDeployment(dir, environment);
  const opening = contract.variables.filter(({ form }) => form === "fernet").map(({ name }) => name);
  if (opening.length === 0) return sentences;
  const names = opening.join(", ");
  return [
    ...sentences,
    `${names} opens what is encrypted within the data: keep a copy of it apart from the data, too, where the key is.`,
  ];
}
