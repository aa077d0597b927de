export type { ValueKind } from "./env/value-kinds";
export { DockerIgnore, type DockerIgnoreProps, type IgnoreRule } from "./images/docker-ignore";
export { Dockerfile, type DockerfileProps } from "./images/dockerfile";
export { BaseImage, BuildArg } from "./images/dockerfile/arg";
export type { Instruction } from "./images/dockerfile/instruction";
export { BuildMount } from "./images/dockerfile/mount";
export {
  type Command,
  type CopyOptions,
  type InstructionOptions,
  type ProbeTiming,
  type RunInstructionOptions,
  Stage,
  type StageProps,
} from "./images/dockerfile/stage";
export type { StaleDocument } from "./images/guide-text";
export { BUILD_IDENTITY, type BuildFact, type ImageBuild } from "./images/image-build";
export { ImageGuide, type ImageGuideProps } from "./images/image-guide";
export { ImageWorkflow, type ImageWorkflowProps } from "./images/image-workflow";
export { ProgramFolder, type ProgramFolderProps } from "./images/program-folder";
export type {
  CheckedFolder,
  CheckedVariable,
  ContainerContract,
  PageSettings,
  Setting,
} from "./images/python/contract";
export { PythonImage, type PythonImageProps } from "./images/python/python-image";
export type { LockedPackage } from "./images/python/requirements";
export type { CopiedFolder, ImageUser } from "./images/python/stages";
export type { SmokeTest } from "./images/smoke-test";
export {
  type BuildEvent,
  type ImageTag,
  type Line,
  type RepositoryState,
  TAG_POLICY,
  type TagFact,
  type TagMoves,
  type TagRule,
  type TagSource,
  tagsFor,
} from "./images/tag-policy";
export type { ImageProgram, Platform } from "./images/workflow/facts";
export type { LambImageProps } from "./lamb/images/common";
export { KbImage } from "./lamb/images/kb-image";
export { LambImage } from "./lamb/images/lamb-image";
export { LambImages } from "./lamb/images/lamb-images";
export { LibraryManagerImage } from "./lamb/images/library-manager-image";
export type {
  BuiltImage,
  DependenciesLock,
  DependencySet,
  ImageDependencies,
  PagesWorkspace,
} from "./lamb/images/locks";
