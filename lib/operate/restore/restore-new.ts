import { mkdir, readdir, rm, rmdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { isMissing } from "../../disk/error";
import type { Environment } from "../../env/file";
import { copyBeside } from "../backup/beside";
import { BESIDE_FOLDER, readManifestIn } from "../backup/manifest";
import { changeBackupRecords } from "../backup/records";
import { assureRepository, openRepository, readKey, rememberRepository, writeKey } from "../backup/repository";
import { backedUpVolumes, stagerFor, stagingFolder } from "../backup/stores";
import { makeVolumes } from "../data/generations";
import { Docker } from "../engine/docker";
import { LABEL } from "../engine/model";
import { ComposeProject, containersOn, volumesOn } from "../engine/project";
import { pullMissing } from "../engine/pull";
import { OperateError } from "../error";
import { STATE_FOLDER } from "../journal/folder";
import { openDeployment } from "../journal/open";
import { type Operation, type OperationResult, type Progress, type Step, step } from "../journal/operation";
import { operationRecord } from "../journal/record";
import { putState } from "../journal/state-files";
import { giveNames, otherNames } from "../switch/image-names";
import { type FoundSnapshot, fetchSnapshot, filesIn, findSnapshot } from "./fetch";

/** What it is called in the journal: nothing else goes on with it, or takes it back. */
const NAME = "restore --new";
/** What stands in the names of its folder and its container. */
const WORK = "restore";
/** The last step: when it begins, everything is there. */
const CLEAR = "clear";

export interface RestoreNewRequest {
  /** A directory that is empty, or not there. */
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
  /** As restic names repositories. @default - that of the one that was cut off in the directory */
  readonly repository?: string | undefined;
  /** The key. @default - as restic's variables in the environment say */
  readonly key?: string | undefined;
  /** The beginning of a snapshot's name. @default - the last one in the repository */
  readonly snapshot?: string | undefined;
  /** Asked before anything is fetched. */
  readonly agrees: (found: FoundSnapshot) => Promise<boolean>;
}

/** How it went. */
export type RestoreNewResult =
  | { readonly kind: "not-agreed"; readonly found: FoundSnapshot }
  | (OperationResult & { readonly kind: "ended"; readonly snapshot: string });

/**
 * Makes a deployment of a snapshot in an empty directory, with its files, its `.env` and its data, on a host that has
 * nothing of it: it needs the repository and the key. It is not started yet.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function restoreNew(request: RestoreNewRequest): Promise<RestoreNewResult> {
  const { environment, progress, key } = request;
  const dir = resolve(request.dir);
  const done = await endCutOff(dir, request);
  if (done !== undefined) return done;
  await assertEmpty(dir);
  const made = await mkdir(dir, { recursive: true });
  const isFresh = (await readdir(dir)).length === 0;
  const opened = await openDeployment(dir, NAME, progress);
  let isBegun = false;
  try {
    if (key !== undefined) await writeKey(dir, key);
    const place = { dir, environment, to: request.repository };
    const repository = await openRepository(place);
    const { id } = await assureRepository(repository, false);
    const found = await findSnapshot(repository, request.snapshot);
    const docker = new Docker(environment);
    await assertFree(docker, found.manifest.project);
    if (!(await request.agrees(found))) return { kind: "not-agreed", found };
    isBegun = true;
    await rememberRepository(place);
    const keptAt = "where it was when this deployment was restored";
    const time = new Date().toISOString();
    await changeBackupRecords(dir, (now) => ({ ...now, repository: id, key: { keptAt, time } }));
    const project = new ComposeProject(dir, docker);
    const fetch = async () => {
      const folder = stagingFolder(dir, WORK);
      const clear = () => rm(folder, { recursive: true, force: true });
      await fetchSnapshot(repository, found, { folder, stager: { clear } });
    };
    const result = await opened.run(operationOf({ dir, project, progress, fetch }), { snapshot: found.id });
    return { ...result, kind: "ended", snapshot: found.id };
  } finally {
    await opened.close();
    // The key is in there, and of no use to a directory that nothing was restored into.
    if (isFresh && !isBegun) await rm(join(dir, STATE_FOLDER), { recursive: true, force: true });
    if (made !== undefined && !isBegun) await rmdir(dir).catch(() => undefined);
  }
}

/**
 * What is known in a directory of a deployment that was being made in it, when that was cut off: it can go on without being
 * told again where the backup is.
 *
 * @returns `undefined` when none was
 */
export async function interruptedNew(
  dir: string,
): Promise<{ readonly snapshot: string | undefined; readonly hasKey: boolean } | undefined> {
  const record = await operationRecord.read(dir);
  if (record?.operation !== NAME) return undefined;
  return { snapshot: record.facts.snapshot, hasKey: (await readKey(dir)) !== undefined };
}

interface Room {
  readonly dir: string;
  readonly project: ComposeProject;
  readonly progress: Progress;
  readonly fetch: () => Promise<void>;
}

function operationOf({ dir, project, progress, fetch }: Room): Operation {
  const folder = stagingFolder(dir, WORK);
  const stager = () => stagerFor(project, WORK, progress);
  const volumes = async () => {
    const { volumes: there } = await readManifestIn(folder);
    return (await backedUpVolumes(project)).filter(({ key }) => there[key] !== undefined);
  };
  const keys = async () => (await volumes()).map(({ key }) => key);
  const steps = [
    step("fetch", "fetching the snapshot", fetch),
    step("files", "putting the files and the .env in place", async () => {
      const beside = join(folder, BESIDE_FOLDER);
      await copyBeside(await readdir(beside).catch(() => []), beside, dir);
      await putState(filesIn(folder), dir);
    }),
    step("pull", "pulling the images that are missing", async () => {
      project.reread();
      const { images } = await readManifestIn(folder);
      const names = await otherNames(project.docker, Object.values(images));
      // What means another image here may be in use by others.
      for (const { name } of names.filter(({ before }) => before !== "")) {
        progress.note(`${name} means another image on this host than it did then`);
      }
      const missing = names.flatMap(({ after, ...one }) =>
        one.before !== "" || after === undefined ? [] : [{ ...one, after }],
      );
      await giveNames(project.docker, missing, progress);
      await pullMissing(project, progress);
    }),
    step("check", "comparing the data with what was backed up", async () => {
      await (await stager()).verify((await readManifestIn(folder)).volumes);
    }),
    step("fill", "putting the data into volumes", async () => {
      await makeVolumes(project, await keys());
      await (await stager()).fill(await volumes());
    }),
    step(CLEAR, "removing what was fetched", async () => (await stager()).clear()),
  ];
  return { name: NAME, steps, touches: new Set(), back: backSteps(dir, project) };
}

/** What was in the directory, and the volumes of the project, were not there before. */
function backSteps(dir: string, project: ComposeProject): readonly Step[] {
  const folder = stagingFolder(dir, WORK);
  return [
    step("back volumes", "removing the volumes that were made", async () => {
      const { project: name } = await readManifestIn(folder).catch(() => ({ project: undefined }));
      if (name === undefined) return;
      const made = await volumesOn(project.docker, ["--filter", `label=${LABEL.project}=${name}`]);
      await project.docker.run(["rm", "--force", `${name}-${WORK}`]);
      if (made.length > 0) await project.docker.must(["volume", "rm", ...made]);
    }),
    step("back files", "removing what was put into the directory", async () => {
      for (const name of await readdir(dir)) {
        if (name !== STATE_FOLDER) await rm(join(dir, name), { recursive: true });
      }
      await rm(folder, { recursive: true, force: true });
    }),
  ];
}

/**
 * Takes back what one that was cut off has made here.
 *
 * @returns how it ended, where all but the last step was done: then that is done, too, and nothing is taken back
 */
async function endCutOff(
  dir: string,
  { environment, progress }: RestoreNewRequest,
): Promise<RestoreNewResult | undefined> {
  const record = await operationRecord.read(dir);
  if (record?.operation !== NAME) return undefined;
  const isDone = record.direction === "forward" && record.step === CLEAR;
  const opened = await openDeployment(dir, NAME, progress, !isDone);
  try {
    const project = new ComposeProject(dir, new Docker(environment));
    const clear = step(CLEAR, "removing what was fetched", async () => (await stagerFor(project, WORK)).clear());
    const operation = { name: NAME, steps: [clear], touches: new Set<string>(), back: backSteps(dir, project) };
    const result = await opened.run(operation);
    if (result.outcome === "stuck") throw result.second;
    return isDone ? { ...result, kind: "ended", snapshot: record.facts.snapshot ?? "" } : undefined;
  } finally {
    await opened.close();
  }
}

async function assertEmpty(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const others = names.filter((name) => name !== STATE_FOLDER);
  if (others.length === 0) return;
  const reason = `is not empty: ${others.slice(0, 5).join(", ")}${others.length > 5 ? ", …" : ""}`;
  const fix =
    "name a directory that is not there yet; a deployment that is there is started by `lamb-compose up`, and gets a snapshot back by `lamb-compose restore` without --new";
  throw new OperateError({ code: "not-empty", path: dir, reason, fix });
}

async function assertFree(docker: Docker, project: string): Promise<void> {
  const own = ["--filter", `label=${LABEL.project}=${project}`];
  if ((await containersOn(docker, own)).length + (await volumesOn(docker, own)).length === 0) return;
  const reason = "has containers or volumes on this host already";
  const fix =
    "restore it where it is with `lamb-compose restore`; or remove what is left of it, when nobody needs that: `docker compose down --volumes` in its directory";
  throw new OperateError({ code: "project-taken", path: project, reason, fix });
}
