import { realpathSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FROZEN } from "../../lamb/facts/frozen";
import { RELEASES, servicesOf } from "../../lamb/facts/releases";
import type { CopierMount } from "../data/container";
import type { Docker } from "../engine/docker";
import type { ProjectModel } from "../engine/model";
import type { DataProgram, FrozenSpec, PlaceSpec, Survey } from "./program";
import { isThere, type SourcePlace } from "./source";

/** How many links may lead to links. */
const DEPTH = 5;

/** What the data are to say: from the environments of the services that will read them. */
export function frozenSpec({ services }: ProjectModel): FrozenSpec {
  return FROZEN.map((frozen) => {
    const from = frozen.kind === "path" ? undefined : frozen.kind === "address" ? frozen.base : frozen.key;
    const value = from === undefined ? undefined : services[from.service]?.environment[from.variable];
    return { ...frozen, value: value || undefined };
  });
}

/** Where a release keeps in a volume what a place holds. */
function folderIn(release: string, { volume, to = "" }: SourcePlace["place"]): string {
  const services = RELEASES.filter(({ version }) => version === release).flatMap(servicesOf);
  const folders = services.flatMap((one) => Object.values(one.folders)).filter(({ of }) => of === undefined);
  return join(folders.find((one) => one.volume === volume)?.subpath ?? "", to).replace(/^\.$/, "");
}

/** Places as the program sees them, and what is mounted for that. */
export interface Laid {
  readonly mounts: readonly CopierMount[];
  readonly places: readonly PlaceSpec[];
}

/** How the program sees places, before it is known what links in them lead to. */
function laid(places: readonly SourcePlace[], release: string): Laid {
  const mounts = places.map(({ source }, at): CopierMount => ({ source, target: `/from/${at}`, readOnly: true }));
  const specs = places.map(({ place, kind, source, folders }, at): PlaceSpec => {
    return {
      volume: place.volume,
      folder: folderIn(release, place),
      from: folders.map((folder) => join(`/from/${at}`, kind === "layer" ? "" : folder)),
      host: kind === "bind" ? realPath(source) : "",
      only: place.only,
      links: {},
    };
  });
  return { mounts, places: specs };
}

/**
 * Looks at places. Links that lead out of them are followed: what they lead to is data, too.
 *
 * @param frozen what may be frozen in them. `undefined` leaves databases alone
 */
export async function surveyed(
  program: DataProgram,
  places: readonly SourcePlace[],
  release: string,
  frozen: FrozenSpec | undefined,
): Promise<Laid & { readonly survey: Survey }> {
  let { mounts, places: specs } = laid(places, release);
  for (let depth = 0; ; depth++) {
    const survey = await program.survey(mounts, specs, frozen);
    const more: CopierMount[] = [];
    const next = specs.map((spec, at): PlaceSpec => {
      const links = { ...spec.links };
      for (const [path, , outside] of survey.places[at]?.links ?? []) {
        if (outside === null || !isThere(outside)) continue;
        // Of a database the files beside it are needed, too.
        const real = realPath(outside);
        const folder = isFolder(real) ? real : dirname(real);
        const target = `/link/${mounts.length + more.length}`;
        more.push({ source: folder, target, readOnly: true });
        links[path] = [folder === real ? target : join(target, basename(real)), real];
      }
      return { ...spec, links };
    });
    if (more.length === 0 || depth === DEPTH) return { mounts, places: specs, survey };
    mounts = [...mounts, ...more];
    specs = next;
  }
}

/** The same places, with what lies in containers' own layers taken out into a folder of this host. */
export async function withLayers(
  docker: Docker,
  places: readonly SourcePlace[],
  folder: string,
): Promise<readonly SourcePlace[]> {
  const found: SourcePlace[] = [];
  for (const [at, place] of places.entries()) {
    if (place.kind !== "layer") {
      found.push(place);
      continue;
    }
    const copy = join(folder, `layer-${at}`);
    await rm(copy, { recursive: true, force: true });
    await docker.must(["cp", `${place.source}:${place.folders[0]}`, copy], { timeout: 3600 });
    found.push({ ...place, source: copy });
  }
  return found;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
