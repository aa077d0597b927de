import { parseDotenv } from "../../compose/dotenv/dotenv";
import { checkEnv } from "../../env/check";
import type { EnvContract } from "../../env/contract";
import { isSecretName } from "../../env/secret-name";
import { PUBLIC_SECRETS } from "../../lamb/facts/public-secrets";
import type { Finding } from "../../report/finding";
import { contractOfFiles } from "../env/read-contract";
import type { AuditedFile } from "./audit";

/** Names of files that are copied and then filled in. */
const TEMPLATE = /(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|defaults?)(?:[._-]|$)/i;
/** What the templates of this library say of themselves. */
const MADE_BY = /^# Made by lamb-compose\b/m;

/** Whether a file of settings is a template, and not the `.env` that somebody runs with. */
export function isTemplate({ path, text }: AuditedFile): boolean {
  return TEMPLATE.test(baseName(path)) || MADE_BY.test(text);
}

/**
 * What is wrong with an operator's `.env`, seen from the Compose files that read it; without such files, by the names
 * alone. No value is shown.
 *
 * @throws ConstructError `invalid-yaml`
 */
export async function envFindings(file: AuditedFile, composeFiles: readonly AuditedFile[]): Promise<Finding[]> {
  const folder = folderOf(file.path);
  const fromThere = (path: string) => (path.startsWith(folder) ? path.slice(folder.length) : path);
  const files = composeFiles.map(({ path, text }) => ({ fileName: fromThere(path), text, chosen: true }));
  const contract = files.length > 0 ? contractOfFiles(files) : contractOfNames(file);
  const problems = await checkEnv(contract, file.text);
  return problems
    .filter(({ code }) => files.length > 0 || code !== "unknown-files")
    .map(({ code, severity, name, line, reason, fix }) => ({
      code: `env-${code}`,
      severity,
      construct: "",
      file: file.path,
      ...(line === undefined ? {} : { path: `line ${line}` }),
      ...(name === "" ? {} : { value: name }),
      reason,
      fix,
    }));
}

/** When nobody says what reads a file, each of its names counts, and means what it looks like. */
function contractOfNames({ path, text }: AuditedFile): EnvContract {
  const names = new Set(parseDotenv(text, { lookup: () => "" }).entries.map(({ name }) => name));
  return {
    files: [{ fileName: path, overlay: false, chosen: true }],
    profiles: [],
    unexplained: [],
    retired: [],
    variables: [...names].filter(Boolean).map((name) => {
      const secret = isSecretName(name);
      const refused = secret ? PUBLIC_SECRETS : [];
      const said = { name, meaning: name, required: false, secret, group: "General", refused, formerNames: [] };
      return { ...said, emptyIsValue: true, distinctFrom: [], files: [path], usedBy: [] };
    }),
  };
}

/** The name of a file at the end of its path, whichever system wrote that. */
export function baseName(path: string): string {
  return path.slice(path.replaceAll("\\", "/").lastIndexOf("/") + 1);
}

/** The folder of a file, with what separates it from the name. */
export function folderOf(path: string): string {
  return path.slice(0, path.length - baseName(path).length);
}
