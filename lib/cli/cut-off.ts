import { existsSync } from "node:fs";
import { join } from "node:path";
import { OPERATION_FILE } from "../operate/journal/folder";
import { progressInLines } from "./progress";
import { warn } from "./report";

/** Services that a killed command had paused go on with the next command, whichever it is. */
export async function endCutOff({ dir }: { readonly dir?: unknown }): Promise<void> {
  if (typeof dir !== "string" || !existsSync(join(dir, OPERATION_FILE))) return;
  const { endCutOffFreeze } = await import("../operate/backup/cut-off");
  try {
    await endCutOffFreeze(dir, process.env, progressInLines());
  } catch (error) {
    // The command itself may be what looks for the reason.
    warn(`note: ${error instanceof Error ? error.message : String(error)}`);
  }
}
