import { brand } from "../../construct/brand";
import type { LambImages } from "./lamb-images";

/** Tells {@link LambImages} without loading them: their lock is large. */
export const [markLambImages, isLambImages] = brand<LambImages>("LambImages");
