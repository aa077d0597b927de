import { createHash, randomBytes } from "node:crypto";
import type { ImageProgram } from "lamb-compose/images";
import { must } from "./run";

const HOST = "127.0.0.1:5000";

/** Registry and folder of the images that these tests make. Nothing else has names in it. */
export const TEST_REGISTRY = `${HOST}/lamb-compose-workflow`;

/** How this repository runs {@link file://./workflow-program.ts}. */
export const PROGRAM: ImageProgram = {
  install: ["true"],
  command: "npx tsx test/engine/workflow-program.ts",
  cli: "npx tsx lib/cli/main.ts",
};

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";

/** What stands in an index. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/**
 * Pushes an image of nothing for a platform by digest, as a builder does: an index of the image and of what is attested
 * about it, under no tag.
 *
 * @param repository with its registry, such as `127.0.0.1:5000/folder/web`
 * @returns the digest of the index
 */
export async function pushByDigest(repository: string, platform: string): Promise<string> {
  const name = repository.slice(HOST.length + 1);
  const config = {
    architecture: platform,
    os: "linux",
    config: { Labels: { marker: randomBytes(8).toString("hex") } },
  };
  const image = await pushManifest(name, MANIFEST, {
    config: await pushBlob(name, "application/vnd.oci.image.config.v1+json", {
      ...config,
      rootfs: { type: "layers", diff_ids: [] },
    }),
    layers: [],
  });
  const attested = await pushManifest(name, MANIFEST, {
    config: await pushBlob(name, "application/vnd.oci.image.config.v1+json", {
      architecture: "unknown",
      os: "unknown",
    }),
    layers: [await pushBlob(name, "application/vnd.in-toto+json", { subject: image.digest })],
  });
  const annotations = {
    "vnd.docker.reference.type": "attestation-manifest",
    "vnd.docker.reference.digest": image.digest,
  };
  const index = await pushManifest(name, INDEX, {
    manifests: [
      { ...image, platform: { architecture: platform, os: "linux" } },
      { ...attested, annotations, platform: { architecture: "unknown", os: "unknown" } },
    ],
  });
  return index.digest;
}

async function pushManifest(name: string, mediaType: string, content: object): Promise<Descriptor> {
  const body = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
  const descriptor = describe(mediaType, body);
  const headers = { "content-type": mediaType };
  await put(`http://${HOST}/v2/${name}/manifests/${descriptor.digest}`, body, headers);
  return descriptor;
}

async function pushBlob(name: string, mediaType: string, content: object): Promise<Descriptor> {
  const body = JSON.stringify(content);
  const descriptor = describe(mediaType, body);
  const upload = await fetch(`http://${HOST}/v2/${name}/blobs/uploads/`, { method: "POST" });
  const place = new URL(upload.headers.get("location") ?? "", `http://${HOST}`);
  place.searchParams.set("digest", descriptor.digest);
  await put(place.href, body, { "content-type": "application/octet-stream" });
  return descriptor;
}

async function put(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, { method: "PUT", body, headers });
  if (answer.status !== 201) throw new Error(`PUT ${url}: ${answer.status} ${await answer.text()}`);
}

function describe(mediaType: string, body: string): Descriptor {
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  return { mediaType, digest, size: Buffer.byteLength(body) };
}

/** Pushes an image that the engine has, under a tag that is of no further use, and takes it from the engine again. */
export async function pushFromEngine(image: string, repository: string): Promise<string> {
  const pushed = `${repository}:pushed`;
  await must("docker", ["tag", image, pushed]);
  const { stdout } = await must("docker", ["push", pushed]);
  await must("docker", ["rmi", pushed]);
  const digest = /digest: (sha256:[0-9a-f]{64})/.exec(stdout)?.[1];
  if (digest === undefined) throw new Error(stdout);
  return digest;
}
