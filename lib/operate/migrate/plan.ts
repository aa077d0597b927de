import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { readManifest } from "../../disk/manifest";
import { readText } from "../../disk/read-file";
import type { Environment } from "../../env/file";
import { FROZEN } from "../../lamb/facts/frozen";
import { LAMB } from "../../lamb/facts/lamb";
import { LMS_TABLES, releaseWithVolume, TABLE_PREFIX } from "../../lamb/facts/old-places";
import { LambRelease } from "../../lamb/release";
import { type DeploymentChoices, mergedChoices } from "../choices";
import { Copier } from "../data/copier";
import { CHOICES_FILE, planDeployment, readChoices, versionIn } from "../deployment";
import type { Docker } from "../engine/docker";
import { PROJECT_MODEL, type ProjectModel } from "../engine/model";
import { type EnvOnDisk, readEnvOnDisk } from "../env/file";
import { type Ask, planEnv } from "../env/init";
import { resolvedProject } from "../env/project";
import { OperateError } from "../error";
import { readLock } from "../lock/file";
import { existingProjects, freeProjectName } from "../project-names";
import { frozenSpec, surveyed, withLayers } from "./places";
import { heldPaths, holdersOf } from "./processes";
import { DataProgram, type FrozenRows, type Survey, type SurveyedPlace } from "./program";
import { findSource, noInstallation, type Source, type SourcePlace } from "./source";
import { type MappedValues, mapValues, oldAddresses, type VariableFate } from "./variables";

/** Seconds that an image may take to come. */
const PULL_LIMIT = 3600;

export interface MigrationRequest {
  /** Directory of the older installation. */
  readonly from: string;
  /** Directory of the deployment: one that `init` has made, or one that is to be made. */
  readonly dir: string;
  readonly environment: Environment;
  /** Name of the older installation's project. @default - found */
  readonly project?: string | undefined;
  readonly choices: DeploymentChoices;
  readonly given?: ReadonlyMap<string, string> | undefined;
  readonly givenInPrivate?: ReadonlyMap<string, string> | undefined;
  /** Volumes whose data stay behind, by their keys. */
  readonly leave: readonly string[];
  readonly docker: Docker;
  /** Told what takes long. @default - nobody */
  readonly note?: ((text: string) => void) | undefined;
}

/** A folder that is taken. */
export interface PlannedPlace extends Omit<SurveyedPlace, "at" | "databases"> {
  readonly holds: string;
  /** Where it is. */
  readonly from: string;
  readonly kind: SourcePlace["kind"];
  /** Volume of the deployment, and folder in it. */
  readonly to: string;
  /** Database → its rows, all tables together. */
  readonly databases: Readonly<Record<string, number>>;
}

/** Data for which the release has no place. */
export interface LeftPlace {
  readonly holds: string;
  readonly volume: string;
  /** The first release that has one. @default - none is known */
  readonly release?: string | undefined;
  /** Whether that is published. @default true */
  readonly isOut?: boolean | undefined;
}

/** A column that names an older place. */
export interface PlannedColumn extends FrozenRows {
  readonly holds: string;
  readonly place: string;
}

/** What a migration would do, and what it found. No secret. */
export interface MigrationPlan {
  readonly from: string;
  readonly kind: Source["kind"];
  readonly project: string | undefined;
  readonly release: string;
  readonly places: readonly PlannedPlace[];
  /** What the release has no place for. */
  readonly left: readonly LeftPlace[];
  readonly bytes: number;
  readonly free: number;
  readonly variables: readonly VariableFate[];
  /** Lines of `.env` files that nobody can read, with their file. */
  readonly unreadable: readonly string[];
  /** Required variables that nobody has a value for. */
  readonly needed: readonly { readonly name: string; readonly meaning: string; readonly secret: boolean }[];
  readonly frozen: readonly PlannedColumn[];
  readonly addresses: readonly string[];
  readonly lms: readonly { readonly holds: string; readonly rows: number; readonly address: string }[];
  /** Containers of the older installation that run: they are stopped. */
  readonly running: readonly string[];
  /** Those of its containers that the engine starts again when it starts itself. */
  readonly returning: readonly string[];
  /** Programs outside of Docker that have its files open: somebody must stop them. */
  readonly holders: readonly string[];
  readonly prefix: string | undefined;
}

