import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Environment } from "../../env/file";
import { amounts, megabytes } from "../amounts";
import type { Copier } from "../data/copier";
import { assertRoomIn } from "../data/room";
import { DoctorFacts } from "../doctor/facts";
import { Docker } from "../engine/docker";
import { thaw, untilWell, wellServices, whileFrozen } from "../engine/freeze";
import { ComposeProject } from "../engine/project";
import { OperateError } from "../error";
import { type OpenedDeployment, openDeployment } from "../journal/open";
import {
  type Facts,
  type Operation,
  type OperationResult,
  type Progress,
  type Step,
  step,
  wordsIn,
} from "../journal/operation";
import { filesOf, generationIn } from "../journal/record-state";
import { copyState } from "../journal/state-files";
import { proveRestorable, removeTried } from "../restore/prove";
import { copyBeside, filesBeside } from "./beside";
import { leftOutOf, leftOutText } from "./left-out";
import { BESIDE_FOLDER, FILES_FOLDER, writeManifest } from "./manifest";
import { type BackupRecord, changeBackupRecords, readBackupRecords } from "./records";
import {
  assureKey,
  assureRepository,
  openRepository,
  projectTag,
  type Repository,
  rememberRepository,
  TAG,
} from "./repository";
import { farIn, summaryIn } from "./restic-json";
import { type Retention, retentionWords } from "./retention";
import type { StagedVolume, Stager } from "./stager";
import { copierFor, presentVolumes, stagerFor, stagingFolder } from "./stores";

const NAME = "backup";
/** Milliseconds after which what is not needed any more is removed from the repository again. */
const PRUNED_MS = 7 * 24 * 3600_000;
/** How much of the repository is read after each backup. */
const READ_PART = "5%";

/** What is proved of a backup after it was made. */
export type Verification = "none" | "quick" | "restore";

export interface BackupRequest {
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
  /** The repository, as restic names it. @default - the one of the last time, or of the environment */
  readonly to?: string | undefined;
  readonly keep: Retention;
  readonly verify: Verification;
  /** Seconds for which services may be held. */
  readonly maxFreeze: number;
  /**
   * Asked when the key that was made here has been put nowhere else yet, with the key.
   *
   * @returns where it was put; `undefined` when nobody said so, and then nothing is backed up
   */
  readonly askKey: (key: string) => Promise<string | undefined>;
}

/** How it went. */
export type BackupResult =
  | { readonly kind: "key-not-kept" }
  | (OperationResult & { readonly kind: "ended"; readonly backup: BackupRecord | undefined; readonly place: string });

interface Room {
  readonly request: BackupRequest;
  readonly project: ComposeProject;
  readonly repository: Repository;
  /** restic's name of the repository. */
  readonly id: string;
  readonly stager: Stager;
  readonly volumes: readonly StagedVolume[];
  readonly folder: string;
}

/**
 * Puts the data of one instant, the files and the `.env` into a repository of restic's, while people work: a first copy is
 * made while all runs, and services are held only while what changed since is copied. Whatever fails, they go on.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function backup(request: BackupRequest): Promise<BackupResult> {
  const { dir, environment, progress } = request;
  const opened = await openDeployment(dir, NAME, progress);
  try {
    const repository = await openRepository(request);
    await new DoctorFacts({ dir, environment }).localInfo();
    const project = new ComposeProject(resolve(dir), new Docker(environment));
    const copier = await copierFor(project);
    const volumes = await presentVolumes(project);
    await assertRoom(dir, copier, volumes);
    if (repository.ownKey) {
      const key = await assureKey(dir, environment);
      const { key: kept } = await readBackupRecords(dir);
      const keptAt = kept?.keptAt ?? (await request.askKey(key));
      if (keptAt === undefined) return { kind: "key-not-kept" };
      if (kept === undefined) await keyKept(dir, keptAt);
    }
    const id = await reach(request, repository);
    const stager = await stagerFor(project, NAME, request.progress);
    const room = { request, project, repository, id, stager, volumes, folder: stagingFolder(dir, NAME) };
    return await carryOut(room, opened);
  } finally {
    await opened.close();
  }
}

/** Remembers where the key was put. */
export function keyKept(dir: string, keptAt: string): Promise<void> {
  return changeBackupRecords(dir, (now) => ({ ...now, key: { keptAt, time: new Date().toISOString() } }));
}

