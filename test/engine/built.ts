import { fileURLToPath } from "node:url";
import { must } from "./run";

/** The images that a script builds, unless they are there, and names, a line each. */
export async function builtBy(script: string): Promise<Readonly<Record<string, string>>> {
  const built = await must(fileURLToPath(new URL(script, import.meta.url)), []);
  console.log(`${script}: ${built.seconds.toFixed(1)} s`);
  const rows = built.stdout.trim().split("\n");
  return Object.fromEntries(rows.map((row) => row.split(" ")).map(([name = "", image = ""]) => [name, image]));
}
