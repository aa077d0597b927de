import { separatorFor } from "../compose/loader/project-files";
import { tryInterpolate } from "../compose/template/interpolate";
import { origin } from "../construct/made-by";
import { groupBy } from "../spec/group";
import { comment, LINE_BREAK, sentence, WIDTH } from "./comment";
import {
  chosenFiles,
  type EnvContract,
  type EnvContractFile,
  type EnvContractVariable,
  enabledProfiles,
  overlaysThatNeed,
} from "./contract";
import { PROJECT_NAME } from "./init";
import { envValue } from "./quote";

/** More users than these are only counted. */
const USERS = 8;

export interface EnvTextOptions {
  /** The template's own name. */
  readonly fileName: string;
  /** The name under which the operator keeps it. */
  readonly copyTo: string;
  /** Path of the construct that makes it. */
  readonly construct: string;
  /** What the program says of its files. @default - nothing */
  readonly header: string | undefined;
}

/** The text of an `.env` template: how to use it, what Compose must know, what must be filled in, what may be changed. */
export function envText(contract: EnvContract, options: EnvTextOptions): string {
  const required = contract.variables.filter((variable) => variable.required);
  const optional = contract.variables.filter((variable) => !variable.required);
  const describe = (variable: EnvContractVariable) =>
    describeVariable(variable, overlaysThatNeed(variable, contract.files));
  const blocks = [heading(options), ...composeBlocks(contract)];
  if (required.length > 0) {
    blocks.push(title("Required: Compose does not start while one of these is empty"), ...required.map(describe));
  }
  for (const [group, variables] of groupBy(optional, ({ group }) => group))
    blocks.push(title(group), ...variables.map(describe));
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function heading({ fileName, copyTo, construct, header }: EnvTextOptions): string[] {
  const up = copyTo === ".env" ? "docker compose" : `docker compose --env-file ${copyTo}`;
  return [
    ...comment("Settings of this deployment."),
    `#   1. cp ${baseName(fileName)} ${copyTo}`,
    `#   2. Fill in ${copyTo} what is empty. A random secret: openssl rand -hex 32`,
    `#   3. ${up} up -d --wait`,
    ...comment(
      `A value with $, # or spaces stands in single quotes, NAME='like $ this', because Compose takes $ for a variable. ` +
        `Lines that begin with # show what holds without them.`,
    ),
    ...(header === undefined
      ? [`# ${origin(construct)} Change the program, not this file.`]
      : comment(`This template: ${header}`)),
  ];
}

function composeBlocks(contract: EnvContract): string[][] {
  const { files, profiles } = contract;
  if (files.length === 0) return [];
  const chosen = chosenFiles(contract);
  const separator = separatorFor(chosen);
  const lines = [
    ...comment("The files that `docker compose` runs, merged in this order:"),
    ...files.flatMap(fileLines),
  ];
  if (files.length > 1) {
    const least = files.filter(({ overlay }) => !overlay).map(({ fileName }) => fileName);
    lines.push(
      ...comment(`Leave out what you do not use. The least is COMPOSE_FILE=${envValue(least.join(separator))}`),
      `COMPOSE_PATH_SEPARATOR=${envValue(separator)}`,
    );
  }
  const blocks = [
    title("Compose"),
    [...comment(PROJECT_NAME), "# COMPOSE_PROJECT_NAME="],
    [...lines, `COMPOSE_FILE=${envValue(chosen.join(separator))}`],
  ];
  const [profile] = profiles;
  if (profile !== undefined) {
    const enabled = enabledProfiles(contract);
    blocks.push([
      ...comment("Services that start only when their profile is named here; several are separated by commas:"),
      ...profiles.flatMap(({ name, services }) => comment(`${name}: ${listed(services)}`, "#   ")),
      enabled.length === 0
        ? `# COMPOSE_PROFILES=${envValue(profile.name)}`
        : `COMPOSE_PROFILES=${envValue(enabled.join(","))}`,
    ]);
  }
  return blocks;
}

function fileLines({ fileName, description = "", chosen }: EnvContractFile): string[] {
  const [first = ""] = description.split(LINE_BREAK);
  const what = [chosen ? "" : "Does not run unless it is named.", first].filter(Boolean).join(" ");
  return [`#   ${fileName}`, ...(what === "" ? [] : comment(what, "#     "))];
}

function describeVariable(variable: EnvContractVariable, overlays: readonly string[]): string[] {
  const { name, meaning, required, secret, example, formerNames, emptyIsValue, usedBy } = variable;
  const value = required ? "" : settled(variable);
  const follows = required ? undefined : readableDefault(variable);
  const facts = [
    secret ? "Secret." : "",
    overlays.length > 0 ? `Only with ${listed(overlays)}.` : "",
    usedBy.length > 0 ? `Used by ${listed(usedBy)}.` : "",
    formerNames.length > 0 ? `Formerly ${formerNames.join(", ")}.` : "",
    emptyIsValue ? "May be set to nothing." : "",
  ];
  return [
    ...comment(sentence(meaning)),
    ...comment(facts.filter(Boolean).join(" ")),
    ...(follows === undefined || follows === value ? [] : comment(`Default: ${follows}`)),
    ...(example === undefined ? [] : [`# Example: ${name}=${envValue(example)}`]),
    `${required ? "" : "# "}${name}=${envValue(value ?? "")}`,
  ];
}

/** The default with every variable in it at its own default. `undefined` when one of those is required. */
function settled(variable: EnvContractVariable): string | undefined {
  return tryInterpolate(variable.default ?? "", () => undefined, { lazy: true })?.text;
}

/** The default for people: other variables in it as `<NAME>`. `undefined` when one of those is required. */
export function readableDefault(variable: EnvContractVariable): string | undefined {
  return tryInterpolate(variable.default ?? "", (name) => `<${name}>`, { lazy: true })?.text;
}

function title(text: string): string[] {
  return comment(text).map((line) => `${line} `.padEnd(WIDTH, "-"));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, USERS).join(", ");
  return names.length > USERS ? `${shown} and ${names.length - USERS} more` : shown;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
