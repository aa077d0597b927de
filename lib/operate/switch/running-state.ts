import { type DeployedDifference, deployedDifferences } from "../deployed/difference";
import { hashesOf, serviceOf } from "../engine/model";
import type { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { containerHash, type HistoryEntry, readHistory } from "../journal/history";
import { generationIn, recordState } from "../journal/record-state";

/**
 * The state of the history that runs. Where what runs is what the files say, and was not kept yet, it is kept now.
 *
 * @param orLast whether the state that was kept last will do where what runs is no state, as after a release that failed on
 *   the data themselves: its data must be those of now
 * @throws OperateError `not-running`, `unknown-state`
 */
export async function runningState(project: ComposeProject, operation: string, orLast = false): Promise<HistoryEntry> {
  const containers = await project.containers();
  if (containers.length === 0) {
    const fix = "start it with `lamb-compose up` first";
    throw new OperateError({ code: "not-running", path: project.dir, reason: "nothing of the deployment runs", fix });
  }
  const hashes = hashesOf(containers);
  const images = new Map(containers.map((container) => [serviceOf(container), container.Image]));
  const isRunning = (entry: HistoryEntry) =>
    Object.entries(entry.images).every(([service, { id }]) => {
      return images.get(service) === id && hashes.get(service) === containerHash(entry, service);
    });
  const mounted = new Set(containers.flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => Name ?? [])));
  const hasItsData = ({ volumes }: HistoryEntry) => volumes.every((name) => mounted.has(name));
  const kept = async () => (await readHistory(project.dir)).findLast((entry) => isRunning(entry) && hasItsData(entry));
  const found = await kept();
  if (found !== undefined) return found;
  const differences = (await deployedDifferences(project)).filter(({ damage }) => damage !== "nothing");
  if (differences.length === 0) {
    await recordState(project, operation, new Date());
    const now = await kept();
    if (now !== undefined) return now;
  }
  const last = (await readHistory(project.dir)).at(-1);
  if (orLast && last !== undefined && last.generation === (await generationIn(project.dir))) return last;
  throw unknownState(project.dir, differences);
}

function unknownState(dir: string, differences: readonly DeployedDifference[]): OperateError {
  const names = differences.map(({ kind, name }) => `${kind} ${name}`).join(", ");
  return new OperateError({
    code: "unknown-state",
    path: dir,
    reason: `what runs was made from other files than those in the directory, and those were not kept: ${names}`,
    fix: "put the earlier files back and run `lamb-compose up`, which keeps them; then bring the new ones",
  });
}
