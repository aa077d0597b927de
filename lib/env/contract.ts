import { SET_BY_COMPOSE } from "../compose/loader/project-name";
import type { ComposeFile } from "../construct/compose-file";
import type { Comparison } from "../construct/env-distinct";
import type { EnvVar } from "../construct/env-var";
import { FACTS_KEY } from "../construct/facts";
import type { FixedByLock } from "../construct/image/use";
import type { SecretForm } from "../construct/secret-form";
import type { SynthesisContext } from "../construct/synth/context";
import type { RenderedFile } from "../construct/synth/rendered-file";
import { formatPath, type YamlPath } from "../spec";
import { isObject } from "../spec/json";
import { type EnvContractLimit, limitsOf } from "./limits";

/** A name that earlier templates had, and that the deployment does not read any more. */
export interface RetiredVar {
  readonly name: string;
  /** Why it has no effect now: a clause, shown to whoever still sets it. */
  readonly reason: string;
  /**
   * The name that says the same today.
   * @default - none
   */
  readonly replacedBy?: string | undefined;
  /**
   * The value that the deployment has fixed. Another value is an error, since somebody relies on it.
   * @default - any value may be dropped
   */
  readonly harmlessValue?: string | undefined;
  /**
   * Where another value has its place: the end of the advice to remove the line.
   * @default - nowhere
   */
  readonly otherwise?: string | undefined;
}

/** A name that a program reads, and that the deployment does not pass on to it. */
export interface LeftOutVar {
  /** The name; `*` at its end stands for any end. */
  readonly name: string;
  /** Why: a clause, shown to whoever sets it. */
  readonly reason: string;
  /**
   * Whether data that something else has written are of no use without the same value.
   * @default false
   */
  readonly isKept?: boolean | undefined;
}

/** A Compose file of the deployment. */
export interface EnvContractFile {
  /** Path, seen from the folder of the `.env`. */
  readonly fileName: string;
  /** What it is for, when the program says so. */
  readonly description?: string | undefined;
  /** Whether it is merged over other files, so that a deployment can do without it. */
  readonly overlay: boolean;
  /** Whether the template's `COMPOSE_FILE` names it. */
  readonly chosen: boolean;
}

/** A variable that the files mention. `type` is the only part that is not plain data. */
export interface EnvContractVariable {
  readonly name: string;
  readonly meaning: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** How a new value of a secret is written. @default "hex" */
  readonly form?: SecretForm | undefined;
  readonly group: string;
  /** As Compose reads it, other variables in it as expressions. */
  readonly default?: string | undefined;
  readonly example?: string | undefined;
  readonly refused: readonly string[];
  readonly formerNames: readonly string[];
  readonly emptyIsValue: boolean;
  /** Variables that must have another value. */
  readonly distinctFrom: readonly EnvContractDistinction[];
  /** Paths of the files that mention it. */
  readonly files: readonly string[];
  /**
   * Of the files, those that take away what other files have it for: when one of them runs, the variable has no effect.
   * @default - none
   */
  readonly removedBy?: readonly string[] | undefined;
  /**
   * How large its value may be where one of the files runs.
   * @default - as large as its type says
   */
  readonly limits?: readonly EnvContractLimit[] | undefined;
  /** Services that use it; for other places the place, such as `volumes.data`. */
  readonly usedBy: readonly string[];
  readonly type?: EnvVar["type"];
}

/** Two variables that must not mean the same. */
export interface EnvContractDistinction {
  /** The other variable. */
  readonly name: string;
  readonly as: Comparison;
  /** Why: a clause. */
  readonly reason: string;
}

/** The variables from which a variable must differ, as data. */
export function distinctionsOf(variable: EnvVar): readonly EnvContractDistinction[] {
  return variable.distinctFrom.map(({ variable: { name }, as = "text", reason }) => ({ name, as, reason }));
}

