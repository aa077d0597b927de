import { parseDotenv } from "../compose/dotenv/dotenv";
import { separatorFor } from "../compose/loader/project-files";
import { ConstructError } from "../construct/errors";
import { SECRET_BYTES, SECRET_FORMS, type SecretForm } from "../construct/secret-form";
import { comment, sentence } from "./comment";
import { chosenFiles, type EnvContract, type EnvContractVariable, enabledProfiles, overlaysThatNeed } from "./contract";
import { withLines, withValues } from "./edit";
import { readEnvFile } from "./file";
import { envValue } from "./quote";
import { EnvReading } from "./reading";

/** What goes into an `.env` that is filled in, and what it keeps. */
export interface EnvInitOptions {
  /** Fresh random bytes of the system's generator. */
  readonly random: (bytes: number) => Uint8Array;
  /**
   * Values that the operator gives, by name. They are checked by the check of the finished file, not here.
   * @default - none
   */
  readonly given?: ReadonlyMap<string, string> | undefined;
  /**
   * Variables whose values are drawn when they are missing.
   * @default - required secrets
   */
  readonly generates?: ((variable: EnvContractVariable) => boolean) | undefined;
  /**
   * The name of a deployment that is new on its host.
   * @default - as the files, the folder or the `.env` have it
   */
  readonly projectName?: string | undefined;
  /**
   * Where the rest that can be set is explained, such as `.env.next.example`.
   * @default - nowhere
   */
  readonly template?: string | undefined;
  /**
   * It is started with all chosen files, although an `.env` that is there may name fewer: what they need is wanted, too.
   * @default false
   */
  readonly startsChosen?: boolean | undefined;
}

/** What `COMPOSE_PROJECT_NAME` means. */
export const PROJECT_NAME =
  "The name of this deployment on its host: its containers and volumes begin with it. With another name it starts with other, empty volumes; two deployments must not have one name.";

/** A variable that a file did not have. */
export interface EnvAddition {
  readonly name: string;
  /**
   * Where its value comes from. `moved`: from the name that it had earlier, which stays in the file. `folder`: chosen for
   * the folder, so that no two deployments on a host share a name.
   */
  readonly from: "generated" | "given" | "moved" | "files" | "folder";
  /** For `moved`: the earlier name. */
  readonly formerName?: string | undefined;
}

/** An `.env` that has what a deployment needs. */
export interface EnvInit {
  /** The file. Equal to the text that was there when nothing was to be added. */
  readonly text: string;
  readonly added: readonly EnvAddition[];
  /** Required variables that only the operator knows. While there are any, the text is not complete. */
  readonly missing: readonly EnvContractVariable[];
}

/** A value that is as hard to guess as any secret has to be. */
export function newSecret(random: EnvInitOptions["random"], form: SecretForm = "hex"): string {
  return SECRET_FORMS[form].text(random(SECRET_BYTES));
}

/**
 * Makes an operator's `.env` from what a deployment takes from it, or adds to one that is there. What stands in it
 * stays byte for byte; only a name that has no value yet gets one in its place.
 *
 * @param text the file that is there; `undefined` when there is none
 * @throws ConstructError `unreadable-env`, `already-set`, `cannot-edit`. No value is in their texts.
 */
