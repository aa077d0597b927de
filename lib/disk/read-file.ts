import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { encodingProblem } from "../report/encoding";
import { FileError, isMissing, messageOf, systemCode } from "./error";

/** Bytes of the largest file that is read: many times the size of any that a deployment has. */
const LARGEST_FILE = 32 << 20;

export interface ReadFileOptions {
  /** Most bytes that the file may have. @default {@link LARGEST_FILE} */
  readonly limit?: number | undefined;
  /** What to do when it cannot be read. @default "allow this user to read it" */
  readonly fix?: string | undefined;
}

/** A file, as it was when it was read. */
export interface FileContent {
  readonly bytes: Buffer;
  readonly stats: Stats;
}

/** Opening waits for nobody: not for the other end of a pipe that took the file's place meanwhile. */
const AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
const CHUNK = 64 << 10;

/**
 * Reads a file, through links. Pipes, devices, directories and sockets are none.
 *
 * @returns `undefined` when there is none
 * @throws FileError `not-a-file`, `too-large`, `cannot-read`
 */
export async function readContent(path: string, options: ReadFileOptions = {}): Promise<FileContent | undefined> {
  let file: FileHandle | undefined;
  try {
    // Looked at before it is opened, since opening some devices does something.
    assertFile(await stat(path), path, options);
    file = await open(path, AT_ONCE);
    const stats = await file.stat();
    assertFile(stats, path, options);
    const chunks = new Chunks(path, options);
    for (let isMore = true; isMore; ) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK);
      isMore = chunks.add(buffer.subarray(0, bytesRead));
    }
    return { bytes: chunks.whole, stats };
  } catch (error) {
    return undefinedIfMissing(error, path, options);
  } finally {
    await file?.close();
  }
}

/** The same at once, for the functions of `lib/compose`, which wait for nothing. */
export function readContentSync(path: string, options: ReadFileOptions = {}): FileContent | undefined {
  let file: number | undefined;
  try {
    assertFile(statSync(path), path, options);
    file = openSync(path, AT_ONCE);
    const stats = fstatSync(file);
    assertFile(stats, path, options);
    const chunks = new Chunks(path, options);
    for (let isMore = true; isMore; ) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      isMore = chunks.add(buffer.subarray(0, readSync(file, buffer, 0, CHUNK, null)));
    }
    return { bytes: chunks.whole, stats };
  } catch (error) {
    return undefinedIfMissing(error, path, options);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/**
 * The text of a file, in UTF-8, a byte order mark included. See {@link readContent}.
 *
 * @returns `undefined` when there is none
 * @throws FileError those of {@link readContent}; `not-text` when it is not in UTF-8
 */
export async function readText(path: string, options: ReadFileOptions = {}): Promise<string | undefined> {
  const content = await readContent(path, options);
  return content === undefined ? undefined : textOf(content.bytes, path);
}

/** @throws FileError `not-text` */
export function textOf(bytes: Uint8Array, path: string): string {
  const problem = encodingProblem(bytes);
  if (problem !== undefined) throw new FileError({ code: "not-text", path, ...problem });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/**
 * The text of a file that must be there.
 *
 * @throws FileError those of {@link readContent}; `cannot-read` when there is none
 */
export async function readExistingText(path: string, options: ReadFileOptions = {}): Promise<string> {
  const text = await readText(path, options);
  if (text !== undefined) return text;
  const { fix = "correct the name" } = options;
  throw new FileError({ code: "cannot-read", path, reason: "is not there", fix });
}

/** What a file has, piece by piece. Its size says too little: it may grow, and some files do not know theirs. */
class Chunks {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  constructor(
    private readonly path: string,
    private readonly options: ReadFileOptions,
  ) {}

  /** @returns whether there may be more */
  add(chunk: Buffer): boolean {
    this.size += chunk.length;
    assertSize(this.size, this.path, this.options);
    this.chunks.push(chunk);
    return chunk.length > 0;
  }

  get whole(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

/** Refuses what is not a regular file. @throws FileError `not-a-file`, `too-large` */
export function assertFile(stats: Stats, path: string, options: ReadFileOptions = {}): void {
  if (!stats.isFile()) throw notAFile(path, kindOf(stats));
  assertSize(stats.size, path, options);
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return stats.isSymbolicLink() ? "a link" : "a device";
}

function assertSize(size: number, path: string, { limit = LARGEST_FILE }: ReadFileOptions): void {
  if (size <= limit) return;
  const reason = `has more than ${limit} bytes, which no file of this kind has`;
  throw new FileError({ code: "too-large", path, reason, fix: "name another file, or move this one" });
}

function undefinedIfMissing(error: unknown, path: string, { fix }: ReadFileOptions): undefined {
  if (isMissing(error)) return undefined;
  if (error instanceof FileError) throw error;
  // How a socket answers to being opened.
  if (systemCode(error) === "ENXIO") throw notAFile(path, "a socket");
  const reason = `cannot be read: ${messageOf(error)}`;
  throw new FileError({ code: "cannot-read", path, reason, fix: fix ?? "allow this user to read it" });
}

function notAFile(path: string, kind: string): FileError {
  const reason = `is ${kind}, and must be a regular file`;
  return new FileError({ code: "not-a-file", path, reason, fix: "name a file, or move what has its name" });
}
