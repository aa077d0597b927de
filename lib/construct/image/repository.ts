import type { Input } from "../binding";
import { EnvVar } from "../env-var";
import { Image } from "./image";
import { imageName } from "./name";
import { byDefault } from "./use";

/** Name of an image without tag and digest, variables at their defaults. `undefined` when the value names none. */
export function repositoryOf(image: Input): string | undefined {
  if (Image.isImage(image)) return image.repository;
  const name = typeof image === "string" || EnvVar.isEnvVar(image) ? byDefault(String(image)) : undefined;
  return name === undefined ? undefined : imageName(name).repository;
}