export function initEnv(contract: EnvContract, text: string | undefined, options: EnvInitOptions): EnvInit {
  const { given = new Map(), generates = (variable) => variable.required && variable.secret } = options;
  const draft = new Draft(text ?? "");
  const meanings = new Map(contract.variables.map(({ name, meaning }) => [name, meaning]));
  if (text === undefined || text === "") draft.begin(options.template);
  for (const block of composeBlocks(contract, given, draft, options)) draft.add(block);
  for (const [name, value] of given) draft.set({ name, from: "given" }, value, meanings.get(name));
  draft.carryOut();

  const reading = new EnvReading(contract, draft.text);
  const starts = new Set(options.startsChosen ? chosenFiles(contract) : []);
  const isUsed = (variable: EnvContractVariable) =>
    reading.isUsed(variable) || (variable.required && variable.files.some((file) => starts.has(file)));
  const missing: EnvContractVariable[] = [];
  for (const variable of contract.variables) {
    const { name, required, meaning } = variable;
    const setting = reading.settings.get(name);
    const draws = generates(variable);
    if (!(required || draws) || !isUsed(variable) || setting?.source === name) continue;
    if (reading.file.isUnreadable(name)) continue;
    const former = setting ?? formerly(reading, name);
    if (former !== undefined) draft.set({ name, from: "moved", formerName: former.source }, former.value, meaning);
    else if (draws) draft.set({ name, from: "generated" }, newSecret(options.random, variable.form), meaning);
    else missing.push(variable);
  }
  draft.carryOut();
  return { text: draft.text, added: draft.added, missing };
}

/** What a missing variable is for, and what would make it unnecessary: one line. */
export function describeMissing(variable: EnvContractVariable, contract: EnvContract): string {
  const { name, meaning, example } = variable;
  const overlays = overlaysThatNeed(variable, contract.files);
  const like = example === undefined ? "" : `, such as ${example}`;
  return `${name}: ${meaning}${like}${overlays.length === 0 ? "" : ` (needed by ${overlays.join(", ")})`}`;
}

/** The value that the file still has under a retired name of a variable. */
function formerly(reading: EnvReading, name: string): { source: string; value: string } | undefined {
  for (const retired of reading.contract.retired) {
    const value = reading.file.value(retired.name) ?? "";
    if (retired.replacedBy === name && value !== "" && !reading.file.isUnreadable(retired.name)) {
      return { source: retired.name, value };
    }
  }
  return undefined;
}

interface Block {
  readonly about: string;
  readonly values: ReadonlyMap<string, string>;
  readonly from: "files" | "folder";
}

/** What Compose itself must know, as far as nobody said it yet. */
function composeBlocks(
  contract: EnvContract,
  given: ReadonlyMap<string, string>,
  draft: Draft,
  { projectName }: EnvInitOptions,
): readonly Block[] {
  const isOpen = (name: string) => !given.has(name) && !draft.has(name);
  const blocks: Block[] = [];
  if (projectName !== undefined && isOpen("COMPOSE_PROJECT_NAME")) {
    const values = new Map([["COMPOSE_PROJECT_NAME", projectName]]);
    blocks.push({ about: PROJECT_NAME, values, from: "folder" });
  }
  const chosen = chosenFiles(contract);
  if (chosen.length > 0 && isOpen("COMPOSE_FILE")) {
    const chosenSeparator = given.get("COMPOSE_PATH_SEPARATOR") ?? draft.values.get("COMPOSE_PATH_SEPARATOR");
    const separator = chosenSeparator || separatorFor(chosen);
    const values = new Map<string, string>();
    if (chosen.length > 1 && isOpen("COMPOSE_PATH_SEPARATOR")) values.set("COMPOSE_PATH_SEPARATOR", separator);
    values.set("COMPOSE_FILE", chosen.join(separator));
    blocks.push({ about: "The files that `docker compose` runs, merged in this order.", values, from: "files" });
  }
  const enabled = enabledProfiles(contract);
  if (enabled.length > 0 && isOpen("COMPOSE_PROFILES")) {
    const values = new Map([["COMPOSE_PROFILES", enabled.join(",")]]);
    blocks.push({ about: "Services that start only when their profile is named here.", values, from: "files" });
  }
  return blocks;
}

/** A file that grows. */
class Draft {
  readonly added: EnvAddition[] = [];
  /** Values for names that stand in the file without one. */
  private readonly fillings = new Map<string, string>();
  /** Names that stand in the file with another value than the wanted one. */
  private readonly taken: string[] = [];
  private readonly lines: string[] = [];
  private readonly wanted = new Map<string, string>();
  /** What stands in the file. */
  readonly values: ReadonlyMap<string, string>;
  private readonly names: ReadonlySet<string>;