/** The overlays without which nothing needs a variable; none when the deployment always reads it. */
export function overlaysThatNeed(variable: EnvContractVariable, files: readonly EnvContractFile[]): readonly string[] {
  const overlays = new Set(files.filter(({ overlay }) => overlay).map(({ fileName }) => fileName));
  return variable.files.every((file) => overlays.has(file)) ? variable.files : [];
}

/** Services that start only with their profile. */
export interface EnvContractProfile {
  readonly name: string;
  readonly services: readonly string[];
  /** Whether the template's `COMPOSE_PROFILES` names it. */
  readonly enabled: boolean;
}

/** What a deployment takes from its `.env`: what the template shows, and what an operator's file is checked against. */
export interface EnvContract {
  readonly files: readonly EnvContractFile[];
  readonly profiles: readonly EnvContractProfile[];
  /** In the order of the program. */
  readonly variables: readonly EnvContractVariable[];
  /** Names that files mention as text, `${NAME}`, and that nothing explains. */
  readonly unexplained: readonly string[];
  readonly retired: readonly RetiredVar[];
  /** Of several that fit a name the first counts. @default - none */
  readonly leftOut?: readonly LeftOutVar[] | undefined;
}

/** The files that run when the operator chooses nothing. */
export function chosenFiles({ files }: EnvContract): readonly string[] {
  return files.filter(({ chosen }) => chosen).map(({ fileName }) => fileName);
}

/** The profiles that run when the operator chooses nothing. */
export function enabledProfiles({ profiles }: EnvContract): readonly string[] {
  return profiles.filter(({ enabled }) => enabled).map(({ name }) => name);
}

/** Which files, profiles and former names a contract is of. */
export interface EnvContractOptions {
  /**
   * The files of the deployment, in the order in which Compose merges them.
   * @default - all files of the app
   */
  readonly files?: readonly ComposeFile[] | undefined;
  /**
   * Those of the files that run when the operator chooses nothing.
   * @default - all of them
   */
  readonly chosen?: readonly ComposeFile[] | undefined;
  /**
   * Profiles that run when the operator chooses nothing.
   * @default - none
   */
  readonly profiles?: readonly string[] | undefined;
  /**
   * Names that earlier templates had and that have no effect now. They are not in a template; the check of an operator's
   * file knows them.
   * @default - none
   */
  readonly retired?: readonly RetiredVar[] | undefined;
  /**
   * Names that programs read, and that the deployment does not pass on: the check of an operator's file says why.
   * @default - none
   */
  readonly leftOut?: readonly LeftOutVar[] | undefined;
  /**
   * Path below the output directory of the `.env` or of its template: the files' paths are seen from there.
   * @default - the output directory
   */
  readonly beside?: string | undefined;
}

/** The contract of a program's finished files. */
export function envContract(context: SynthesisContext, options: EnvContractOptions = {}): EnvContract {
  const {
    files = context.files.map(({ file }) => file),
    chosen = files,
    profiles = [],
    retired = [],
    leftOut = [],
    beside = "",
  } = options;
  const runs = new Set(chosen.flatMap((file) => file.chain()));
  const renderedBy = new Map(context.files.map((rendered) => [rendered.file, rendered]));
  const rendered = files.flatMap((file) => renderedBy.get(file) ?? []);
  const nameOf = (file: ComposeFile) => pathFrom(beside, file.fileName);
  const variables = variablesOf(rendered, nameOf);
  const explained = new Set(variables.flatMap(({ name, formerNames }) => [name, ...formerNames]));
  const plain = rendered.flatMap(({ register }) => register.plainVariables.map(({ what }) => what));
  const known = new Set([...explained, ...plain, ...retired.map(({ name }) => name)]);
  return {
    files: rendered.map(({ file }) => {
      const overlay = file.chain().length > 1;
      return { fileName: nameOf(file), description: file.description, overlay, chosen: runs.has(file) };
    }),
    profiles: profilesOf(
      rendered.map(({ document }) => document),
      new Set(profiles),
    ),
    variables,
    unexplained: [...new Set(plain)].filter((name) => !explained.has(name) && !SET_BY_COMPOSE.has(name)),
    retired: [...retired.map((name) => ({ ...name })), ...fixedIn(rendered, known).map(retiredByLock)],
    leftOut,
  };
}

