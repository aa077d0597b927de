export { DeploymentGuide } from "./guides/deployment-guide";
export type { GuideFacts, GuideService, GuideShared } from "./guides/facts";
export { Guide, type GuideProps } from "./guides/guide";
export { MigrationNotes } from "./guides/migration-notes";
export { OperationsGuide } from "./guides/operations-guide";
export { commandsOf, type GuideBlock, type GuideChapter, type GuideCommand, type GuidePage } from "./guides/page";
export { LambGuides, type LambGuidesProps } from "./lamb/guides/lamb-guides";
