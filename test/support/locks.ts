import { ImageLock, type LockedImage } from "lamb-compose";

/** An image of two platforms whose digest is one digit, again and again. */
export function lockedImage(digit: string, more: Partial<LockedImage> = {}): LockedImage {
  return {
    digest: `sha256:${digit.repeat(64)}`,
    mediaType: "application/vnd.oci.image.index.v1+json",
    platforms: ["linux/amd64", "linux/arm64/v8"],
    ...more,
  };
}

/** A lock of some images, each with the digest of the digit that is given for it. */
export function lockOf(digits: Readonly<Record<string, string>>): ImageLock {
  return new ImageLock(Object.entries(digits).map(([name, digit]) => [name, lockedImage(digit)]));
}
