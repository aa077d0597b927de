import { existsSync, realpathSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Copier } from "../data/copier";
import { assertRoomForCopy } from "../data/room";
import type { Docker } from "../engine/docker";
import { ComposeProject, volumesOn } from "../engine/project";
import type { Ask } from "../env/init";
import { OperateError } from "../error";
import { initialize } from "../init";
import { nothingToAbort, type OpenedDeployment, openDeployment } from "../journal/open";
import { type Facts, type OperationResult, type Progress, wordsIn } from "../journal/operation";
import { existingProjects } from "../project-names";
import { refusedBefore, type SwitchRefused } from "../switch/request";
import { PREFLIGHT } from "../up/up";
import { type MigrationPlan, type MigrationRequest, type Prepared, prepareMigration } from "./plan";
import { inUse } from "./processes";
import { MIGRATE_NAME, migrateOperation } from "./steps";

/** What can be asked while the older installation has the ports. */
const CHECKS: ReadonlySet<string> = new Set(
  [...PREFLIGHT].filter((id) => !["ports-free", "volumes-here", "volumes-ours"].includes(id)),
);

export interface MigrateRequest extends Omit<MigrationRequest, "from"> {
  /** Directory of the older installation. @default - that of the migration that was cut off */
  readonly from?: string | undefined;
  readonly progress: Progress;
  readonly ask?: Ask | undefined;
  /** Takes back one that was cut off, and does nothing else. */
  readonly abort: boolean;
  readonly agrees: (plan: MigrationPlan) => Promise<boolean>;
}

/** How it went. */
export type MigrateResult =
  | SwitchRefused
  | { readonly kind: "not-agreed"; readonly plan: MigrationPlan }
  | (OperationResult & { readonly kind: "ended"; readonly plan: MigrationPlan; readonly stopped: readonly string[] });

/**
 * Makes a deployment of the data of an older installation, which stays as it is: its folders and volumes are opened for reading
 * alone. Whatever fails leads back to it.
 *
 * @throws OperateError `target-in-source`, `target-populated`, `no-place`, `disk-full`, `source-in-use`, `unreadable-env`, and those of
 * {@link prepareMigration}
 */
export async function migrate(request: MigrateRequest): Promise<MigrateResult> {
  const { dir, progress, environment, given, ask } = request;
  refuseInside(dir, request.from);
  await mkdir(dir, { recursive: true });
  const opened = await openDeployment(dir, MIGRATE_NAME, progress, request.abort);
  try {
    if (opened.cutOff === undefined && request.abort) throw nothingToAbort(dir);
    const whole = completed(request, opened.cutOff);
    const prepared = await prepareMigration(whole);
    const project = new ComposeProject(dir, request.docker);
    if (opened.cutOff !== undefined) return await carryOut(whole, prepared, project, opened);
    refuse(prepared.plan);
    await refusePopulated(request.docker, prepared);
    if (!(await request.agrees(prepared.plan))) return { kind: "not-agreed", plan: prepared.plan };
    const givenInPrivate = new Map([...prepared.values, ...(request.givenInPrivate ?? [])]);
    await initialize({ dir, choices: prepared.choices, given, givenInPrivate, ask, existing: existingProjects });
    const refused = await refusedBefore({ dir, environment }, CHECKS);
    if (refused !== undefined) return refused;
    return await carryOut(whole, prepared, project, opened);
  } finally {
    await opened.close();
  }
}

/** Whatever is written into the older installation changes it. */
function refuseInside(dir: string, from: string | undefined): void {
  if (from === undefined) return;
  const [target, source] = [realPath(dir), realPath(from)];
  if (target !== source && !target.startsWith(`${source}${sep}`)) return;
  throw new OperateError({
    code: "target-in-source",
    path: dir,
    reason: "is in the older installation, which is only read",
    fix: "name a directory beside it with --dir",
  });
}

/** Where a path leads, as far as it is there. */
function realPath(path: string): string {
  const whole = resolve(path);
  if (existsSync(whole)) return realpathSync(whole);
  const above = dirname(whole);
  return above === whole ? whole : join(realPath(above), basename(whole));
}

/** What is asked for, as it was when the migration began that was cut off. */
function completed(request: MigrateRequest, cutOff: Facts | undefined): MigrateRequest & MigrationRequest {
  const { progress } = request;
  const from = cutOff?.from ?? request.from;
  if (from === undefined) {
    const reason = "is not named, and there is no interrupted migration to continue";
    throw new OperateError({ code: "no-installation", path: "--from", reason, fix: "add --from DIR" });
  }
  const note = (text: string) => progress.note(text);
  if (cutOff === undefined) return { ...request, from, note };
  return { ...request, from, note, project: cutOff.project || undefined, leave: wordsIn(cutOff.leave) };
}

/** What the plan says that nobody may pass over. */
function refuse({ left, bytes, free, unreadable, release, holders }: MigrationPlan): void {
  if (unreadable.length > 0) {
    const reason = "is not NAME=value: it is not clear what was meant";
    const fix = "correct it, or remove the line";
    throw new OperateError({ code: "unreadable-env", path: unreadable.join(", "), reason, fix });
  }
  if (left.length > 0) {
    const volumes = [...new Set(left.map(({ volume }) => volume))];
    const releases = [...new Set(left.flatMap(({ release: one }) => one ?? []))];
    const word = releases.length === 0 ? "--release" : releases.map((one) => `--release ${one}`).join(" or ");
    throw new OperateError({
      code: "no-place",
      path: volumes.join(", "),
      reason: `LAMB ${release} as it is chosen has no place for ${left.map(({ holds }) => holds).join(", and ")}`,
      fix: `choose a release that has one with ${word}, or leave them behind: ${volumes.map((volume) => `--leave ${volume}`).join(" ")}`,
    });
  }
  if (holders.length > 0) throw inUse(holders);
  assertRoomForCopy({ bytes, shared: 0, free });
}

/** Data are never written over data. */
async function refusePopulated(docker: Docker, { source, model }: Prepared): Promise<void> {
  const all = new Set(await volumesOn(docker));
  const there = Object.values(model.volumes).flatMap(({ name }) => (all.has(name) ? [name] : []));
  if (there.length === 0) return;
  const own = Object.values(model.services).flatMap(({ image }) => image ?? []);
  const copier = await Copier.find(docker, [...source.containers.map(({ Image }) => Image), ...own]);
  const full: string[] = [];
  for (const name of there) if ((await copier.measure([name])).files > 0) full.push(name);
  if (full.length === 0) return;
  throw new OperateError({
    code: "target-populated",
    path: full.join(", "),
    reason: "has data already: a migration fills empty volumes, and that once",
    fix: "name another directory with --dir; or, if nobody needs what is there, remove it with `docker compose down --volumes`",
  });
}

async function carryOut(
  request: MigrateRequest & MigrationRequest,
  prepared: Prepared,
  project: ComposeProject,
  opened: OpenedDeployment,
): Promise<MigrateResult> {
  const running = prepared.source.containers.filter(({ State }) => State.Status === "running").map(({ Id }) => Id);
  const facts = opened.cutOff ?? {
    from: prepared.source.dir,
    project: request.project ?? "",
    leave: request.leave.join(" "),
    running: running.join(" "),
  };
  const result = await opened.run(await migrateOperation(request, prepared, project, facts), facts);
  return { ...result, kind: "ended", plan: prepared.plan, stopped: wordsIn(facts.running) };
}
