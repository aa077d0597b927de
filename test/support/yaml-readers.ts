import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORE_SCHEMA, FAILSAFE_SCHEMA, load, realMapTag, type Schema, YAML11_SCHEMA } from "js-yaml";
import { parseDocument } from "yaml";
import { dockerCompose, run } from "./tools";

/**
 * A document with nothing left to guess: mappings as pairs in their order, and whatever is no scalar of Compose (a date, a key that is
 * a number) under its type's name.
 */
export type Reading =
  | string
  | number
  | boolean
  | null
  | { readonly list: readonly Reading[] }
  | { readonly map: readonly (readonly [key: Reading, value: Reading])[] }
  | { readonly other: string };

/** Reads YAML texts, each with one document. */
export type Reader = (texts: readonly string[]) => readonly Reading[];

/** A value that a JavaScript reader returned, or the one that was written. */
export function reading(value: unknown): Reading {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return { list: value.map(reading) };
  if (value instanceof Map) return { map: [...value].map(([key, entry]) => [reading(key), reading(entry)]) };
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return { other: String(value) };
  return { map: Object.entries(value).map(([key, entry]) => [key, reading(entry)]) };
}

/** The same reading as Compose prints it in an extension: keys sorted, an empty list as null. */
export function asComposePrints(value: Reading): Reading {
  if (value === null || typeof value !== "object" || "other" in value) return value;
  if ("list" in value) return value.list.length === 0 ? null : { list: value.list.map(asComposePrints) };
  const pairs = value.map.map(([key, entry]): [Reading, Reading] => [key, asComposePrints(entry)]);
  return { map: pairs.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)) };
}

/** npm `yaml`, whose warnings count as errors. */
export function npmYaml(version: "1.1" | "1.2"): Reader {
  return (texts) =>
    texts.map((text) => {
      const document = parseDocument(text, { version, prettyErrors: true });
      const problem = document.errors[0] ?? document.warnings[0];
      if (problem !== undefined) throw new Error(`${problem.message}\n${text}`);
      return reading(document.toJS({ mapAsMap: true }));
    });
}

/** js-yaml with one of its schemas. */
export function jsYaml(schema: "core" | "yaml11" | "failsafe"): Reader {
  const chosen: Schema = { core: CORE_SCHEMA, yaml11: YAML11_SCHEMA, failsafe: FAILSAFE_SCHEMA }[schema];
  const options = { schema: chosen.withTags(realMapTag) };
  return (texts) => texts.map((text) => reading(load(text, options)));
}

const PYTHON = `
import datetime, json, sys, yaml

def reading(value):
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, list):
        return {"list": [reading(entry) for entry in value]}
    if isinstance(value, dict):
        return {"map": [[reading(key), reading(entry)] for key, entry in value.items()]}
    return {"other": repr(value)}

loader = getattr(yaml, sys.argv[1])
json.dump([reading(yaml.load(text, Loader=loader)) for text in json.load(sys.stdin)], sys.stdout)
`;

/** PyYAML, in one process for all texts: its own parser, or libyaml's. */
export function pyYaml(loader: "SafeLoader" | "CSafeLoader"): Reader {
  return (texts) => {
    const { status, stdout, stderr } = run("python3", ["-c", PYTHON, loader], { input: JSON.stringify(texts) });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
}

/** The model that `docker compose config` makes of some files, with `$` as they have it unless it is to interpolate. */
export function composeConfig(
  files: readonly string[],
  options: { readonly interpolate?: boolean } = {},
): Record<string, unknown> {
  const flags = options.interpolate === true ? [] : ["--no-interpolate"];
  const directory = mkdtempSync(join(tmpdir(), "lamb-compose-config-"));
  try {
    const words: string[] = [];
    for (const [index, text] of files.entries()) {
      const file = join(directory, `${index}.yaml`);
      writeFileSync(file, text);
      words.push("-f", file);
    }
    const { status, stdout, stderr } = dockerCompose([...words, "config", ...flags, "--format", "json"], {
      cwd: directory,
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
