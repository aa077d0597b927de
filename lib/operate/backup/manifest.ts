import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import metadata from "../../../package.json" with { type: "json" };
import { isMissing } from "../../disk/error";
import { replaceFile } from "../../disk/replace-file";
import { parsedJson } from "../../spec/json";
import { releaseFacts } from "../engine/facts";
import { serviceOf } from "../engine/model";
import { type ComposeProject, inspectImages } from "../engine/project";
import { OperateError } from "../error";
import { LEFT_OUT, type LeftOut } from "./left-out";
import { DESCRIBED, type DescribedVolume } from "./stager";

/** The file of the manifest in the folder of a backup. */
export const MANIFEST_FILE = "manifest.json";
/** The folder in it with the files of the deployment. */
export const FILES_FOLDER = "files";
/** The folder in it with what containers read of the directory of the deployment and no command made. */
export const BESIDE_FOLDER = "beside";
const VERSION = 1;

const MANIFEST = z.object({
  version: z.literal(VERSION),
  /** Version of this library. */
  madeBy: z.string(),
  /** ISO time of the instant that the data show. */
  time: z.string(),
  project: z.string(),
  /** Generation of the data, as the `.env` writes it. */
  generation: z.string(),
  /** Product → the release of it that the files are of, and those before it. */
  releases: z.record(z.string(), z.object({ version: z.string(), earlier: z.array(z.string()) })),
  /** Volume → the layout of its data, as the files call it. */
  schemas: z.record(z.string(), z.string()),
  /** Service → its image: by name, by what the engine knows it as, and by what registries do. */
  images: z.record(z.string(), z.object({ name: z.string(), id: z.string(), digests: z.array(z.string()) })),
  /** Key of each volume → what its copy is. */
  volumes: z.record(z.string(), DESCRIBED),
  /** What services use, and the backup does not have. */
  leftOut: LEFT_OUT.prefault({}),
});

/** What a backup says of itself. No value of the `.env`. */
export type Manifest = z.infer<typeof MANIFEST>;

export interface ManifestProps {
  readonly time: string;
  readonly generation: string;
  readonly volumes: Readonly<Record<string, DescribedVolume>>;
  readonly leftOut: LeftOut;
}

/** Writes the manifest into the folder of a backup. @throws OperateError; FileError */
export async function writeManifest(
  folder: string,
  project: ComposeProject,
  { time, generation, volumes, leftOut }: ManifestProps,
): Promise<void> {
  const [model, containers] = [await project.model(), await project.containers()];
  const facts = releaseFacts(model);
  const known = await inspectImages(project.docker, [...new Set(containers.map(({ Image }) => Image))]);
  const digests = new Map(known.map(({ Id, RepoDigests }) => [Id, RepoDigests]));
  const images = containers.map(({ Image, ...container }) => {
    const image = { name: container.Config.Image, id: Image, digests: digests.get(Image) ?? [] };
    return [serviceOf({ Image, ...container }), image] as const;
  });
  const schemas = Object.entries(facts.stores).flatMap(([key, { schema }]) =>
    schema === undefined ? [] : [[key, schema]],
  );
  const manifest: Manifest = {
    version: VERSION,
    madeBy: metadata.version,
    time,
    project: model.name,
    generation,
    releases: facts.releases,
    schemas: Object.fromEntries(schemas),
    images: Object.fromEntries(images),
    volumes: { ...volumes },
    leftOut,
  };
  await replaceFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Reads the manifest in the folder of a backup. @throws OperateError `bad-backup` */
export async function readManifestIn(folder: string): Promise<Manifest> {
  try {
    return manifestIn(await readFile(join(folder, MANIFEST_FILE), "utf8"));
  } catch (error) {
    if (isMissing(error)) return manifestIn("");
    throw error;
  }
}

/** The manifest of a text. @throws OperateError `bad-backup` */
export function manifestIn(text: string): Manifest {
  const parsed = MANIFEST.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new OperateError({
    code: "bad-backup",
    path: MANIFEST_FILE,
    reason: "is not a manifest of a backup that this version can read",
    fix: "take a snapshot that `lamb-compose backup list` shows, or the version of lamb-compose that made it, or a later one",
  });
}
