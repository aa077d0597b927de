import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ImageLock, type LockedImage } from "lamb-compose";
import type { ImageReference } from "../../../lib/construct/image/reference";
import { manifestText } from "../../../lib/disk/manifest";
import { OperateError } from "../../../lib/operate/error";
import { lockedImage } from "../../support/locks";

const made: string[] = [];

/** A directory with files as a synthesis leaves them. */
export function directoryWith(files: Readonly<Record<string, string>>, lock?: ImageLock | string): string {
  const dir = mkdtempSync(join(tmpdir(), "lamb-compose-lock-"));
  made.push(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  const record = manifestText(new Map(Object.keys(files).map((path) => [path, ["sha256:0"]])));
  writeFileSync(join(dir, ".lamb-compose.json"), record);
  if (lock !== undefined) writeFileSync(join(dir, ImageLock.fileName), lock.toString());
  return dir;
}

export function removeDirectories(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true });
}

/** The lock of a directory. */
export function lockIn(dir: string): ImageLock {
  return ImageLock.parse(readFileSync(join(dir, ImageLock.fileName), "utf8"));
}

/** A Compose file with one service for each image. */
export function compose(...images: readonly string[]): string {
  return `services:\n${images.map((image, index) => `  s${index}:\n    image: ${image}\n`).join("")}`;
}

/** What stands for the registries: image → digit of its digest, or the code of what is wrong with it. */
export class FakeRegistries {
  readonly asked: string[] = [];

  constructor(private readonly content: Readonly<Record<string, string>>) {}

  async describe(reference: ImageReference): Promise<LockedImage> {
    const image =
      reference.digest === undefined ? reference.name : `${reference.repository}@${digitOf(reference.digest)}`;
    this.asked.push(image);
    const found = this.content[image] ?? "unknown-image";
    if (found.length === 1) return lockedImage(found);
    throw new OperateError({ code: found, path: image, reason: `${reference.registry} says no`, fix: "do something" });
  }

  async digest(reference: ImageReference): Promise<string> {
    return (await this.describe(reference)).digest;
  }
}

export function digest(digit: string): string {
  return lockedImage(digit).digest;
}

function digitOf(text: string): string {
  return text.at(-1) ?? "";
}
