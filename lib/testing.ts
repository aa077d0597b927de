/**
 * What a program's own tests need: its result in memory, the schema's word on each file, comparison with golden files.
 * It works in any test runner, since it says no by throwing.
 *
 * @packageDocumentation
 */
export { composeDocuments, expectValid, validateFiles } from "./testing/files";
export { expectGolden, GoldenError, type GoldenOptions, type GoldenResult } from "./testing/golden";
export { synthesize } from "./testing/synthesize";
