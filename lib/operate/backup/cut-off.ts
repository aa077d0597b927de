import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "../../env/file";
import { Docker } from "../engine/docker";
import { thaw } from "../engine/freeze";
import { ComposeProject } from "../engine/project";
import { FETCHED_FOLDER } from "../journal/folder";
import { isAtWork, openDeployment } from "../journal/open";
import { type Progress, step } from "../journal/operation";
import { operationRecord } from "../journal/record";
import { removeTried } from "../restore/prove";
import { stagerFor } from "./stores";

const BACKUP = "backup";
const RESTORE = "restore";
/** The steps of operations in which services are paused. */
const FREEZING: ReadonlySet<string> = new Set(["freeze", "back thaw"]);

/**
 * Lets services go on that an operation had paused when it was killed, and removes what a restore had only fetched. A backup
 * that was cut off is taken back whole: it changes nothing of the deployment, so that any other command can begin.
 *
 * @throws OperateError; FileError
 */
export async function endCutOffFreeze(dir: string, environment: Environment, progress: Progress): Promise<void> {
  const record = await operationRecord.read(dir);
  const project = new ComposeProject(resolve(dir), new Docker(environment));
  if (record === undefined) return removeFetched(project, progress);
  if (await isAtWork(dir)) return;
  const goOn = async () => {
    const services = await thaw(project);
    if (services.length > 0) progress.note(`these were paused, and run again: ${services.join(", ")}`);
  };
  if (record.operation !== BACKUP) return FREEZING.has(record.step) ? goOn() : undefined;
  const opened = await openDeployment(dir, BACKUP, progress, true);
  try {
    const back = [
      step("back thaw", "resuming paused services", goOn),
      step("back clear", "removing the copies", async () => {
        await (await stagerFor(project, BACKUP)).clear();
        await removeTried(project);
      }),
    ];
    const { outcome, second } = await opened.run({ name: BACKUP, steps: [], touches: new Set(), back });
    if (outcome === "stuck") throw second;
  } finally {
    await opened.close();
  }
}

/** Removes the data that a restore had fetched when it was killed before it had begun: they are not encrypted, and large. */
async function removeFetched(project: ComposeProject, progress: Progress): Promise<void> {
  const { dir } = project;
  if (!existsSync(join(dir, FETCHED_FOLDER)) || (await isAtWork(dir))) return;
  const opened = await openDeployment(dir, RESTORE, progress);
  try {
    await (await stagerFor(project, RESTORE)).clear();
    progress.note("removed what an interrupted restore had fetched");
  } finally {
    await opened.close();
  }
}
