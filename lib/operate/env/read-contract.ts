import { variableRemovals } from "../../compose/inspect/removal";
import { SET_BY_COMPOSE } from "../../compose/loader/project-name";
import type { EnvVar } from "../../construct/env-var";
import { imageName } from "../../construct/image/name";
import { imageNamesIn } from "../../construct/image/places";
import { type InputMap, readYaml } from "../../construct/read-yaml";
import {
  distinctionsOf,
  type EnvContract,
  type EnvContractVariable,
  profilesOf,
  type RetiredVar,
  retiredByLock,
  usersAt,
} from "../../env/contract";
import { limitsOf } from "../../env/limits";
import { isSecretName } from "../../env/secret-name";
import { LEFT_OUT } from "../../lamb/left-out";
import { LambRelease } from "../../lamb/release";
import { isOfLamb, RETIRED } from "../../lamb/rules";
import { type KnownVariables, SIGN_OF_LAMB, variablesOfLamb } from "./known";
import { mentionsIn, mentionsInText, onlyMention, type VariableMention } from "./mentions";

/** A Compose file of a deployment, as text. */
export interface ContractFile {
  /** Path, seen from the folder of the `.env`. */
  readonly fileName: string;
  readonly text: string;
  /** Whether plain `docker compose` runs it. */
  readonly chosen: boolean;
}

/**
 * What the files of a deployment take from its `.env`. LAMB's names are explained by LAMB's constructs; another
 * name is explained by its expression: `${NAME:?message}` is required and means the message, `${NAME:-text}` has a default.
 *
 * @param files in the order in which Compose merges them; the first is the base of the others
 * @param profiles that plain `docker compose` runs
 * @throws ConstructError `invalid-yaml`
 */
export function contractOfFiles(files: readonly ContractFile[], profiles: readonly string[] = []): EnvContract {
  const documents = files.map((file) => ({ file, document: readYaml(file.text, file.fileName) }));
  const isLamb = files.some(({ text }) => text.includes(`\${${SIGN_OF_LAMB}`));
  const limits = limitsOf(documents.map(({ file: { fileName }, document }) => ({ fileName, document })));
  const collector = new Collector(isLamb ? variablesOfLamb() : new Map(), limits);
  for (const { file, document } of documents) {
    for (const mention of mentionsIn(document)) {
      if (!SET_BY_COMPOSE.has(mention.name)) collector.add(mention, file.fileName);
    }
  }
  const variables = collector.variables();
  const contract = {
    files: files.map(({ fileName, text, chosen }, index) => {
      return { fileName, description: descriptionOf(text), overlay: index > 0, chosen };
    }),
    profiles: profilesOf(
      documents.map(({ document }) => document),
      new Set(profiles),
    ),
    variables,
    unexplained: [],
    leftOut: isLamb ? LEFT_OUT : [],
    retired: isLamb ? [...RETIRED.map((name) => ({ ...name })), ...retiredVersion(documents, variables)] : [],
  };
  return withRemovals(contract, new Map(files.map(({ fileName, text }) => [fileName, text])));
}

/** Where Compose's files are while they are only looked at. */
const FOLDER = "/deployment/";

/**
 * A contract that says of each variable which of the chosen files takes away what others have it for. A required one is
 * left out: Compose wants its value before it merges the files.
 *
 * @param texts name → text of the contract's files
 */
export function withRemovals(contract: EnvContract, texts: ReadonlyMap<string, string>): EnvContract {
  const chosen = contract.files.filter((file) => file.chosen && texts.has(file.fileName));
  const files = chosen.map(({ fileName }) => ({ path: FOLDER + fileName, text: texts.get(fileName) ?? "" }));
  const running = new Set(chosen.map(({ fileName }) => fileName));
  const mentioned = contract.variables.filter(
    (variable) => !variable.required && variable.files.some((fileName) => running.has(fileName)),
  );
  const names = mentioned.map(({ name }) => name);
  const removals = variableRemovals(names, files, { workingDirectory: FOLDER, envFiles: [] });
  const variables = contract.variables.map((variable) => {
    const by = removals.get(variable.name);
    return by === undefined ? variable : { ...variable, removedBy: [by.slice(FOLDER.length)] };
  });
  return { ...contract, variables };
}

