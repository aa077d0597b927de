import { resolve } from "node:path";
import type { Environment } from "../../env/file";
import { Docker } from "../engine/docker";
import { thaw } from "../engine/freeze";
import { ComposeProject } from "../engine/project";
import { isAtWork, openDeployment } from "../journal/open";
import type { Progress, Step } from "../journal/operation";
import { operationRecord } from "../journal/record";
import { removeTried } from "../restore/prove";
import { stagerFor } from "./stores";

const BACKUP = "backup";
/** The steps of operations in which services are paused. */
const FREEZING: ReadonlySet<string> = new Set(["freeze", "back thaw"]);

/**
 * Lets services go on that an operation had paused when it was killed. A backup that was cut off is taken back whole: it
 * changes nothing of the deployment, so that any other command can begin.
 *
 * @throws OperateError; FileError
 */
export async function endCutOffFreeze(dir: string, environment: Environment, progress: Progress): Promise<void> {
  const record = await operationRecord.read(dir);
  if (record === undefined || (await isAtWork(dir))) return;
  const project = new ComposeProject(resolve(dir), new Docker(environment));
  const goOn = async () => {
    const services = await thaw(project);
    if (services.length > 0) progress.note(`these were paused, and go on: ${services.join(", ")}`);
  };
  if (record.operation !== BACKUP) return FREEZING.has(record.step) ? goOn() : undefined;
  const step = (id: string, what: string, act: () => Promise<void>): Step => {
    return { id, what, run: () => act().then(() => undefined) };
  };
  const opened = await openDeployment(dir, BACKUP, progress, true);
  try {
    const back = [
      step("back thaw", "letting paused services go on", goOn),
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
