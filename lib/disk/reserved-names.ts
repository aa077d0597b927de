/** The record, kept in the output directory, of what was written there. */
export const MANIFEST = ".lamb-compose.json";

/** The lock, kept in the output directory, of the images that its files name. */
export const IMAGE_LOCK = "images.lock.json";
