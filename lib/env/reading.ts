import { projectFiles } from "../compose/loader/project-files";
import { tryInterpolate } from "../compose/template/interpolate";
import type { EnvContract, EnvContractVariable, RetiredVar } from "./contract";
import { type EnvFile, type Environment, readEnvFile } from "./file";
import type { EnvContractLimit } from "./limits";

/** The value that a variable has, and the name under which it was given. */
export interface Setting {
  readonly variable: EnvContractVariable;
  /** The variable's name, or a former one. */
  readonly source: string;
  readonly value: string;
  readonly line: number | undefined;
}

/** How capital words joined by `_` look. What looks otherwise may be a piece of a value that broke off. */
const CONVENTIONAL = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;

/** An operator's file in the light of a contract: what the rules look at. */
export class EnvReading {
  readonly file: EnvFile;
  readonly variables: ReadonlyMap<string, EnvContractVariable>;
  readonly retired: ReadonlyMap<string, RetiredVar>;
  /** The variables that have a value, in the order of the contract. */
  readonly settings: ReadonlyMap<string, Setting>;
  /** Whether `COMPOSE_FILE` names files, and none of this deployment. */
  readonly namesOtherFiles: boolean;
  private readonly running: ReadonlySet<string>;
  private readonly others: ReadonlySet<string>;

  constructor(
    readonly contract: EnvContract,
    text: string,
    environment: Environment = {},
    files?: readonly string[],
  ) {
    this.file = readEnvFile(text, environment);
    this.variables = new Map(contract.variables.map((variable) => [variable.name, variable]));
    this.retired = new Map(contract.retired.map((name) => [name.name, name]));
    this.others = new Set([...contract.unexplained, ...contract.variables.flatMap(({ formerNames }) => formerNames)]);
    const named = files ?? projectFiles(this.file.value) ?? [];
    const running = contract.files.filter(({ fileName }) => named.some((path) => isFile(path, fileName)));
    this.namesOtherFiles = named.length > 0 && running.length === 0;
    this.running = new Set((running.length > 0 ? running : contract.files).map(({ fileName }) => fileName));
    const settings = contract.variables.flatMap((variable) => this.settingOf(variable) ?? []);
    this.settings = new Map(settings.map((setting) => [setting.variable.name, setting]));
  }

  /** Whether a file that runs mentions the variable: Compose reads its value there, even when another file removes it. */
  isMentioned(variable: EnvContractVariable): boolean {
    return variable.files.some((file) => this.running.has(file));
  }

  /** Whether a file that runs mentions the variable, and no other file that runs takes that away. */
  isUsed(variable: EnvContractVariable): boolean {
    return this.isMentioned(variable) && this.removersOf(variable).length === 0;
  }

  /** The files that run and take away what the variable is for. */
  removersOf({ removedBy = [] }: EnvContractVariable): readonly string[] {
    return removedBy.filter((file) => this.running.has(file));
  }

  /** What bounds the value of a variable, in the files that run. */
  limitsOf({ limits = [] }: EnvContractVariable): readonly EnvContractLimit[] {
    return limits.filter(({ file }) => this.running.has(file));
  }

  /** The value that holds: the one that is set, else the default. `undefined` where Compose cannot know it. */
  valueOf(variable: EnvContractVariable): string | undefined {
    const set = this.settings.get(variable.name)?.value;
    if (set !== undefined || variable.default === undefined) return set;
    return tryInterpolate(variable.default, this.file.value)?.text;
  }

  /** An error where the variable is used; where it is not, only worth saying. */
  severityFor(variable: EnvContractVariable): "error" | "warning" {
    return this.isUsed(variable) ? "error" : "warning";
  }

  /** Former names of a variable that are not names of today's variables too. */
  formerNamesOf(variable: EnvContractVariable): readonly string[] {
    return variable.formerNames.filter((name) => !this.variables.has(name));
  }

  /** Whether files of the deployment read the name, an earlier one included. */
  isRead(name: string): boolean {
    return this.variables.has(name) || this.others.has(name);
  }

  /** A name that may be shown. Empty for one that may be a piece of a secret. */
  shown(name: string): string {
    return this.isRead(name) || this.retired.has(name) || CONVENTIONAL.test(name) ? name : "";
  }

  /** Where a name stands in the file. */
  at(name: string): { readonly name: string; readonly line: number | undefined } {
    return { name, line: this.file.line(name) };
  }

  private settingOf(variable: EnvContractVariable): Setting | undefined {
    const { name, formerNames, emptyIsValue, required } = variable;
    for (const source of [name, ...formerNames]) {
      const value = this.file.value(source);
      if (value === undefined || this.file.isUnreadable(source)) continue;
      const counts = required ? value.trim() !== "" : value !== "" || emptyIsValue;
      if (counts) return { variable, source, value, line: this.file.line(source) };
    }
    return undefined;
  }
}

/** Whether a path, however it is written, leads to a file of the deployment. */
function isFile(path: string, fileName: string): boolean {
  const plain = path.replaceAll("\\", "/");
  return `/${plain}`.endsWith(`/${fileName}`);
}
