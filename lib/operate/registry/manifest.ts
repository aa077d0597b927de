import { createHash } from "node:crypto";
import { isDigest } from "../../construct/image/lock";
import { isObject, objectIn } from "../../spec/json";

/** A part of an image that a manifest names. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** What a tag or digest names: an index of images for several platforms, or the image of one. */
export type Manifest =
  | { readonly kind: "index"; readonly mediaType: string; readonly platforms: readonly string[] }
  | { readonly kind: "image"; readonly mediaType: string; readonly config: Descriptor | undefined };

/** Media types of today's registries → what they are. */
const KINDS: ReadonlyMap<string, Manifest["kind"]> = new Map([
  ["application/vnd.oci.image.index.v1+json", "index"],
  ["application/vnd.docker.distribution.manifest.list.v2+json", "index"],
  ["application/vnd.oci.image.manifest.v1+json", "image"],
  ["application/vnd.docker.distribution.manifest.v2+json", "image"],
]);

/** Media types of the file that says which platform an image is for. */
const CONFIGS: ReadonlySet<string> = new Set([
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
]);

/** What a registry is asked to answer with. It converts an image to another format for who does not say. */
export const ACCEPTED = [...KINDS.keys()].join(", ");

/**
 * Reads a manifest. Its own word for what it is, the word of the answer and its fields must say the same: two programs
 * that believe different ones of them would run different images under one digest.
 *
 * @param contentType what the registry calls it
 * @returns `undefined` for what is none of today's, or contradicts itself
 */
export function manifestIn(text: string, contentType: string): Manifest | undefined {
  const data = objectIn(text);
  const answered = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  const mediaType = data?.mediaType ?? answered;
  if (typeof mediaType !== "string" || (answered !== "" && answered !== mediaType)) return undefined;
  const kind = KINDS.get(mediaType);
  if (data === undefined || kind === undefined || data.schemaVersion !== 2 || hasFieldsOfOthers(data, kind)) {
    return undefined;
  }
  if (kind === "image") {
    const [config, layers] = [descriptorIn(data.config), descriptorsIn(data.layers)];
    if (config === undefined || layers === undefined) return undefined;
    return { kind, mediaType, config: CONFIGS.has(config.mediaType) ? config : undefined };
  }
  if (descriptorsIn(data.manifests) === undefined) return undefined;
  const entries: readonly unknown[] = Array.isArray(data.manifests) ? data.manifests : [];
  const platforms = entries.flatMap((entry) => (isObject(entry) ? platformOf(entry.platform) : []));
  return { kind, mediaType, platforms: sorted(platforms) };
}

/** The platform in the configuration of an image. */
export function platformsIn(text: string): readonly string[] {
  return platformOf(objectIn(text));
}

/** Whether bytes are what a digest names. `undefined` when it is of a kind that nobody can verify here. */
export function isDigestOf(digest: string, bytes: Uint8Array): boolean | undefined {
  const [kind = ""] = digest.split(":", 1);
  return kind === "sha256" || kind === "sha512" ? digest === digestOf(bytes, kind) : undefined;
}

export function digestOf(bytes: Uint8Array, kind: "sha256" | "sha512" = "sha256"): string {
  return `${kind}:${createHash(kind).update(bytes).digest("hex")}`;
}

/** What an index has, an image has not, and neither has what the first format had. */
function hasFieldsOfOthers(data: Readonly<Record<string, unknown>>, kind: Manifest["kind"]): boolean {
  const others = kind === "index" ? ["config", "layers", "fsLayers"] : ["manifests", "fsLayers"];
  return others.some((name) => data[name] !== undefined);
}

function descriptorIn(value: unknown): Descriptor | undefined {
  if (!isObject(value)) return undefined;
  const { mediaType, digest, size } = value;
  const isSize = typeof size === "number" && Number.isSafeInteger(size) && size >= 0;
  // The digest becomes part of an address.
  return typeof mediaType === "string" && typeof digest === "string" && isDigest(digest) && isSize
    ? { mediaType, digest, size }
    : undefined;
}

/** `undefined` for what is no list, or has something else in it. */
function descriptorsIn(value: unknown): readonly Descriptor[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.map(descriptorIn).filter((one) => one !== undefined);
  return found.length === value.length ? found : undefined;
}

/** `linux/arm64/v8`. Attestations beside the images have the platform `unknown`. */
function platformOf(platform: unknown): readonly string[] {
  if (!isObject(platform)) return [];
  const { os, architecture, variant } = platform;
  const parts = [os, architecture, ...(variant === undefined || variant === "" ? [] : [variant])];
  const isPlain = parts.every((part) => typeof part === "string" && /^[\w.-]+$/.test(part) && part !== "unknown");
  return isPlain ? [parts.join("/")] : [];
}

function sorted(platforms: readonly string[]): readonly string[] {
  return [...new Set(platforms)].sort();
}
