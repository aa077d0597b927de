import {
  ComposeError,
  type FileInput,
  listVariables,
  type Project,
  type ResolveOptions,
  resolve,
  type Variable,
} from "../compose";
import type { ConfigWords, Switch } from "./config-flags";

function table(variables: Iterable<Variable>): string {
  const rows = [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"]];
  for (const { name, required, defaultValue, presenceValue } of variables) {
    rows.push([name, String(required), defaultValue, presenceValue]);
  }
  const widths = [0, 1, 2].map((column) => Math.max(20, ...rows.map((row) => (row[column] ?? "").length + 3)));
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("")}\n`).join("");
}

/** Compose ends this JSON with two line breaks, and all its other JSON with none. */
function variablesText(files: readonly FileInput[], options: ResolveOptions, format: string | undefined): string {
  const variables = [...listVariables(files, options).values()];
  if (format === undefined) return table(variables);
  const plain = variables.map(({ name, required, defaultValue, presenceValue }) => [
    name,
    { Name: name, DefaultValue: defaultValue, PresenceValue: presenceValue, Required: required },
  ]);
  return `${JSON.stringify(Object.fromEntries(plain), undefined, 4)}\n\n`;
}

/** Switch → the names that it prints, in the order in which Compose looks at the switches. */
const LISTS: readonly (readonly [flag: Switch, names: (project: Project) => readonly string[]])[] = [
  ["--services", (project) => project.services],
  ["--volumes", (project) => project.volumes],
  ["--networks", (project) => project.networks],
  ["--models", (project) => project.models],
  ["--profiles", (project) => project.profiles],
  ["--images", (project) => project.images],
];

function lines(texts: Iterable<string>): string {
  return [...texts].map((text) => `${text}\n`).join("");
}

/** `*`, or services with commas between. */
async function hashes(project: Project, wanted: string): Promise<string> {
  // Node.js takes its time to load it, and only hashes need it.
  const { createHash } = await import("node:crypto");
  const names = wanted === "*" ? project.services : wanted.split(",").sort();
  const rows = names.map((name) => {
    const text = project.hashed(name);
    if (text === undefined)
      throw new ComposeError("select", `no such service: ${name}: ${project.has(name) ? "disabled" : "not found"}`);
    return `${name} ${createHash("sha256").update(text).digest("hex")}`;
  });
  return lines(rows);
}

/** Switches that need a registry. */
const ASKS_REGISTRY: readonly Switch[] = ["--resolve-image-digests", "--lock-image-digests"];

/** What `docker compose config` prints for these words. @throws ComposeError where it refuses */
export async function configOutput(
  words: ConfigWords,
  files: readonly FileInput[],
  options: ResolveOptions,
): Promise<string> {
  const { switches, values } = words;
  const format = values.get("--format");
  if (files.length === 0) throw new ComposeError("file", "no configuration file provided: not found");
  if (switches.has("--variables") && !LISTS.some(([flag]) => switches.has(flag)) && !values.has("--hash")) {
    return variablesText(files, options, format);
  }
  const online = ASKS_REGISTRY.find((flag) => switches.has(flag));
  if (online !== undefined) {
    const instead = "use `lamb-compose lock`, which pins each image in a file, or docker compose config itself";
    throw new ComposeError("render", `${online} asks a registry, and this command asks nobody: ${instead}`);
  }
  const project = resolve(files, options);
  const list = LISTS.find(([flag]) => switches.has(flag));
  const hash = values.get("--hash");
  if (list !== undefined && (hash === undefined || !AFTER_HASH.has(list[0]))) return lines(list[1](project));
  if (hash !== undefined) return hashes(project, hash);
  if (switches.has("--environment")) {
    return lines([...project.environment].map(([name, value]) => `${name}=${value}`).sort());
  }
  if (format !== undefined && format !== "yaml" && format !== "json") {
    throw new ComposeError("render", `unsupported format "${format}"`);
  }
  return format === "json" ? project.toJson() : project.toYaml();
}

/** The lists that `--hash` goes before. */
const AFTER_HASH: ReadonlySet<Switch> = new Set(["--profiles", "--images"]);
