import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Synthesis } from "lamb-compose";
import { z } from "zod";
import { COMPOSE } from "../support/docker-compose";

const PORT = z.looseObject({
  target: z.number(),
  published: z.string().optional(),
  host_ip: z.string().optional(),
  protocol: z.string(),
});

const MOUNT = z.looseObject({
  type: z.string(),
  source: z.string().optional(),
  target: z.string(),
  read_only: z.boolean().default(false),
});

const SERVICE = z.looseObject({
  image: z.string().optional(),
  build: z.unknown().optional(),
  environment: z.record(z.string(), z.string().nullable()).default({}),
  ports: z.array(PORT).default([]),
  volumes: z.array(MOUNT).default([]),
  configs: z.array(z.looseObject({ source: z.string(), target: z.string() })).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string(), required: z.boolean() })).default({}),
  networks: z.record(z.string(), z.looseObject({ aliases: z.array(z.string()).default([]) }).nullable()).default({}),
  healthcheck: z
    .looseObject({ test: z.array(z.string()), start_interval: z.string().optional(), interval: z.string().optional() })
    .optional(),
  profiles: z.array(z.string()).default([]),
  restart: z.string().optional(),
  extra_hosts: z.array(z.string()).default([]),
  stop_grace_period: z.string().optional(),
  logging: z.looseObject({ driver: z.string(), options: z.record(z.string(), z.string()) }).optional(),
  security_opt: z.array(z.string()).default([]),
  deploy: z.unknown().optional(),
});

const MODEL = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), SERVICE),
  volumes: z.record(z.string(), z.looseObject({ name: z.string() })).default({}),
  networks: z.record(z.string(), z.unknown()).default({}),
});

/** The project that Compose makes of the files. */
export type Model = z.infer<typeof MODEL>;
export type ServiceModel = z.infer<typeof SERVICE>;

/** What `docker compose` said. */
export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Values = Readonly<Record<string, string>>;

const TEMPLATE_LINE = /^([A-Z][A-Z0-9_]*)=$/;
const EXAMPLE_LINE = /^# Example: ([A-Z][A-Z0-9_]*)=(.*)$/;

/**
 * A template as an operator fills it in: the example where there is one, a secret where there is none, and what the
 * test says, put at the end, since the last line of a name counts.
 */
export function filled(template: string, values: Values = {}): string {
  const examples = new Map<string, string>();
  const lines = template.split("\n").map((line) => {
    const [, exampleOf, example] = EXAMPLE_LINE.exec(line) ?? [];
    if (exampleOf !== undefined && example !== undefined) examples.set(exampleOf, example);
    const name = TEMPLATE_LINE.exec(line)?.[1];
    return name === undefined ? line : `${name}=${examples.get(name) ?? `filled-in-${name.toLowerCase()}`}`;
  });
  return [...lines, ...Object.entries(values).map(([name, value]) => `${name}='${value}'`), ""].join("\n");
}

export interface AskOptions {
  /** Added to the filled template. */
  readonly env?: Values;
  /** The `.env` as it is, in place of the filled template; `null` for none. */
  readonly envText?: string | null;
  /** The files, in place of those that the template's `COMPOSE_FILE` names. */
  readonly files?: readonly string[];
  /** Name of the folder in which the files lie. */
  readonly folder?: string;
}

/** Files by their path below a folder. */
export type Files = ReadonlyMap<string, string>;

/** Does something with files in a folder that is gone afterwards. */
export function inFolder<Result>(files: Files, action: (folder: string) => Result, name = "deployment"): Result {
  const home = mkdtempSync(join(tmpdir(), "lamb-compose-test-"));
  const folder = join(home, name);
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return action(folder);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** Name of the one `.env` template among files. */
export function templateOf(files: Files): string {
  const [name, ...others] = [...files.keys()].filter((path) => /(^|\/)\.env(\..+)?\.example$/.test(path));
  if (name === undefined || others.length > 0) throw new Error("expected one template");
  return name;
}

/** What was answered, by all that was asked: the same files have the same answer. */
const answered = new Map<string, Answer>();

/**
 * Asks `docker compose` for the project of some files, with nothing of this process's environment in it. The folder in
 * which they lie for the moment is the root of the paths in its answer. What was asked before is not asked again.
 */
export function ask(files: Files, words: readonly string[], options: AskOptions = {}): Answer {
  const { env, envText = filled(files.get(templateOf(files)) ?? "", env), files: chosen = [], folder } = options;
  const all = new Map(files);
  if (envText !== null) all.set(".env", envText);
  const command = [...chosen.flatMap((file) => ["-f", file]), ...words];
  const question = createHash("sha256")
    .update(JSON.stringify([command, folder, ...all]))
    .digest("hex");
  const known = answered.get(question);
  if (known !== undefined) return known;
  const act = (cwd: string): Answer => {
    const { PATH = "", HOME = "" } = process.env;
    const [program, ...first] = COMPOSE;
    const ran = spawnSync(program, [...first, ...command], {
      cwd,
      env: { PATH, HOME },
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    if (ran.error !== undefined) throw ran.error;
    const { status, stdout, stderr } = ran;
    return { status, stdout: stdout.replaceAll(dirname(cwd), ""), stderr };
  };
  const answer = inFolder(all, act, folder);
  answered.set(question, answer);
  return answer;
}

/** The project as `docker compose config` prints it, every profile included unless the options say which. */
export function modelOf(files: Files, options: AskOptions & { readonly profiles?: readonly string[] } = {}): Model {
  const { profiles = ["*"], ...rest } = options;
  const words = [...profiles.flatMap((profile) => ["--profile", profile]), "config", "--format", "json"];
  const { status, stdout, stderr } = ask(files, words, rest);
  if (status !== 0) throw new Error(stderr);
  return MODEL.parse(JSON.parse(stdout));
}

/** The same of a synthesis. */
export function model(synthesis: Synthesis, options: Parameters<typeof modelOf>[1] = {}): Model {
  return modelOf(synthesis.files, options);
}

/** A service that the test cannot do without. */
export function service({ services }: Model, name: string): ServiceModel {
  const found = services[name];
  if (found === undefined) throw new Error(`no service ${name} among ${Object.keys(services).join(", ")}`);
  return found;
}
