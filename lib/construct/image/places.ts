import type { YamlPath } from "../../spec";
import { plain } from "../annotated";
import type { Input } from "../binding";
import { isList, isMap } from "../copy";

/** A mapping of a Compose file that names an image with one of its keys. */
interface Place {
  /** Path of the mapping; `*` is any key, and any position in a list. */
  readonly path: readonly string[];
  readonly key: string;
  /** Whether the key names an image in this mapping. */
  readonly when: (mapping: Mapping) => boolean;
}

type Mapping = { readonly [key: string]: Input };

/** Where a Compose file names images that are pulled. The image of a service that is built gets its name here. */
const PLACES: readonly Place[] = [
  { path: ["services", "*"], key: "image", when: ({ build }) => (plain(build) ?? null) === null },
  { path: ["services", "*", "pre_start", "*"], key: "image", when: () => true },
  { path: ["services", "*", "volumes", "*"], key: "source", when: ({ type }) => plain(type) === "image" },
  {
    path: ["services", "*", "pre_start", "*", "volumes", "*"],
    key: "source",
    when: ({ type }) => plain(type) === "image",
  },
  { path: ["jobs", "*"], key: "image", when: ({ build }) => (plain(build) ?? null) === null },
  { path: ["jobs", "*", "volumes", "*"], key: "source", when: ({ type }) => plain(type) === "image" },
];

const DEPTHS: ReadonlySet<number> = new Set(PLACES.map(({ path }) => path.length));

/** The key of a mapping that names an image. `undefined` when none does. */
export function imageKeyOf(path: YamlPath, mapping: Mapping): string | undefined {
  if ((path[0] !== "services" && path[0] !== "jobs") || !DEPTHS.has(path.length)) return undefined;
  return PLACES.find((place) => {
    const isHere =
      place.path.length === path.length && place.path.every((step, at) => step === "*" || step === path[at]);
    return isHere && Object.hasOwn(mapping, place.key) && place.when(mapping);
  })?.key;
}

/** The names of images that a Compose file has pulled, variables in them as they are. */
export function* imageNamesIn(document: Input): Generator<string> {
  for (const { path, key, when } of PLACES) {
    for (const mapping of mappingsAt(document, path)) {
      const name = plain(mapping[key]);
      if (typeof name === "string" && name !== "" && when(mapping)) yield name;
    }
  }
}

function* mappingsAt(value: Input, [step, ...rest]: readonly string[]): Generator<Mapping> {
  const inner = plain(value);
  if (step === undefined) {
    if (isMap(inner)) yield inner;
  } else if (isList(inner)) {
    if (step === "*") for (const item of inner) yield* mappingsAt(item, rest);
  } else if (isMap(inner)) {
    for (const [key, item] of Object.entries(inner)) if (step === "*" || step === key) yield* mappingsAt(item, rest);
  }
}
