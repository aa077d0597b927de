import { join, posix } from "node:path";
import { LAMB } from "../../lamb/facts/lamb";
import { OLD_KEY_FILES, OLD_PLACES, type OldPlace } from "../../lamb/facts/old-places";
import type { ProjectModel } from "../engine/model";
import { isBelow } from "../is-below";
import type { CutoverChange } from "./change";

type Mount = ProjectModel["services"][string]["volumes"][number];

/** Two deployments, as Compose resolves their files. */
export interface Compared {
  /** The older one. */
  readonly old: ProjectModel;
  readonly next: ProjectModel;
  /** Service of the older one → variables whose values stand in its files, as they are. */
  readonly literals: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The folder of the older checkout on this host. */
  readonly root: string;
  /** Whether there is something at a path of this host. */
  readonly isThere: (path: string) => boolean;
  /** Whether the data of the older one were migrated into the next one. */
  readonly isMigrated: boolean;
}

/** What becomes of the older deployment's data. What stays in its volume is no difference. */
export function* dataChanges(compared: Compared): Generator<CutoverChange> {
  const { old, next, root, isMigrated } = compared;
  const migrate = `run \`lamb-compose migrate --from ${root}\``;
  const taken = new Set<string>();
  for (const place of OLD_PLACES) {
    const { holds } = place;
    const layer = layerOf(place, old);
    const from = layer ?? boundFolder(place, compared) ?? volumeOf(place, old);
    if (from === undefined) continue;
    if (from.volume !== undefined) taken.add(from.volume);
    const to = next.volumes[place.volume];
    const subject = `${holds}: ${from.what}`;
    if (to === undefined) {
      const text = `is for the volume ${place.volume}, which the deployment does not have`;
      const fix = "choose the release, or the part, that has it (`lamb-compose init --release`, `--library`)";
      yield { kind: "data-nowhere", subject, text, weight: "blocks", fix };
    } else if (layer !== undefined) {
      const text = "is in the container alone: `docker compose up` with other files makes a new container without it";
      const takeOut = `docker cp --archive \`docker compose ps --all --quiet ${place.layer?.service}\`:${place.layer?.path} .`;
      const fix = isMigrated ? undefined : `take it out first: ${takeOut}; or ${migrate}`;
      yield { kind: "data-in-container", subject, text, weight: isMigrated ? "fine" : "blocks", fix };
    } else if (from.volume !== to.name) {
      const text = `belongs into the volume ${to.name} now${isMigrated ? ", and was migrated" : ""}`;
      const fix = isMigrated ? undefined : migrate;
      yield { kind: "data-moved", subject, text, weight: isMigrated ? "fine" : "blocks", fix };
    } else yield* otherLayout(place, compared, subject);
  }
  yield* keys(compared);
  yield* leftBehind(compared, taken);
}

interface Found {
  readonly what: string;
  /** Name of the volume on the engine. */
  readonly volume?: string | undefined;
}

/** Whether the programs of an older deployment are in images, as in LAMB's own files of today, and not in a checkout. */
export function isOfImages({ services }: ProjectModel): boolean {
  return services[LAMB.name] !== undefined;
}

function layerOf({ layer }: OldPlace, old: ProjectModel): Found | undefined {
  const service = layer === undefined ? undefined : old.services[layer.service];
  if (layer === undefined || service === undefined || mountOver(service.volumes, layer.path) !== undefined)
    return undefined;
  return { what: `${layer.path} in the container of ${layer.service}` };
}

/** The mount at or above a path of a container; the one that is closest. */
function mountOver(mounts: readonly Mount[], path: string): Mount | undefined {
  return mounts
    .filter(({ target }) => isBelow(path, target))
    .reduce<Mount | undefined>(
      (best, one) => (best === undefined || one.target.length > best.target.length ? one : best),
      undefined,
    );
}

function volumeOf({ volumes = [] }: OldPlace, old: ProjectModel): Found | undefined {
  const used = new Set(mountsOf(old).flatMap(({ type, source }) => (type === "volume" ? (source ?? []) : [])));
  for (const { key } of volumes) {
    const volume = old.volumes[key];
    if (volume !== undefined && used.has(key)) return { what: `the volume ${volume.name}`, volume: volume.name };
  }
  return undefined;
}

