import type { Version } from "../../lib/compose";
import { toBlockYaml } from "./block-style";
import type { Case } from "./case";
import { type Make, RARE, Raw, RESOURCES, SERVICE, scalar, Tagged, text, type Value, type ValueMap } from "./grammar";
import { withNewerKeys } from "./newer";
import { Random } from "./random";

/** A random project as trees, so that it can be made smaller. */
export interface Generated {
  readonly documents: readonly ValueMap[];
  readonly profiles: readonly string[];
  readonly flags: Case["flags"];
  /** All documents in one file. */
  readonly together?: boolean;
  readonly format?: "json" | "yaml";
  /** Written in blocks by this seed; otherwise in flow style. */
  readonly blocks?: number;
}

/** Attributes with rules of their own further down. */
const OFTEN = ["build", "build", "build", "deploy", "networks", "healthcheck", "depends_on", "logging", "volumes", "ports"];

const SERVICES = ["web", "db", "cache"];
const ENV = { A: "aval", B: "", D: "do$lar", N: "2", T: "true", PORT: "7000", SIZE: "2m" };
const SIDE_FILES = {
  "e.env": "A=file\nE1=one\nQ='x $A'\nI=\"$A ${E1}\"\n",
  "f.env": "F1=two # c\nE1=${F1}\nB\nA+=bad".replace("\nA+=bad", "\n"),
  "raw.env": "R=raw $A # x\nA\n",
  "l.env": "A=lab\nL1=l\n",
  "m.env": "L1=m${L1}\n",
};

/** What a service says of another one: not for the one that the others need. */
const REFERENCES: ReadonlySet<string> = new Set(["depends_on", "links", "network_mode", "ipc", "pid", "volumes_from"]);

/** The attributes of one service in one file; an overlay comes back to those of the base more often than not. */
function attributes(service: string, random: Random, before: readonly string[] | undefined): ValueMap {
  const base = before === undefined;
  const out: Record<string, Value> = {};
  const count = 1 + random.below(base ? 8 : 4);
  const names = [...Object.keys(SERVICE), ...OFTEN];
  for (let i = 0; i < count; i++) {
    const name = before !== undefined && before.length > 0 && random.chance(0.7) ? random.pick(before) : random.pick(names);
    if (RARE.has(name) && !random.chance(0.25)) continue;
    if (service === "cache" && REFERENCES.has(name)) continue;
    const make = SERVICE[name];
    if (make !== undefined) out[name] = decorate(make(random), random, base);
  }
  if (base && out.build === undefined && out.provider === undefined) out.image ??= random.chance(0.9) ? "img" : text(random);
  return out;
}

/** Now and then null, a tag, or a value of a wrong type. */
function decorate(value: Value, random: Random, base: boolean): Value {
  if (random.chance(base ? 0.003 : 0.04)) return null;
  if (random.chance(0.004)) return scalar(random);
  const isSmall = value === null || typeof value !== "object" || value instanceof Raw;
  if (!base && random.chance(0.06)) return new Tagged("!reset", isSmall ? value : null);
  if (!base && random.chance(0.06)) return new Tagged("!override", value);
  if (!base && random.chance(0.08) && isMap(value)) return tagInside(value, random);
  return value;
}

function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Raw) && !(value instanceof Tagged);
}

function tagInside(value: ValueMap, random: Random): ValueMap {
  const keys = Object.keys(value);
  if (keys.length === 0) return value;
  const key = random.pick(keys);
  const inner = value[key] ?? null;
  return { ...value, [key]: new Tagged(random.chance(0.5) ? "!reset" : "!override", inner) };
}

function keysOf(services: Value | undefined, name: string): readonly string[] | undefined {
  if (services === undefined || !isMap(services)) return undefined;
  const service = services[name];
  return service !== undefined && isMap(service) ? Object.keys(service) : [];
}

function document(random: Random, first: ValueMap | undefined): ValueMap {
  const base = first === undefined;
  const known = first?.services;
  const out: Record<string, Value> = {};
  const services: Record<string, Value> = {};
  for (const name of base ? SERVICES : random.some(SERVICES)) {
    const service: Record<string, Value> = { ...attributes(name, random, keysOf(known, name)) };
    if (base && name === "web" && random.chance(0.08)) service.extends = random.pick<Value>(["db", { service: "db" }, { service: "ext", file: "sub/ext.yaml" }]);
    services[name] = service;
  }
  out.services = services;
  for (const [section, { names, make }] of Object.entries(RESOURCES)) {
    if (!base && random.chance(0.6)) continue;
    const chosen = base ? names : random.some(names);
    out[section] = Object.fromEntries(chosen.map((name) => [name, decorateResource(resource(section, make, random, base), random, base)]));
  }
  if (random.chance(0.1)) out["x-top"] = { a: scalar(random), l: [scalar(random)] };
  if (random.chance(0.08)) out.include = random.pick<Value>([["inc/i.yaml"], [{ path: "inc/i.yaml", env_file: "e.env" }], [{ path: ["inc/i.yaml", "inc/j.yaml"], project_directory: "sub" }]]);
  if (random.chance(0.05)) out.name = random.pick(["proj", "My Proj", "${A}"]);
  return out;
}

