import { imageReference } from "../../../construct/image/reference";
import { type Check, troublesOf } from "../check";
import type { DoctorFacts } from "../facts";

/** The images. */
export const IMAGE_CHECKS: readonly Check[] = [
  {
    id: "images-by-digest",
    what: "images are named by digest",
    why: "a tag can mean another image tomorrow: the next host, or the way back, then runs something else",
    severity: "advice",
    host: false,
    find: async (facts) => {
      const open = (await imagesOf(facts)).filter((image) => imageReference(image)?.digest === undefined);
      if (open.length === 0) return [];
      const fix =
        "run `lamb-compose lock`, and have `lamb-compose init`, or the program that wrote the files, write them again";
      return [{ subject: open.join(", "), reason: "is a tag, and no digest", fix }];
    },
  },
  {
    id: "images-there",
    what: "images that are not on this host yet are in their registries",
    why: "an image that is neither on this host nor in its registry cannot be started, and an upgrade or a new host finds that out too late",
    severity: "error",
    host: false,
    find: async (facts) => {
      const here = await facts.imageIds();
      const missing = (await imagesOf(facts)).filter((image) => !here.has(image));
      return troublesOf(missing, async (image) => {
        if (await facts.isInRegistry(image)) return [];
        const reason = "is not on this host, and its registry does not have it";
        return [{ subject: image, reason, fix: "correct the version in .env, or the name in the program" }];
      });
    },
  },
];

/** The images that are pulled, not built. */
async function imagesOf(facts: DoctorFacts): Promise<readonly string[]> {
  const services = Object.values((await facts.model()).services);
  const images = services.flatMap(({ image, build }) => (image === undefined || build != null ? [] : [image]));
  return [...new Set(images)];
}
