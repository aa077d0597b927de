import { statSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, isAbsolute, join, resolve } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import type { EnvVar } from "../../construct/env-var";
import { OLD_ENV_FILES, OLD_KEY_FILES, OLD_PLACES, type OldPlace } from "../../lamb/facts/old-places";
import type { Docker } from "../engine/docker";
import { type Container, LABEL, serviceOf } from "../engine/model";
import { containersOn, volumesOn } from "../engine/project";
import { readEnvOnDisk } from "../env/file";
import { OperateError, systemCode } from "../error";
import { isBelow } from "../is-below";
import { changedIn } from "../layers";

/** A value of an `.env` of an older installation. */
export interface OldValue {
  /** Path of the file in the installation's directory. */
  readonly file: string;
  readonly name: string;
  readonly value: string;
  /** What the name means in this file. @default - what it means everywhere */
  readonly means?: EnvVar | undefined;
}

/** A folder with data of an older installation. */
export interface SourcePlace {
  readonly place: OldPlace;
  readonly kind: "bind" | "volume" | "layer";
  /** Path on the host, name of the volume, or id of the container. */
  readonly source: string;
  /** Folders in it where the data may be: the first that is there counts. Absolute in a container. */
  readonly folders: readonly string[];
}

/** An older installation, as it was found. Nothing of it was changed. */
export interface Source {
  readonly dir: string;
  /** With folders of a checkout, or with volumes of upstream's next files. */
  readonly kind: "checkout" | "volumes";
  /** Name of its project on the engine. @default - none is known */
  readonly project: string | undefined;
  readonly values: readonly OldValue[];
  /** Lines of its `.env` files that nobody can read. */
  readonly unreadable: readonly string[];
  readonly places: readonly SourcePlace[];
  /** Its containers, running or not. */
  readonly containers: readonly Container[];
  /** Files with keys in containers' own layers. */
  readonly keys: readonly { readonly container: string; readonly path: string; readonly variable: EnvVar }[];
}

export interface FindSourceOptions {
  readonly docker: Docker;
  readonly dir: string;
  /** Name of its project. @default - found */
  readonly project?: string | undefined;
  /** Name of the project that is to have the data: it is not the source. @default - none */
  readonly target?: string | undefined;
}

const WORKING_DIR = `${LABEL.project}.working_dir`;

/**
 * Looks what kind of installation a directory is of, and where its data are.
 *
 * @throws OperateError `no-installation`, `two-installations`
 */
export async function findSource({ docker, dir, project, target }: FindSourceOptions): Promise<Source> {
  const root = await realpath(dir).catch(() => resolve(dir));
  const { values, unreadable } = await oldValues(root);
  const all = await containersOn(docker);
  const containers = all.filter((one) => target === undefined || one.Config.Labels[LABEL.project] !== target);
  const own = containers.filter((one) => mountsBelow(one, root) || one.Config.Labels[WORKING_DIR] === root);
  const names = [...own.map(({ Config }) => Config.Labels[LABEL.project])];
  names.push(oldValue(values, "COMPOSE_PROJECT_NAME"), projectNameOf(root));
  const candidates = [...new Set(project === undefined ? names : [project])].flatMap((name) =>
    name === undefined || name === target ? [] : [name],
  );
  const bound = boundPlaces(root, values, own);
  const volumed = await volumePlaces(docker, candidates, containers);
  const isVolumes = volumed?.places.some(isCentral) ?? false;
  // Volumes of a project that was named are what is meant.
  const isCheckout = bound.some(isCentral) && !(isVolumes && project !== undefined);
  if (isCheckout && isVolumes && volumed !== undefined) {
    throw new OperateError({
      code: "two-installations",
      path: root,
      reason: `has data in folders, and the project ${volumed.project} has data in volumes`,
      fix: `say which one is meant: \`--project ${volumed.project}\` takes the volumes, \`--project\` with any other name the folders`,
    });
  }
  if (!isCheckout && !isVolumes) throw noInstallation(root, candidates);
  const kind = isCheckout ? "checkout" : "volumes";
  const name = isCheckout ? own[0]?.Config.Labels[LABEL.project] : volumed?.project;
  const its = isCheckout ? own : containers.filter(({ Config }) => Config.Labels[LABEL.project] === name);
  const certificates = (isCheckout ? (volumed?.places ?? []) : []).filter(({ place }) => place.folders === undefined);
  return {
    dir: root,
    kind,
    project: name,
    values,
    unreadable,
    places: isCheckout ? [...bound, ...certificates] : (volumed?.places ?? []),
    containers: its,
    keys: isCheckout ? [] : await keysIn(docker, its),
  };
}

/** Whether people's work is there, and not only what belongs to it. */
function isCentral({ place, kind }: SourcePlace): boolean {
  return kind !== "layer" && place.only !== undefined;
}

/** The value that a name has in the first file that gives it one. */
export function oldValue(values: readonly OldValue[], name: string): string | undefined {
  return values.find((one) => one.name === name && one.value !== "")?.value;
}