function mountsOf({ services }: ProjectModel): readonly Mount[] {
  return Object.values(services).flatMap(({ volumes }) => volumes);
}

/** The folder of a checkout: one that is there, or, where the checkout is not, the first that is mounted. */
function boundFolder(place: OldPlace, { old, root, isThere }: Compared): Found | undefined {
  const binds = mountsOf(old).filter(({ type, read_only }) => type === "bind" && !read_only);
  const folders = (place.folders ?? []).flatMap((pattern) => hostFolder(pattern, old, root) ?? []);
  const mounted = folders.filter((folder) => binds.some(({ source = "" }) => isBelow(folder, source)));
  const [sign = ""] = place.only ?? [];
  const folder = mounted.find((one) => isThere(join(one, sign))) ?? (isThere(root) ? undefined : mounted[0]);
  return folder === undefined ? undefined : { what: join(folder, sign) };
}

/** A folder as the host has it. What a variable of a container says is a path of the container. */
function hostFolder(pattern: string, { services }: ProjectModel, root: string): string | undefined {
  const [, name, rest = ""] = /^\$(\w+)(\/.*)?$/.exec(pattern) ?? [];
  if (name === undefined) return join(root, pattern);
  for (const { environment, volumes } of Object.values(services)) {
    const value = environment[name];
    if (value === undefined || value === null || value === "") continue;
    if (!posix.isAbsolute(value)) return join(root, value, rest);
    const mount = mountOver(volumes, value);
    if (mount?.type === "bind" && mount.source !== undefined)
      return join(mount.source, value.slice(mount.target.length), rest);
  }
  return undefined;
}

/** The same volume, mounted at another folder: what is in it lies where nobody looks. */
function* otherLayout(place: OldPlace, { old, next }: Compared, subject: string): Generator<CutoverChange> {
  const { layer } = place;
  if (layer === undefined) return;
  const folderIn = ({ services }: ProjectModel) => {
    const mount = mountOver(services[layer.service]?.volumes ?? [], layer.path);
    return mount === undefined
      ? "."
      : posix.join(mount.volume?.subpath ?? "", posix.relative(mount.target, layer.path));
  };
  const [was, is] = [folderIn(old), folderIn(next)];
  if (was === is) return;
  const named = (folder: string) => (folder === "." ? "at its top" : `below ${folder}/`);
  const text = `lies ${named(was)} in the volume, and is looked for ${named(is)} now`;
  const fix = "move it, or run `lamb-compose migrate --from` with a project name of its own";
  yield { kind: "data-moved", subject, text, weight: "blocks", fix };
}

/** Keys that programs made for themselves in their containers. */
function* keys({ old, isMigrated }: Compared): Generator<CutoverChange> {
  if (!isOfImages(old)) return;
  for (const { service, path, variable } of OLD_KEY_FILES) {
    const own = old.services[service];
    if (own === undefined || own.environment[variable.name] || mountOver(own.volumes, path) !== undefined) continue;
    const text = "is in the container alone, and signs the sessions of everybody";
    const take = `run \`docker compose exec ${service} cat ${path}\`, and give its text to ${variable.name}; without it everybody signs in again`;
    const [weight, fix] = isMigrated ? (["fine", undefined] as const) : (["decide", take] as const);
    yield { kind: "data-in-container", subject: `${path} of ${service}`, text, weight, fix };
  }
}

/** What is mounted in the older deployment, can be written, and is of none of the known places. */
function* leftBehind({ old, next, root }: Compared, taken: ReadonlySet<string>): Generator<CutoverChange> {
  const kept = new Set(Object.values(next.volumes).map(({ name }) => name));
  const seen = new Set<string>();
  for (const { type, source = "", read_only } of mountsOf(old)) {
    const name = type === "volume" ? (old.volumes[source]?.name ?? "") : source;
    if (read_only || name === "" || seen.has(name) || taken.has(name) || kept.has(name)) continue;
    seen.add(name);
    if (type === "bind" && (isBelow(name, root) || isBelow(root, name))) continue;
    if (type !== "bind" && type !== "volume") continue;
    const text = "is no longer used, and stays where it is";
    const fix = "keep it until somebody has looked at it";
    const subject = type === "volume" ? `the volume ${name}` : name;
    yield { kind: "data-left", subject, text, weight: "decide", fix };
  }
}
