import { imageName } from "./name";

/** Where an image lies, from a name as people write it. */
export interface ImageReference {
  /** Host of the registry, with its port: `ghcr.io`, `localhost:5000`. Docker Hub's is `docker.io`. */
  readonly registry: string;
  /** Path of the repository there, such as `library/redis`. */
  readonly path: string;
  /** `latest` when the name has neither tag nor digest; `undefined` when it has a digest alone. */
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** The shortest name of the repository, such as `redis`. */
  readonly repository: string;
  /** The shortest name with the tag, without the digest: `redis:7.2`. Two names of one image have the same. */
  readonly name: string;
}

/** Docker Hub's name, which nobody has to write. */
export const DOCKER_HUB = "docker.io";

const OLD_DOCKER_HUB = "index.docker.io";
/** Where Docker Hub keeps the images that have no owner in their name. */
const OFFICIAL = "library/";
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?";
const REGISTRY = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])(?::\\d+)?$`);
const PATH = /^[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[.]|__?|-+)[a-z0-9]+)*)*$/;
/** What a tag looks like. */
export const TAG = /^\w[\w.-]{0,127}$/;
/** What a digest looks like, of each kind that Docker knows. */
export const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;
/** Docker takes such a name for the id of an image. */
const ID = /^[0-9a-f]{64}$/;
/** Of a path, without the registry. */
const LONGEST = 255;

/**
 * Reads the name of an image as Docker does: a first part with a dot or a colon, or `localhost`, is a registry;
 * everything else lies on Docker Hub.
 *
 * @returns `undefined` for what is no such name, one with variables in it included
 */
export function imageReference(text: string): ImageReference | undefined {
  const { repository: written, tag: tagWritten, digest } = imageName(text);
  const [registry, path] = placeOf(written);
  const tag = tagWritten ?? (digest === undefined ? "latest" : undefined);
  const fine =
    REGISTRY.test(registry) &&
    PATH.test(path) &&
    !ID.test(text) &&
    path.length <= LONGEST &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!fine) return undefined;
  const repository = shortest(registry, path);
  return { registry, path, tag, digest, repository, name: tag === undefined ? repository : `${repository}:${tag}` };
}

function placeOf(written: string): readonly [registry: string, path: string] {
  const slash = written.indexOf("/");
  const first = written.slice(0, slash < 0 ? 0 : slash);
  if (!isRegistry(first)) return [DOCKER_HUB, official(written)];
  const rest = written.slice(slash + 1);
  return first === DOCKER_HUB || first === OLD_DOCKER_HUB ? [DOCKER_HUB, official(rest)] : [first, rest];
}

function isRegistry(first: string): boolean {
  return /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
}

function official(path: string): string {
  return path.includes("/") ? path : OFFICIAL + path;
}

function shortest(registry: string, path: string): string {
  if (registry !== DOCKER_HUB) return `${registry}/${path}`;
  const own = path.startsWith(OFFICIAL) ? path.slice(OFFICIAL.length) : path;
  const short = own.includes("/") ? path : own;
  // An owner with a dot in its name would be read as a registry.
  const [back] = placeOf(short);
  return back === DOCKER_HUB ? short : `${registry}/${path}`;
}
