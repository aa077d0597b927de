import { rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FileError } from "./error";
import { type FileState, stampOf } from "./file-state";
import { type FileLock, takeLock } from "./lock";
import { type Manifest, manifestText } from "./manifest";
import { makeFolder, stageFile, syncPath } from "./replace-file";
import { DIRECTORY_LOCK, MANIFEST } from "./reserved-names";
import type { RecordOnDisk } from "./view";

interface Staged {
  readonly file: FileState;
  readonly temporary: string;
}

interface Done {
  readonly file: FileState;
  /** Tells what was put there from what somebody else puts there later. */
  readonly stamp: string | undefined;
}

/** Changes of a directory's generated files that are made together, or taken back. One at a time in each directory. */
export class Transaction {
  private lock: FileLock | undefined;
  private readonly created: string[] = [];
  private readonly staged: Staged[] = [];
  private readonly done: Done[] = [];
  private isRecorded = false;

  constructor(
    private readonly directory: string,
    private readonly record: RecordOnDisk,
  ) {}

  /**
   * Makes the directory if need be, and keeps other runs away from it.
   *
   * @throws FileError `in-use`, `changed-meanwhile`
   */
  async begin(): Promise<void> {
    this.created.push(...(await makeFolder(this.directory)));
    this.lock = await takeLock(join(this.directory, DIRECTORY_LOCK), this.directory);
    if ((await stampOf(join(this.directory, MANIFEST))) !== this.record.stamp) throw changedMeanwhile([MANIFEST]);
  }

  /** Writes the new text of a file beside it. */
  async stage(file: FileState, text: string): Promise<void> {
    const target = join(this.directory, file.path);
    this.created.push(...(await makeFolder(dirname(target))));
    const temporary = await stageFile(target, text, { before: file.rights });
    this.staged.push({ file, temporary });
  }

  /** Gives the directory another record. */
  async putRecord(manifest: Manifest): Promise<void> {
    await this.replace(MANIFEST, manifestText(manifest), this.record.rights);
    this.isRecorded = true;
    await syncPath(this.directory);
  }

  /**
   * Puts everything that was staged in its place.
   *
   * @throws FileError `changed-meanwhile`, rather than overwrite what somebody else wrote since it was looked at
   */
  async commit(): Promise<void> {
    for (const { file, temporary } of this.staged) {
      const target = join(this.directory, file.path);
      if ((await stampOf(target)) !== file.stamp) throw changedMeanwhile([file.path]);
      await rename(temporary, target);
      this.done.push({ file, stamp: await stampOf(target) });
    }
    const folders = [...this.staged.map(({ file }) => join(this.directory, file.path)), ...this.created].map(dirname);
    for (const folder of new Set(folders)) await syncPath(folder);
  }

  /**
   * Removes a file, and the folders that are empty then.
   *
   * @returns whether it was removed: not when somebody else changed it since it was looked at
   */
  async remove({ path, stamp }: FileState): Promise<boolean> {
    const target = join(this.directory, path);
    if ((await stampOf(target)) !== stamp) return false;
    await rm(target, { force: true });
    for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
      if (!(await removedEmpty(join(this.directory, folder)))) break;
    }
    return true;
  }

  /** Lets other runs go on. */
  async end(): Promise<void> {
    await this.lock?.release();
  }

  /** Brings the directory back to what it was. What somebody else changed meanwhile stays as it is. */
  async undo(): Promise<void> {
    for (const { temporary } of this.staged) await rm(temporary, { force: true });
    for (const { file, stamp } of this.done) {
      const target = join(this.directory, file.path);
      if ((await stampOf(target)) !== stamp) continue;
      if (file.bytes === undefined) await rm(target, { force: true });
      else await this.replace(file.path, file.bytes, file.rights);
    }
    if (this.isRecorded) {
      if (this.record.bytes === undefined) await rm(join(this.directory, MANIFEST), { force: true });
      else await this.replace(MANIFEST, this.record.bytes, this.record.rights);
    }
    await this.end();
    for (const folder of [...this.created].reverse()) await removedEmpty(folder);
  }

  private async replace(path: string, content: string | Buffer, before: FileState["rights"]): Promise<void> {
    const target = join(this.directory, path);
    const temporary = await stageFile(target, content, { before });
    try {
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/** Removes a folder in which nothing is. */
async function removedEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch {
    return false;
  }
}

/** Somebody else changed files that were looked at. */
export function changedMeanwhile(paths: readonly string[]): FileError {
  return new FileError({
    code: "changed-meanwhile",
    path: paths.join(", "),
    reason: "was changed by somebody else since it was read",
    fix: "look at it, and run this again",
  });
}
