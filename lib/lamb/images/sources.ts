import type { ImageSource } from "../facts/service";
import { LambRelease } from "../release";
import type { BuiltImage } from "./locks";

const upcoming = new LambRelease(LambRelease.upcoming);

/** Where the programs are in a checkout that becomes the upcoming release. */
export const SOURCES: { readonly [Image in BuiltImage]: ImageSource } = {
  lamb: upcoming.service("lamb").source,
  kb: upcoming.service("kb").source,
  libraryManager: upcoming.service("libraryManager").source,
};

/** The images that are built here. */
export const BUILT_IMAGES: readonly BuiltImage[] = ["lamb", "kb", "libraryManager"];