/** An overlay says of a secret or config what fits every base. */
function resource(section: string, make: Make, random: Random, base: boolean): Value {
  const value = make(random);
  if (base || (section !== "secrets" && section !== "configs") || !isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key === "labels" || key.startsWith("x-")));
}

function decorateResource(value: Value, random: Random, base: boolean): Value {
  if (base || random.chance(0.9)) return value;
  return new Tagged(random.chance(0.5) ? "!reset" : "!override", value);
}

/** @param version what Compose the keys are for, a release; without it, keys of 2.40 */
export function generate(seed: number, version?: Version): Generated {
  const random = new Random(seed);
  const count = random.chance(0.15) ? 1 : random.chance(0.7) ? 2 : 3;
  const first = document(random, undefined);
  const plain = [first, ...Array.from({ length: count - 1 }, () => document(random, first))];
  const documents = version === undefined ? plain : plain.map((made, index) => withNewerKeys(made, random, version, index === 0));
  const profiles = random.chance(0.2) ? [random.pick(["p1", "p2", "*"])] : [];
  const flags = random.chance(0.08) ? [random.pick<NonNullable<Case["flags"]>[number]>(["--no-interpolate", "--no-normalize", "--no-path-resolution"])] : [];
  const together = random.chance(0.1);
  return { documents, profiles, flags, together, format: random.chance(0.2) ? "yaml" : "json", ...(random.chance(0.4) ? { blocks: seed } : {}) };
}

/** A text in double quotes, or plain when that is safe to read. */
function quoted(value: string): string {
  return JSON.stringify(value);
}

function flow(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (value instanceof Raw) return value.text;
  if (value instanceof Tagged) return value.value === null ? `${value.tag} null` : `${value.tag} ${flow(value.value)}`;
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (isMap(value)) return `{${Object.entries(value).map(([key, inner]) => `${quoted(key)}: ${flow(inner)}`).join(", ")}}`;
  return String(value);
}

function block(value: ValueMap, depth: number, indent = ""): string {
  const lines = Object.entries(value).map(([key, inner]) => {
    const deeper = depth > 0 && isMap(inner) && Object.keys(inner).length > 0;
    return deeper ? `${indent}${key}:\n${block(inner, depth - 1, `${indent}  `)}` : `${indent}${key}: ${flow(inner)}\n`;
  });
  return lines.join("");
}

export function toYaml(document: ValueMap): string {
  return block(document, 2);
}

const EXTENDED = `services:
  ext: {image: ext, environment: [E=1, A], volumes: ["./v:/v", "data:/d"], build: ./b, env_file: ../e.env, ports: ["80"], labels: {x: y}}
`;

const INCLUDED = {
  "inc/i.yaml": 'services: {inc: {image: "inc-${A}-${F1:-none}", build: {context: ./b}, volumes: ["./v:/v", "idata:/d"], depends_on: [inc2]}, inc2: {image: x, env_file: [{path: none.env, required: false}]}}\nvolumes: {idata: {labels: {a: b}}}\n',
  "inc/j.yaml": "services: {inc: {ports: ['80'], labels: [a=b]}}\n",
  "inc/.env": "F1=inner\nA=inner\n",
};

/** The project as a question to both sides. */
export function toCase({ documents, profiles, flags, together, format, blocks }: Generated, name: string): Case {
  const texts = documents.map((document) => (blocks === undefined ? toYaml(document) : toBlockYaml(document, blocks)));
  const joined = together === true ? [texts.join("---\n")] : texts;
  const files = Object.fromEntries(joined.map((text, index) => [`${"abc"[index]}.yaml`, text]));
  const use = Object.keys(files);
  return { name, files: { ...files, ...SIDE_FILES, ...INCLUDED, "sub/ext.yaml": EXTENDED }, use, env: ENV, profiles, ...(flags === undefined ? {} : { flags }), format: format ?? "json" };
}
