import { resolve } from "node:path";
import type { Environment } from "../../env/file";
import type { Repository } from "../backup/repository";
import { backedUpVolumes, stagerFor, stagingFolder } from "../backup/stores";
import { inGeneration, makeVolumes } from "../data/generations";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { redactorOf } from "../engine/redact";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { endRehearsal, rehearsalOf, watchServices } from "../switch/rehearsal";
import { fetchSnapshot, findSnapshot } from "./fetch";

const NAME = "verify";
/** The generation of the data in which a snapshot is tried: none that runs. */
const TRIED = "-tried";
/** Seconds for which services are watched after they are well. */
const WATCHED = 5;

export interface ProveRequest {
  readonly dir: string;
  readonly environment: Environment;
  readonly repository: Repository;
  /** restic's name of it. */
  readonly snapshot: string;
}

/**
 * Restores a snapshot beside what runs, and starts it where nobody can reach it. Everything of it is removed afterwards.
 *
 * @throws OperateError when it cannot be restored, or does not start
 */
export async function proveRestorable({ dir, environment, repository, snapshot }: ProveRequest): Promise<void> {
  const home = new ComposeProject(resolve(dir), new Docker(environment));
  const model = await home.model();
  const tried = inGeneration(home, TRIED);
  const stager = await stagerFor(home, NAME);
  try {
    const found = await findSnapshot(repository, snapshot);
    await fetchSnapshot(repository, found, { folder: stagingFolder(dir, NAME), stager });
    await stager.verify(found.manifest.volumes);
    const carrying = await triedVolumes(home);
    const keys = carrying.map(({ key }) => key).filter((key) => found.manifest.volumes[key] !== undefined);
    await makeVolumes(tried, keys);
    await stager.fill(carrying.filter(({ key }) => keys.includes(key)));
    const rehearsal = await rehearsalOf(tried, keys, dir);
    const redact = await redactorOf(dir);
    for (const service of startOrder(model)) await startService(rehearsal, service, { redact, model });
    await watchServices(rehearsal, WATCHED, model);
  } finally {
    await removeTried(home);
  }
}

/** Removes what a trial left. */
export async function removeTried(home: ComposeProject): Promise<void> {
  const { name } = await home.model();
  await endRehearsal(home.docker, name);
  await (await stagerFor(home, NAME)).clear();
  const names = (await triedVolumes(home)).map((volume) => volume.name);
  if (names.length > 0) await home.docker.run(["volume", "rm", "--force", ...names]);
}

/** The volumes that only a trial has. */
async function triedVolumes(home: ComposeProject) {
  const own = new Set((await backedUpVolumes(home)).map(({ name }) => name));
  return (await backedUpVolumes(inGeneration(home, TRIED))).filter(({ name }) => !own.has(name));
}
