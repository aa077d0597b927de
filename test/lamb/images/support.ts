import { type LambImageProps, LambImages } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";

/** The files that a program with LAMB's images makes. */
export function imageFiles(props: LambImageProps = {}): ReadonlyMap<string, string> {
  return synthesize((app) => new LambImages(app, "images", props)).assertValid().files;
}

/** One of them, which must be there. */
export function fileOf(files: ReadonlyMap<string, string>, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new Error(`no ${path} among ${[...files.keys()].join(", ")}`);
  return text;
}
