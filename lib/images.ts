export { type BuildFact, IDENTITY, type ImageBuild } from "./images/image-build";
export { ImageGuide, type ImageGuideProps } from "./images/image-guide";
export { ImageWorkflow, type ImageWorkflowProps } from "./images/image-workflow";
export type { SmokeTest } from "./images/smoke-test";
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
export type { ImageProgram, Platform } from "./images/workflow/facts";