/** What is known before a migration begins. */
export interface Prepared {
  readonly plan: MigrationPlan;
  readonly source: Source;
  readonly release: string;
  /** What Compose will make of the new deployment, as far as it can be known before it is made. */
  readonly model: ProjectModel;
  /** What is taken. */
  readonly places: readonly SourcePlace[];
  readonly choices: DeploymentChoices;
  /** Values for the `.env`. They may be secrets. */
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Looks at an older installation and works out what the deployment of its data would be. Nothing is written; an image with
 * which data can be looked at is pulled where the engine has none.
 *
 * @throws OperateError `no-installation`, `two-installations`, `not-by-init`, `no-copier`
 */
export async function prepareMigration(request: MigrationRequest): Promise<Prepared> {
  const { dir, docker, leave } = request;
  const env = await readEnvOnDisk(join(dir, ".env"));
  const ownName = parseDotenv(env.text ?? "").values.get("COMPOSE_PROJECT_NAME");
  const source = await findSource({ docker, dir: request.from, project: request.project, target: ownName });
  if ((await readManifest(dir)).size > 0 && !existsSync(join(dir, CHOICES_FILE))) {
    const fix = "name a directory that is to be made, or one that `lamb-compose init` has made";
    throw new OperateError({ code: "not-by-init", path: dir, reason: "was not made by `lamb-compose init`", fix });
  }
  const choices = mergedChoices((await readChoices(dir)) ?? {}, request.choices);
  const release = versionIn(choices.release) ?? LambRelease.default;
  const { model, needed, mapped, values } = await plannedProject(request, choices, source, env);
  const has = new Set(Object.keys(model.volumes));
  const chosen = source.places.filter(({ place }) => has.has(place.volume) && !leave.includes(place.volume));
  const staging = await mkdtemp(join(tmpdir(), "lamb-compose-"));
  const look = async () => {
    const program = await programOf(request, source, model);
    return surveyed(program, await withLayers(docker, chosen, staging), release, frozenSpec(model));
  };
  const { survey, places: specs } = await look().finally(() => rm(staging, { recursive: true, force: true }));
  const seen = chosen.flatMap((place, at): readonly Seen[] => {
    const [survived, spec] = [survey.places[at], specs[at]];
    if (survived === undefined || spec === undefined) throw new Error("the program answered for fewer places");
    return survived.at === null ? [] : [{ place, found: survived, at: survived.at, folder: spec.folder }];
  });
  const central = seen.find(({ place }) => place.place.only !== undefined);
  if (central === undefined && !leave.includes(LAMB.folders.data.volume)) {
    throw noInstallation(source.dir, source.project === undefined ? [] : [source.project]);
  }
  const tables = central?.found.databases[TABLE_PREFIX.database] ?? {};
  const prefix = prefixIn(Object.keys(tables));
  const { name, default: usual } = TABLE_PREFIX.variable;
  // What the tables say counts, whatever the old files say.
  if (prefix === usual) values.delete(name);
  else if (prefix !== undefined && !request.given?.has(name)) values.set(name, prefix);
  const left = source.places.filter(({ place, kind }) => kind !== "layer" && !has.has(place.volume));
  const held = await holdersOf(heldPaths(seen.map(({ place }) => place)));
  const plan: MigrationPlan = {
    from: source.dir,
    kind: source.kind,
    project: source.project,
    release,
    places: seen.map(plannedPlace),
    left: left
      .filter(({ place }) => !leave.includes(place.volume))
      .map(({ place: { holds, volume } }) => {
        const { version, out } = releaseWithVolume(volume) ?? {};
        return { holds, volume, release: version, isOut: out };
      }),
    bytes: seen.reduce((sum, { found }) => sum + found.bytes, 0),
    free: survey.free,
    variables: mapped.fates,
    unreadable: source.unreadable,
    needed,
    frozen: plannedColumns(survey),
    addresses: oldAddresses(source),
    lms: LMS_TABLES.flatMap(({ table, holds, address }) => {
      const rows = Number(tables[`${prefix ?? ""}${table}`] ?? 0);
      return rows > 0 ? [{ holds, rows, address }] : [];
    }),
    running: source.containers.filter(({ State }) => State.Status === "running").map(({ Name }) => Name),
    returning: source.containers
      .filter(({ HostConfig }) => HostConfig.RestartPolicy?.Name === "always")
      .map(({ Name }) => Name),
    holders: held.map(({ pid, name: program }) => `${program} (${pid})`),
    prefix,
  };
  // Of the folders where data may be, only the one counts where they are.
  const places = seen.map(({ place, at }) => ({ ...place, folders: place.folders.slice(at, at + 1) }));
  return { plan, source, release, model, places, choices, values };
}

/** A place that is there, and what is in it. */
interface Seen {
  readonly place: SourcePlace;
  readonly found: SurveyedPlace;
  /** Which of its folders is there. */
  readonly at: number;
  /** Folder of the volume that gets it. */
  readonly folder: string;
}

interface PlannedProject {
  readonly model: ProjectModel;
  readonly needed: MigrationPlan["needed"];
  readonly mapped: MappedValues;
  readonly values: Map<string, string>;
}

/** What Compose would make of the new deployment, with the values of the older installation. */
async function plannedProject(
  request: MigrationRequest,
  choices: DeploymentChoices,
  source: Source,
  env: EnvOnDisk,
): Promise<PlannedProject> {
  const { dir, docker, environment, given, givenInPrivate } = request;
  const deployment = planDeployment(choices, (await readLock(dir)).lock);
  const { contract, synthesis, template } = deployment;
  const mapped = await mapValues(source, contract, env.text ?? "", await keyValues(source, docker));
  const words = new Map([...(given ?? []), ...(givenInPrivate ?? [])]);
  const values = new Map([...mapped.given].filter(([name]) => !words.has(name)));
  const files = contract.files.map((file) => ({ ...file, text: synthesis.files.get(file.fileName) ?? "" }));
  const names = files.map(({ fileName }) => fileName);
  const isNew = (await readManifest(dir)).size === 0;
  const projectName = isNew
    ? freeProjectName(deployment.projectName, dir, names, await existingProjects()).name
    : undefined;
  const needed: MigrationPlan["needed"][number][] = [];
  const ask: Ask = async ({ name, meaning, secret, example }, refused) => {
    if (refused !== undefined) {
      const { problem: reason } = refused;
      throw new OperateError({
        code: "missing-values",
        path: name,
        reason,
        fix: `give another value: --set ${name}=…`,
      });
    }
    needed.push({ name, meaning, secret });
    return example ?? `needed-${name.toLowerCase()}`;
  };
  const planned = await planEnv({
    contract,
    env,
    template,
    projectName,
    given,
    givenInPrivate: new Map([...values, ...(givenInPrivate ?? [])]),
    draws: ({ required, secret }) => required && secret,
    ask,
  });
  const project = resolvedProject({ dir, files, env: { ...env, text: planned.text }, contract }, environment);
  return { model: PROJECT_MODEL.parse(project?.model ?? {}), needed, mapped, values };
}

/**
 * The program, in an image that is on the engine: the older installation's, or the new one's. Where there is none, LAMB's image
 * is pulled.
 */
export async function programOf(
  { docker, dir, note }: Pick<MigrationRequest, "docker" | "dir" | "note">,
  { containers }: Source,
  { services }: ProjectModel,
): Promise<DataProgram> {
  const own = Object.values(services).flatMap(({ image }) => image ?? []);
  const images = [...new Set([...containers.map(({ Image }) => Image), ...own])];
  const name = `lamb-compose-migrate-${createHash("sha256").update(resolve(dir)).digest("hex").slice(0, 12)}`;
  try {
    return new DataProgram(docker, await Copier.find(docker, images), name);
  } catch (error) {
    const image = services[LAMB.name]?.image;
    if (!(error instanceof OperateError) || error.code !== "no-copier" || image === undefined) throw error;
    note?.(`pulling ${image}: data are looked at with its Python`);
    await docker.must(["pull", "--quiet", image], { timeout: PULL_LIMIT });
    return new DataProgram(docker, await Copier.find(docker, [image]), name);
  }
}

function plannedPlace({ place, found: { at: _, ...found }, at, folder }: Seen): PlannedPlace {
  const { kind, source, place: old } = place;
  const inside = place.folders[at] ?? "";
  const from = {
    bind: source,
    volume: `volume ${source}${inside && `/${inside}`}`,
    layer: `container ${source.slice(0, 12)}: ${inside}`,
  }[kind];
  const databases = Object.entries(found.databases).map(([path, tables]) => {
    const rows = Object.values(tables).reduce<number>((sum, one) => sum + (typeof one === "number" ? one : 0), 0);
    return [path, rows] as const;
  });
  const to = [old.volume, folder].filter((part) => part !== "").join("/");
  return { ...found, holds: old.holds, from, kind, to, databases: Object.fromEntries(databases) };
}

/** What is frozen, with the names of its places. */
export function plannedColumns({ frozen: rows }: Pick<Survey, "frozen">): readonly PlannedColumn[] {
  return FROZEN.flatMap(({ holds, volume, database, table, column, where }, at) => {
    const found = rows[at];
    const place = `${volume}/${database}: ${table}.${column}${where === undefined ? "" : ` (${where[1]})`}`;
    return found == null ? [] : [{ holds, place, ...found }];
  });
}

/** What stands before the names of LAMB's tables. `undefined` where there is no such database, or none that can be read. */
function prefixIn(tables: readonly string[]): string | undefined {
  const { table } = TABLE_PREFIX;
  return tables.find((name) => name.endsWith(table))?.slice(0, -table.length);
}

/** Keys that containers have made in their own layers. */
async function keyValues({ keys }: Source, docker: Docker): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const { container, path, variable } of keys) {
    const folder = await mkdtemp(join(tmpdir(), "lamb-compose-"));
    try {
      await docker.must(["cp", `${container}:${path}`, join(folder, "key")]);
      const text = (await readText(join(folder, "key")))?.trim() ?? "";
      if (text !== "") found.set(variable.name, text);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return found;
}