/** Everything that can be wrong with the repository is found before the data are copied. @returns restic's name of it */
async function reach(request: BackupRequest, repository: Repository): Promise<string> {
  const { dir, progress } = request;
  const known = (await readBackupRecords(dir)).repository;
  const { id, isNew } = await assureRepository(repository, repository.isOther || known === undefined);
  // What a process left that was killed on this host.
  await repository.restic.run(["unlock"]);
  if (isNew) progress.note(`made a repository at ${repository.place}`);
  const { folder } = repository;
  if (folder !== undefined && (await stat(folder)).dev === (await stat(dir)).dev) {
    progress.note(`${folder} is on the disk of the deployment: a backup there is lost with it`);
  }
  return id;
}

async function assertRoom(dir: string, copier: Copier, volumes: readonly StagedVolume[]): Promise<void> {
  if (volumes.length === 0) {
    const reason = "has no volumes with data";
    const fix = "start it once with `lamb-compose up`; in a program, volumes with data are a `DataVolume`";
    throw new OperateError({ code: "no-data", path: dir, reason, fix });
  }
  await assertRoomIn(dir, (await copier.measure(volumes.map(({ name }) => name))).bytes);
}

async function carryOut(room: Room, opened: OpenedDeployment): Promise<BackupResult> {
  const { project, repository } = room;
  const well = await wellServices(project);
  const result = await opened.run(operationOf(room), { well: well.join(" ") });
  const backup = recordIn(result.facts);
  return { ...result, kind: "ended", backup, place: repository.place };
}

/** A step that tells later ones something. */
function telling(id: string, what: string, run: Step["run"]): Step {
  return { id, what, run };
}

