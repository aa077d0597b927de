import { readdir } from "node:fs/promises";
import { delimiter, join, normalize, resolve } from "node:path";
import { parseDotenv } from "../../compose/dotenv/dotenv";
import { projectFiles } from "../../compose/loader/project-files";
import { readText } from "../../disk/read-file";
import type { EnvContract } from "../../env/contract";
import type { Environment } from "../../env/file";
import { readComposeText } from "../compose-text";
import { messageOf, OperateError, systemCode } from "../error";
import { STANDARD_FILES, STANDARD_OVERLAYS } from "../find-project";
import { type EnvOnDisk, readEnvOnDisk } from "./file";
import { type ContractFile, contractOfFiles } from "./read-contract";

/** A directory with a deployment's files, and perhaps its `.env`. */
export interface DeploymentDirectory {
  readonly dir: string;
  readonly env: EnvOnDisk;
  /** The Compose files: those that run, in the order in which Compose merges them, and others of ours beside them. */
  readonly files: readonly ContractFile[];
  readonly contract: EnvContract;
  /** Name of the template of the `.env`, when there is one. */
  readonly template: string | undefined;
}

/** Names of Compose files that are made for LAMB. */
export const OURS = /^docker-compose\.next(?:\.[\w-]+)*\.ya?ml$/;
const TEMPLATE = /^\.env(?:\.[\w-]+)*\.example$/;

/**
 * Reads what a directory's Compose files take from its `.env`. The files are those that `COMPOSE_FILE` names: in the
 * environment, the `.env`, or the template; else every `docker-compose.next*.yaml`; else those that Compose finds by itself.
 * Files of ours beside them count as known, and not as running.
 *
 * @throws OperateError `no-compose-file`, `cannot-read`, and those of {@link readEnvOnDisk}
 * @throws ConstructError `invalid-yaml`
 */
export async function readDeployment(dir: string, environment: Environment): Promise<DeploymentDirectory> {
  const names = await namesIn(dir);
  const env = await readEnvOnDisk(join(dir, ".env"));
  const template = names.find((name) => TEMPLATE.test(name));
  const templateValues = parseDotenv(template === undefined ? "" : await read(dir, template)).values;
  const own = parseDotenv(env.text ?? "").values;
  const ours = names.filter((name) => OURS.test(name)).sort((one, other) => one.length - other.length);
  const named =
    composeFiles((name) => environment[name] ?? own.get(name)) ?? composeFiles((name) => templateValues.get(name));
  const chosen = named ?? (ours.length > 0 ? ours : standardFiles(names));
  if (chosen.length === 0) {
    throw new OperateError({
      code: "no-compose-file",
      path: dir,
      reason: "has no Compose file",
      fix: "run `lamb-compose init` to make a deployment, or name the directory of one with --dir",
    });
  }
  const others = [...(composeFiles((name) => templateValues.get(name)) ?? []), ...ours];
  const all = [...new Set([...chosen, ...others.filter((name) => names.includes(name))])];
  const running = new Set(chosen);
  const files = await Promise.all(
    all.map(async (fileName): Promise<ContractFile> => {
      return { fileName, text: await read(dir, fileName), chosen: running.has(fileName) };
    }),
  );
  return {
    dir,
    env,
    files,
    contract: contractOfFiles(files, profiles(templateValues.get("COMPOSE_PROFILES") ?? "")),
    template,
  };
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return (await readdir(dir)).sort();
  } catch (error) {
    throw unreadable(dir, error);
  }
}

async function read(dir: string, name: string): Promise<string> {
  const fix = "correct --dir, or the names in COMPOSE_FILE";
  const path = resolve(dir, name);
  const text = TEMPLATE.test(name) ? await readText(path, { fix }) : await readComposeText(path, { fix });
  if (text !== undefined) return text;
  throw new OperateError({ code: "cannot-read", path, reason: "is not there", fix });
}

/** The files that `COMPOSE_FILE` names. `undefined` when it names none. */
function composeFiles(value: (name: string) => string | undefined): readonly string[] | undefined {
  return projectFiles(value, delimiter)?.map((path) => (path === "" ? path : normalize(path)));
}

function standardFiles(names: readonly string[]): readonly string[] {
  const base = STANDARD_FILES.find((name) => names.includes(name));
  const overlay = STANDARD_OVERLAYS.find((name) => names.includes(name));
  return base === undefined ? [] : overlay === undefined ? [base] : [base, overlay];
}

function profiles(list: string): readonly string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function unreadable(path: string, error: unknown): OperateError {
  const missing = systemCode(error) === "ENOENT";
  return new OperateError({
    code: "cannot-read",
    path,
    reason: missing ? "is not there" : `cannot be read: ${messageOf(error)}`,
    fix: missing
      ? "correct --dir, or the names in COMPOSE_FILE"
      : "allow this user to read it, or name another directory with --dir",
  });
}
