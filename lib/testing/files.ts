import { readDocument } from "../compose/loader/document";
import { plainMap } from "../compose/tree/node";
import { parseYaml } from "../compose/yaml/parser";
import { SynthesisError } from "../construct/errors";
import type { Synthesis } from "../construct/synth/synthesis";
import type { Finding } from "../report/finding";
import { type ComposeMap, formatPath, validate } from "../spec";

/**
 * The Compose files of a synthesis by their path, each read back from its text as Compose reads it: what has the tag
 * `!reset` is not there, what has `!override` is, variables are not expanded.
 *
 * @throws Error with line and column when a text is no YAML that Compose reads
 */
export function composeDocuments(synthesis: Synthesis): ReadonlyMap<string, ComposeMap> {
  const documents = new Map<string, ComposeMap>();
  for (const { file } of synthesis.context.files) {
    documents.set(file.fileName, read(synthesis.files.get(file.fileName) ?? "", file.fileName));
  }
  return documents;
}

/**
 * What is wrong with the text of each Compose file by the Compose Specification. All else that is wrong with the program
 * is in the findings of the synthesis.
 *
 * @returns none when every file is valid
 */
export function validateFiles(synthesis: Synthesis): readonly Finding[] {
  const constructs = new Map(synthesis.context.files.map(({ file }) => [file.fileName, file.node.path]));
  return [...composeDocuments(synthesis)].flatMap(([file, document]) =>
    validate(document).map(({ path, reason, fix }): Finding => {
      const construct = constructs.get(file) ?? "";
      return { code: "schema", severity: "error", construct, file, path: formatPath(path), reason, fix };
    }),
  );
}

/**
 * Refuses a synthesis that has errors, files that are not valid, and deployments that Compose would refuse.
 *
 * @throws SynthesisError with all of them
 */
export async function expectValid(synthesis: Synthesis): Promise<void> {
  const problems = [...synthesis.errors, ...validateFiles(synthesis)];
  if (problems.length > 0) throw new SynthesisError(problems);
}

function read(text: string, fileName: string): ComposeMap {
  const { documents, error } = parseYaml(text);
  if (error !== undefined) {
    throw new Error(`${fileName}, line ${error.line}, column ${error.column}: ${error.message}`, { cause: error });
  }
  const [document] = documents;
  return document === undefined ? {} : plainMap(readDocument(document, fileName).root);
}