function operationOf(room: Room): Operation {
  const { request, project, repository, id, stager, volumes, folder } = room;
  const { dir, progress, keep, verify } = request;
  const { restic } = repository;
  const well = async (facts: Facts) => {
    const left = await untilWell(project, wordsIn(facts.well));
    if (left.length > 0) throw notWell(left);
  };
  const steps = [
    step("copy", "copying the data, while all runs", async () => {
      await stager.clear();
      await mkdir(folder, { mode: 0o700 });
      await copyState(dir, join(folder, FILES_FOLDER), filesOf(await project.containers(), dir));
      await copyBeside(filesBeside(await project.model(), dir).read, dir, join(folder, BESIDE_FOLDER));
      for (const sentence of leftOutText(await leftOutOf(project))) progress.note(sentence);
      if (await stager.isPlain()) {
        progress.note(
          "no image has Python: the data are copied whole while services are held, and databases not checked",
        );
        return;
      }
      const start = performance.now();
      const written = await stager.stage(volumes);
      const seconds = (performance.now() - start) / 1000;
      progress.note(`${megabytes(written)} copied in ${seconds.toFixed(1)} s`);
    }),
    telling("freeze", "copying what changed meanwhile, at one instant", async () => {
      let time = "";
      const held = await whileFrozen(
        project,
        // What is one for all generations is no part of the instant: its writer, the proxy, lets requests wait meanwhile.
        volumes.flatMap(({ name, facts }) => (facts.sameInAllGenerations ? [] : [name])),
        async () => {
          time = new Date().toISOString();
          await stager.stage(volumes, request.maxFreeze);
        },
      );
      progress.note(`services were paused for ${held.toFixed(1)} s`);
      return { time, held: held.toFixed(3) };
    }),
    telling("check", "checking the copies, and hashing them", async ({ time = "" }) => {
      const described = await stager.describe(volumes);
      const [generation, leftOut] = [await generationIn(dir), await leftOutOf(project)];
      await writeManifest(folder, project, { time, generation, volumes: described, leftOut });
      const bytes = Object.values(described).reduce((sum, one) => sum + one.bytes, 0);
      return { bytes: `${bytes}` };
    }),
    telling("archive", `putting them into ${repository.place}`, async (facts) => {
      const { name } = await project.model();
      const tags = [TAG, projectTag(name)].flatMap((tag) => ["--tag", tag]);
      const stdout = await restic.must(["backup", "--json", ...tags, "."], folder, farIn(amounts(progress)));
      const { snapshot_id: snapshot, data_added: added } = summaryIn(stdout);
      const now = { ...facts, snapshot, added: `${added}` };
      await rememberRepository(request);
      await changeBackupRecords(dir, (records) => ({ ...records, repository: id }));
      await remember(dir, now);
      return now;
    }),
    step("keep", "removing old snapshots", () => forget(room, keep)),
    step("clear", "removing the copies", () => stager.clear()),
    telling("verify", "checking that it can be restored", async (facts) => {
      if (verify === "none") return undefined;
      const { environment } = request;
      if (verify === "quick") await restic.must(["check", `--read-data-subset=${READ_PART}`]);
      else await proveRestorable({ dir, environment, repository, snapshot: facts.snapshot ?? "" });
      const now = { ...facts, verified: verify === "quick" ? "read" : "restored" };
      await remember(dir, now);
      return now;
    }),
    step("well", "waiting until all services are healthy again", well),
  ];
  const back = [
    step("back thaw", "resuming paused services", () => thaw(project)),
    step("back clear", "removing the copies", async () => {
      if (verify === "restore") await removeTried(project);
      await stager.clear();
    }),
    step("back well", "waiting until all services are healthy again", well),
  ];
  return { name: NAME, steps, touches: new Set(), back };
}

async function forget({ request, project, repository }: Room, keep: Retention): Promise<void> {
  const { dir, progress } = request;
  const { pruned } = await readBackupRecords(dir);
  const prunes = pruned === undefined || Math.abs(Date.now() - Date.parse(pruned)) > PRUNED_MS;
  const { name } = await project.model();
  const words = ["forget", "--tag", `${TAG},${projectTag(name)}`, "--group-by", "", ...retentionWords(keep)];
  const all = [...words, ...(prunes ? ["--prune"] : [])];
  const answer = await repository.restic.run(all);
  if (answer.code === 0) {
    if (prunes) await changeBackupRecords(dir, (now) => ({ ...now, pruned: new Date().toISOString() }));
    return;
  }
  // A repository that only takes new data is a good one.
  progress.note(`old snapshots stay: ${repository.restic.problem(all, answer).reason}`);
}

function recordIn({ snapshot, time = "", bytes, added, held, verified }: Facts): BackupRecord | undefined {
  if (snapshot === undefined) return undefined;
  const numbers = { bytes: Number(bytes), added: Number(added), held: Number(held) };
  const proof = verified === "read" || verified === "restored" ? ({ verified } as const) : {};
  return { snapshot, time, ...numbers, ...proof };
}

async function remember(dir: string, facts: Facts): Promise<void> {
  const record = recordIn(facts);
  if (record === undefined) return;
  await changeBackupRecords(dir, (now) => {
    return { ...now, backups: [...now.backups.filter(({ snapshot }) => snapshot !== record.snapshot), record] };
  });
}

function notWell(services: readonly string[]): OperateError {
  return new OperateError({
    code: "not-lasting",
    path: services.join(", "),
    reason: "was healthy before the backup, and is not healthy again since it was paused",
    fix: `find out why: docker compose logs ${services.join(" ")}`,
  });
}