/** A variable that named the tag of images, when these are named by digest. */
export function retiredByLock({ name, value }: FixedByLock): RetiredVar {
  const reason =
    "images.lock.json fixes which images run, so that it could move none; another version is chosen in the program, or with `lamb-compose init`, and then locked with `lamb-compose lock`";
  return { name, reason, harmlessValue: value };
}

/** Variables that are nowhere any more because a lock took them out of the names of images. */
function fixedIn(files: readonly RenderedFile[], known: ReadonlySet<string>): readonly FixedByLock[] {
  const fixed = files.flatMap(({ register }) => register.images.flatMap(({ what }) => what.fixed));
  return [...new Map(fixed.map((one) => [one.name, one])).values()].filter(({ name }) => !known.has(name));
}

/** Who uses a variable that stands at a path: a service, or what else the place is. What is for our commands alone is nobody. */
export function usersAt(path: YamlPath): readonly string[] {
  const [section, name] = path;
  if (section === FACTS_KEY) return [];
  return [
    (section === "services" || section === "jobs") && name !== undefined ? String(name) : formatPath(path.slice(0, 2)),
  ];
}

function variablesOf(files: readonly RenderedFile[], nameOf: (file: ComposeFile) => string): EnvContractVariable[] {
  const found = new Map<string, { variable: EnvVar; files: Set<string>; usedBy: Set<string> }>();
  for (const { file, register } of files) {
    for (const { what: variable, path } of register.variables) {
      let entry = found.get(variable.name);
      if (entry === undefined) {
        entry = { variable, files: new Set(), usedBy: new Set() };
        found.set(variable.name, entry);
      }
      entry.files.add(nameOf(file));
      for (const user of usersAt(path)) entry.usedBy.add(user);
    }
  }
  const limits = limitsOf(files.map(({ file, document }) => ({ fileName: nameOf(file), document })));
  return [...found.values()].map(({ variable, files: mentioning, usedBy }) => {
    const { name, meaning, required, secret, form, group, example, refused, formerNames, emptyIsValue, type } =
      variable;
    const said = { name, meaning, required, secret, group, default: variable.default, example, refused, formerNames };
    const distinctFrom = distinctionsOf(variable);
    const where = { files: [...mentioning], limits: limits.get(name), usedBy: [...usedBy] };
    return { ...said, emptyIsValue, distinctFrom, ...where, form, type };
  });
}

/**
 * The services of each profile, in the order of the files.
 *
 * @param documents the files as plain data
 */
export function profilesOf(
  documents: readonly Readonly<Record<string, unknown>>[],
  enabled: ReadonlySet<string>,
): EnvContractProfile[] {
  const services = new Map<string, Set<string>>();
  for (const document of documents) {
    for (const [name, service] of isObject(document.services) ? Object.entries(document.services) : []) {
      const profiles = isObject(service) && Array.isArray(service.profiles) ? service.profiles : [];
      for (const profile of profiles) {
        if (typeof profile !== "string" || profile.includes("$")) continue;
        services.set(profile, (services.get(profile) ?? new Set()).add(name));
      }
    }
  }
  return [...services].map(([name, users]) => ({ name, services: [...users], enabled: enabled.has(name) }));
}

/** The way from the folder of one file to another file, both below the output directory. */
export function pathFrom(file: string, target: string): string {
  const folder = file.split("/").slice(0, -1);
  const steps = target.split("/");
  let common = 0;
  while (common < folder.length && common < steps.length - 1 && folder[common] === steps[common]) common++;
  return [...folder.slice(common).map(() => ".."), ...steps.slice(common)].join("/");
}
