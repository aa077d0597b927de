export { type BuildFact, IDENTITY, type ImageBuild } from "./images/image-build";
export {
  type BuildEvent,
  type ImageTag,
  type Line,
  type Origin,
  type RepositoryState,
  TAG_POLICY,
  type TagFact,
  type TagMoves,
  type TagRule,
  tagsFor,
} from "./images/tag-policy";
