import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, OperateError, systemCode } from "../error";

/** Where a deployment keeps what operations write down, beside its files. */
export const STATE_FOLDER = ".lamb-compose";

/** Path in a deployment of the record of an operation that is at work, or was cut off. */
export const OPERATION_FILE = join(STATE_FOLDER, "operation.json");

/** Path in a deployment of the data that a restore has fetched and not yet put into volumes. */
export const FETCHED_FOLDER = join(STATE_FOLDER, "restore.data");

/** It holds copies of the `.env`: nobody but the owner may look into it. */
const OWNER_ONLY = 0o700;

/**
 * Makes a folder of the state, for its owner alone.
 *
 * @returns its path
 * @throws OperateError `cannot-write`
 */
export async function stateFolder(dir: string, ...names: readonly string[]): Promise<string> {
  let path = dir;
  try {
    for (const name of [STATE_FOLDER, ...names]) {
      path = join(path, name);
      await mkdir(path, { mode: OWNER_ONLY }).catch((error: unknown) => {
        if (systemCode(error) !== "EEXIST") throw error;
      });
      await chmod(path, OWNER_ONLY);
    }
    return path;
  } catch (error) {
    const reason = `cannot be made: ${messageOf(error)}`;
    const fix = "allow this user to write in the directory of the deployment, and make room";
    throw new OperateError({ code: "cannot-write", path, reason, fix });
  }
}
