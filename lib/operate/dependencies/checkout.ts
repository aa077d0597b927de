import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { FRONTEND } from "../../lamb/facts/lamb";
import { SOURCES } from "../../lamb/images/sources";
import { messageOf } from "../error";

/** The folders of LAMB's repository that a folder lacks, each with the reason. A checkout of LAMB lacks none. */
export async function missingFolders(folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const path of [...Object.values(SOURCES).map(({ program }) => program), FRONTEND]) {
    try {
      await readdir(join(folder, path));
    } catch (error) {
      missing.push(`${path} (${messageOf(error)})`);
    }
  }
  return missing;
}
