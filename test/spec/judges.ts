import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import Ajv, { type ValidateFunction } from "ajv";
import type { SchemaNode } from "../../schema/node";

/** The official schema, in the copy that dclint ships. */
export function officialSchema(): SchemaNode {
  const home = createRequire(import.meta.url).resolve("dclint/package.json");
  return JSON.parse(readFileSync(new URL("schemas/compose.schema.json", `file://${home}`), "utf8"));
}

/** A schema as ajv reads it, with nothing done to it: alternatives stay alternatives. */
export function compile(schema: SchemaNode): ValidateFunction {
  const { $schema: _, $id: __, ...rest } = schema;
  return new Ajv({ strict: false }).compile(rest);
}

const START = '{\n  "$schema": "https://json-schema.org/draft-07/schema",\n  "$id": "compose_spec.json"';

/** The schema inside the installed Docker Compose, or undefined where there is none of version 2.40. */
export function embeddedSchema(): SchemaNode | undefined {
  const { stdout } = spawnSync("docker", ["info", "--format", "{{json .ClientInfo.Plugins}}"], { encoding: "utf8" });
  const plugins: unknown = JSON.parse(stdout || "[]");
  const path = Array.isArray(plugins)
    ? plugins.find((plugin) => plugin.Name === "compose" && /^v?2\.40\./.test(plugin.Version))?.Path
    : undefined;
  if (typeof path !== "string") return undefined;
  const program = readFileSync(path);
  const from = program.indexOf(START);
  if (from < 0) return undefined;
  const text = program.subarray(from, from + 200_000).toString("latin1");
  return JSON.parse(text.slice(0, text.indexOf("\n}") + 2));
}