/** The variable that moves LAMB's images, when they are named by digest and do not mention it. */
function retiredVersion(
  documents: readonly { readonly document: InputMap }[],
  variables: readonly EnvContractVariable[],
): readonly RetiredVar[] {
  const { name } = new LambRelease().versionVariable;
  if (variables.some((variable) => variable.name === name)) return [];
  const images = documents.flatMap(({ document }) => [...imageNamesIn(document)].map(imageName));
  const tags = images.flatMap(({ repository, tag }) => (isOfLamb(repository) && tag !== undefined ? [tag] : []));
  return tags.slice(0, 1).map((value) => retiredByLock({ name, value }));
}

interface Found {
  readonly first: Pick<EnvContractVariable, "name" | "meaning" | "secret" | "default" | "emptyIsValue">;
  readonly known: EnvVar | undefined;
  required: boolean;
  readonly files: Set<string>;
  readonly usedBy: Set<string>;
}

/** Gathers what all places say of each variable. */
class Collector {
  private readonly found = new Map<string, Found>();

  constructor(
    private readonly known: KnownVariables,
    private readonly limits: ReturnType<typeof limitsOf>,
  ) {}

  add(mention: VariableMention, fileName: string): void {
    const left = [mention];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const candidates = this.known.get(next.name) ?? [];
      const known = candidates.find((variable) => variable.expression === next?.raw) ?? candidates[0];
      const text = known === undefined ? next.operand : withoutFormerNames(next, known.formerNames);
      this.note(next, text, known, fileName);
      left.push(...[...mentionsInText(text, next.path)].reverse());
    }
  }

  variables(): EnvContractVariable[] {
    return [...this.found.values()].map(({ first, known, required, files, usedBy }) => {
      const { name, meaning, secret, emptyIsValue } = first;
      return {
        name,
        meaning: known?.meaning ?? meaning,
        required,
        secret: known?.secret ?? secret,
        form: known?.form,
        group: known?.group ?? "General",
        default: required ? undefined : first.default,
        example: known?.example,
        refused: known?.refused ?? [],
        formerNames: known?.formerNames ?? [],
        emptyIsValue,
        distinctFrom: known === undefined ? [] : distinctionsOf(known),
        files: [...files],
        limits: this.limits.get(name),
        usedBy: [...usedBy],
        type: known?.type,
      };
    });
  }

  private note(mention: VariableMention, text: string, known: EnvVar | undefined, fileName: string): void {
    const { name, operator, path } = mention;
    let entry = this.found.get(name);
    if (entry === undefined) {
      const first = {
        name,
        meaning: operator.endsWith("?") && text !== "" ? text : UNKNOWN_MEANING,
        secret: isSecretName(name),
        default: defaultOf(mention, text, known),
        emptyIsValue: operator === "-",
      };
      entry = { first, known, required: false, files: new Set(), usedBy: new Set() };
      this.found.set(name, entry);
    }
    entry.required ||= operator.endsWith("?");
    entry.files.add(fileName);
    for (const user of usersAt(path)) entry.usedBy.add(user);
  }
}

const UNKNOWN_MEANING = "the files do not say what it is for";

/** What holds without a value. A construct writes an empty default only when it was given one. */
function defaultOf({ operator }: VariableMention, text: string, known: EnvVar | undefined): string | undefined {
  if (!operator.endsWith("-")) return undefined;
  return text === "" && known !== undefined ? known.default : text;
}

/** The text behind a chain of earlier names: of `${OLD:-${OLDER:-text}}` what `text` is. */
function withoutFormerNames(mention: VariableMention, formerNames: readonly string[]): string {
  let text = mention.operand;
  for (const name of formerNames) {
    const former = onlyMention(text);
    if (former?.name !== name || former.operator !== mention.operator) break;
    text = former.operand;
  }
  return text;
}

/** What a file of ours says of itself above the line that tells how it was made. */
function descriptionOf(text: string): string | undefined {
  const lines: string[] = [];
  for (const line of text.slice(0, HEADER).split("\n")) {
    if (/^# Made by /.test(line)) break;
    if (!line.startsWith("#")) return undefined;
    lines.push(line.slice(2));
  }
  return lines.length === 0 ? undefined : lines.join("\n").trimEnd();
}

/** A header is shorter than this. */
const HEADER = 10_000;
