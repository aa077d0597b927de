import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Environment } from "../../env/file";
import { CHOICES_FILE } from "../deployment";
import { readDeployment } from "../env/directory";
import { STATE_FOLDER, stateFolder } from "../journal/folder";
import { copyState } from "../journal/state-files";

/** The folder of the state in which the files that are to run are made ready. */
const NEXT = "next";

/**
 * Copies the files of a deployment to where the next ones are made of them.
 *
 * @param more files that are to be copied, too
 * @returns the folder
 */
export async function copyToNext(dir: string, environment: Environment, more: readonly string[] = []): Promise<string> {
  await removeNext(dir);
  const folder = await stateFolder(dir, NEXT);
  const { contract } = await readDeployment(dir, environment);
  await copyState(dir, folder, [...contract.files.map(({ fileName }) => fileName), CHOICES_FILE, ...more]);
  return folder;
}

/** Removes what was made ready: it has the `.env` in it. */
export function removeNext(dir: string): Promise<void> {
  return rm(join(dir, STATE_FOLDER, NEXT), { recursive: true, force: true });
}