  /** @throws ConstructError `unreadable-env` */
  constructor(public text: string) {
    const { malformed, entries } = readEnvFile(text);
    if (malformed.size > 0) throw unreadable([...malformed]);
    this.values = parseDotenv(text).values;
    this.names = new Set(entries.map(({ name }) => name));
  }

  /** Whether the file gives a name a value. */
  has(name: string): boolean {
    return (this.values.get(name) ?? "").trim() !== "";
  }

  /** Adds values of the deployment's files: in the place of a name that stands there without one, else at the end. */
  add({ about, values, from }: Block): void {
    const isNew = (name: string) => !this.names.has(name);
    for (const [name, value] of values) if (!isNew(name)) this.set({ name, from }, value, undefined);
    const rest = new Map([...values].filter(([name]) => isNew(name)));
    if (rest.size > 0) this.append(about, rest, { from });
  }

  begin(template: string | undefined): void {
    const lines = [
      "Settings of this deployment. It holds passwords and keys: show it to nobody.",
      "A value with $, # or spaces stands in single quotes: NAME='like $ this'",
      "`lamb-compose env init` adds what is missing, and changes nothing that stands here.",
      ...(template === undefined ? [] : [`What else can be set is explained in ${template}.`]),
    ];
    this.lines.push(...lines.flatMap((text) => comment(text)));
  }

  append(about: string | undefined, values: ReadonlyMap<string, string>, origin: Omit<EnvAddition, "name">): void {
    const gap = this.lines.length > 0 || !/^\s*$|\n\s*\n$/.test(this.text) ? [""] : [];
    this.lines.push(...gap, ...(about === undefined ? [] : comment(about)));
    for (const [name, value] of values) {
      this.lines.push(`${name}=${envValue(value)}`);
      this.wanted.set(name, value);
      this.added.push({ ...origin, name });
    }
  }

  set(addition: EnvAddition, value: string, meaning: string | undefined): void {
    const { name } = addition;
    const there = this.values.get(name);
    if (there === value) return;
    if (there !== undefined && there.trim() !== "") {
      this.taken.push(name);
      return;
    }
    if (!this.names.has(name)) {
      this.append(meaning === undefined ? undefined : sentence(meaning), new Map([[name, value]]), addition);
      return;
    }
    this.fillings.set(name, value);
    this.added.push(addition);
  }

  /** @throws ConstructError `already-set`, `cannot-edit` */
  carryOut(): void {
    if (this.taken.length > 0) throw alreadySet(this.taken.join(", "));
    const edit = withValues(this.text, this.fillings);
    if (edit.failed.length > 0) throw cannotEdit(edit.failed.join(", "));
    this.text = withLines(edit.text, this.lines);
    const { values } = parseDotenv(this.text);
    const failed = [...this.wanted].filter(([name, value]) => values.get(name) !== value);
    if (failed.length > 0) throw cannotEdit(failed.map(([name]) => name).join(", "));
    this.fillings.clear();
    this.lines.length = 0;
  }
}

function unreadable(lines: readonly number[]): ConstructError {
  return new ConstructError({
    code: "unreadable-env",
    path: ".env",
    reason: `line ${lines.join(", ")} is not NAME=value: Compose refuses the file, or reads something else`,
    fix: "correct it: letters, digits and _ in the name, and every quote closed",
  });
}

function alreadySet(name: string): ConstructError {
  return new ConstructError({
    code: "already-set",
    path: name,
    reason: "has another value in .env already, and a value in .env is never overwritten",
    fix: `change it with \`lamb-compose env set\`, or leave the value out of the command`,
  });
}

/** A variable whose line cannot be changed without touching others. */
export function cannotEdit(name: string): ConstructError {
  return new ConstructError({
    code: "cannot-edit",
    path: name,
    reason: "is written in .env in a way that cannot be changed without changing something else",
    fix: "give it a line of its own, NAME=value",
  });
}
