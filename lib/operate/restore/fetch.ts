import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { FILES_FOLDER, MANIFEST_FILE, type Manifest, manifestIn } from "../backup/manifest";
import type { Repository } from "../backup/repository";
import { snapshotNamed } from "../backup/snapshots";
import type { Stager } from "../backup/stager";
import { assertRoomIn } from "../data/room";

/** A snapshot, and what it says of itself. */
export interface FoundSnapshot {
  /** restic's name of it. */
  readonly id: string;
  readonly manifest: Manifest;
}

/**
 * Looks for a snapshot, and reads what it says of itself, before anything is fetched.
 *
 * @param named by the beginning of its name. @default - the last one
 * @param about what tells which one is the last: {@link snapshotNamed}
 * @throws OperateError `no-snapshot`, `bad-backup`, and those of restic
 */
export async function findSnapshot(
  repository: Repository,
  named: string | undefined,
  about?: Parameters<typeof snapshotNamed>[2],
): Promise<FoundSnapshot> {
  const { id } = await snapshotNamed(repository, named, about);
  return { id, manifest: manifestIn(await repository.restic.must(["dump", id, `/${MANIFEST_FILE}`])) };
}

/** Bytes of the data of a snapshot. */
export function bytesOf({ volumes }: Manifest): number {
  return Object.values(volumes).reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * Fetches a snapshot into a folder. What was there is removed first.
 *
 * @throws OperateError `disk-full`, and those of restic
 */
export async function fetchSnapshot(
  { restic }: Repository,
  { id, manifest }: FoundSnapshot,
  { folder, stager }: { readonly folder: string; readonly stager: Pick<Stager, "clear"> },
): Promise<void> {
  await stager.clear();
  await mkdir(folder, { mode: 0o700, recursive: true });
  await assertRoomIn(folder, bytesOf(manifest));
  await restic.must(["restore", id, "--target", folder]);
}

/** Where the files of the deployment are in a folder with a snapshot. */
export function filesIn(folder: string): string {
  return join(folder, FILES_FOLDER);
}
