/**
 * The parts of LAMB one by one: services that a `LambStack` makes itself, the knowledge store, rules and variables.
 *
 * @packageDocumentation
 */
export { KbService, type KbServiceProps } from "./lamb/kb-service";
export { KgRag, KnowledgeStore, type KnowledgeStoreProps } from "./lamb/knowledge-store";
export { LambService, type LambServiceProps } from "./lamb/lamb-service";
export { OpenWebUi, type OpenWebUiProps } from "./lamb/open-webui";
export { LAMB_RULES } from "./lamb/rules";
export * as lambVariables from "./lamb/variables";
