/**
 * What a program's own tests need: its result in memory, a check of each file by the schema, comparison with golden files.
 * It works in any test runner, because a failure is an error that is thrown.
 *
 * @packageDocumentation
 */
export { composeDocuments, expectValid, validateFiles } from "./testing/files";
export { expectGolden, GoldenError, type GoldenOptions, type GoldenResult } from "./testing/golden";
export { synthesize } from "./testing/synthesize";
