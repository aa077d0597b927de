export { type BuildFact, IDENTITY, type ImageBuild } from "./images/image-build";
