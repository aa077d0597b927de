import { createHash } from "node:crypto";
import { isDigest } from "../../construct/image-lock";

/** A part of an image that a manifest names. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
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
 * Reads a manifest.
 *
 * @param contentType what the registry calls it, when the manifest does not say it itself
 * @returns `undefined` for what is none of today's
 */
export function manifestIn(text: string, contentType: string): Manifest | undefined {
  const data = objectIn(text);
  const said: unknown = data === undefined ? undefined : data.mediaType;
  const mediaType = typeof said === "string" ? said : (contentType.split(";")[0] ?? "").trim();
  const kind = KINDS.get(mediaType);
  if (data === undefined || kind === undefined) return undefined;
  if (kind === "image") return { kind, mediaType, config: configIn(data.config) };
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

function configIn(config: unknown): Descriptor | undefined {
  if (!isObject(config)) return undefined;
  const { mediaType, digest } = config;
  const isConfig = typeof mediaType === "string" && CONFIGS.has(mediaType);
  // It becomes part of an address.
  return isConfig && typeof digest === "string" && isDigest(digest) ? { mediaType, digest } : undefined;
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

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