async function oldValues(dir: string): Promise<Pick<Source, "values" | "unreadable">> {
  const values: OldValue[] = [];
  const unreadable: string[] = [];
  for (const { path, names } of OLD_ENV_FILES) {
    const { text = "" } = await readEnvOnDisk(join(dir, path));
    const { entries, problems, values: found } = parseDotenv(text);
    for (const { line } of problems) unreadable.push(`${path}:${line}`);
    for (const name of new Set(entries.map((entry) => entry.name))) {
      values.push({ file: path, name, value: found.get(name) ?? "", means: names[name] });
    }
  }
  return { values, unreadable };
}

function mountsBelow({ Mounts }: Container, dir: string): boolean {
  return Mounts.some(({ Type, Source }) => Type === "bind" && isBelow(Source, dir));
}

function projectNameOf(dir: string): string {
  return basename(dir)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}

function boundPlaces(
  dir: string,
  values: readonly OldValue[],
  containers: readonly Container[],
): readonly SourcePlace[] {
  return OLD_PLACES.flatMap((place) => {
    for (const pattern of place.folders ?? []) {
      const folder = hostFolder(pattern, dir, values, containers);
      if (folder === undefined) continue;
      const sign = place.only?.[0] === undefined ? folder : join(folder, place.only[0]);
      if (isThere(sign)) return [{ place, kind: "bind", source: folder, folders: [""] }];
    }
    return [];
  });
}

/** A folder of the installation as the host has it. What its programs call it may be the path in their containers. */
function hostFolder(
  pattern: string,
  dir: string,
  values: readonly OldValue[],
  containers: readonly Container[],
): string | undefined {
  const [, name, rest = ""] = /^\$(\w+)(\/.*)?$/.exec(pattern) ?? [];
  if (name === undefined) return join(dir, pattern);
  const value = oldValue(values, name);
  if (value === undefined) return undefined;
  const path = join(value, rest);
  if (!isAbsolute(path)) return join(dir, path);
  const mounts = containers.flatMap(({ Mounts }) => Mounts).filter(({ Type }) => Type === "bind");
  const mount = mounts.find(({ Destination }) => isBelow(path, Destination));
  if (mount !== undefined) return join(mount.Source, path.slice(mount.Destination.length));
  const project = oldValue(values, "LAMB_PROJECT_PATH");
  return project !== undefined && isBelow(path, project) ? join(dir, path.slice(project.length)) : path;
}

/** What this user may not look into is there: the engine may. */
export function isThere(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (error) {
    return systemCode(error) !== "ENOENT" && systemCode(error) !== "ENOTDIR";
  }
}

async function volumePlaces(
  docker: Docker,
  projects: readonly string[],
  containers: readonly Container[],
): Promise<{ readonly project: string; readonly places: readonly SourcePlace[] } | undefined> {
  for (const project of projects) {
    const has = new Set(await volumesOn(docker, ["--filter", `label=${LABEL.project}=${project}`]));
    if (has.size === 0) continue;
    const own = containers.filter(({ Config }) => Config.Labels[LABEL.project] === project);
    const places: SourcePlace[] = [];
    for (const place of OLD_PLACES) {
      places.push(...volumesOf(project, place, has));
      const layer = await layerOf(docker, place, own);
      if (layer !== undefined) places.push(layer);
    }
    if (places.length > 0) return { project, places };
  }
  return undefined;
}

function volumesOf(project: string, place: OldPlace, has: ReadonlySet<string>): readonly SourcePlace[] {
  const there = (place.volumes ?? []).filter(({ key }) => has.has(`${project}_${key}`));
  const [first] = there;
  if (first === undefined) return [];
  const folders = there.filter(({ key }) => key === first.key).map(({ folder = "" }) => folder);
  return [{ place, kind: "volume", source: `${project}_${first.key}`, folders }];
}

/** What a container has in its own layer, where later files have a volume. */
async function layerOf(
  docker: Docker,
  place: OldPlace,
  containers: readonly Container[],
): Promise<SourcePlace | undefined> {
  const { layer } = place;
  if (layer === undefined) return undefined;
  for (const container of containers.filter((one) => serviceOf(one) === layer.service)) {
    if (container.Mounts.some(({ Destination }) => isBelow(layer.path, Destination))) continue;
    const added = await addedBelow(docker, container.Id, layer.path);
    if (added) return { place, kind: "layer", source: container.Id, folders: [layer.path] };
  }
  return undefined;
}

async function keysIn(docker: Docker, containers: readonly Container[]): Promise<Source["keys"]> {
  const found: { container: string; path: string; variable: EnvVar }[] = [];
  for (const { service, path, variable } of OLD_KEY_FILES) {
    for (const { Id } of containers.filter((one) => serviceOf(one) === service)) {
      if (await addedBelow(docker, Id, path)) found.push({ container: Id, path, variable });
    }
  }
  return found;
}

/** Whether a container has written a file, or a file below a folder. */
async function addedBelow(docker: Docker, container: string, path: string): Promise<boolean> {
  return (await changedIn(docker, container)).some((one) => isBelow(one, path));
}

/** There is nothing to take. */
export function noInstallation(dir: string, projects: readonly string[]): OperateError {
  return new OperateError({
    code: "no-installation",
    path: dir,
    reason: `has no installation of LAMB: no database in its folders, and no volumes of the project ${projects.join(" or ")}`,
    fix: "name the directory of the checkout (LAMB_PROJECT_PATH), or of upstream's Compose file; with --project, the name of the project that `docker compose ls --all` shows",
  });
}
