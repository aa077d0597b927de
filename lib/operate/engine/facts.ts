import { z } from "zod";
import { FACTS_KEY } from "../../construct/facts";
import { OperateError } from "../error";
import type { ProjectModel } from "./model";

const statuses = z
  .string()
  .regex(/^\d{3}( \d{3})*$/)
  .transform((text) => text.split(" ").map(Number));

const OUTSIDE = z.object({
  what: z.string(),
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(["GET", "HEAD", "POST"]).default("GET"),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  right: statuses.optional(),
  wrong: statuses.optional(),
  contains: z.string().optional(),
  when: z.string().optional(),
  ownAuthority: z.boolean().default(false),
  certificate: z.string().optional(),
  authority: z.url({ protocol: /^https?$/ }).optional(),
});

const words = z
  .string()
  .regex(/\S/)
  .transform((text) => text.trim().split(/\s+/));

const RELOAD = z.object({
  label: z.string(),
  command: words,
  inForce: words.optional(),
  inFiles: words.optional(),
  upstreams: words.optional(),
});

const STORE = z.object({
  databases: z.array(z.string()).default([]),
  writtenOnce: z.array(z.string()).default([]),
  schema: z.string().optional(),
  whole: z.record(z.string(), words).default({}),
  refersTo: z.record(z.string(), z.string()).default({}),
  sameInAllGenerations: z.boolean().default(false),
});

const RELEASE = z.object({
  version: z.string(),
  earlier: z
    .string()
    .default("")
    .transform((text) => text.split(" ").filter((version) => version !== "")),
  stops: z.record(z.string(), z.string()).default({}),
  oneWay: z.record(z.string(), z.array(z.string())).default({}),
  retracted: z.string().optional(),
});

const CHECK = z.object({
  what: z.string(),
  why: z.string(),
  fix: z.string(),
  service: z.string(),
  command: words,
  severity: z.enum(["error", "warning", "advice"]).default("warning"),
});

const WAITS = z.record(z.string(), z.enum(["layout", "start"]));

const FACTS = z.object({
  stores: z.record(z.string(), STORE).default({}),
  outside: z
    .record(z.string(), OUTSIDE)
    .default({})
    .transform((all) => Object.fromEntries(Object.entries(all).filter(([, { when }]) => when !== ""))),
  reloads: z.record(z.string(), RELOAD).default({}),
  releases: z.record(z.string(), RELEASE).default({}),
  checks: z.record(z.string(), CHECK).default({}),
  waits: z.record(z.string(), WAITS).default({}),
});

/** What the files say that Compose passes over, and commands must know. */
export type ReleaseFacts = z.infer<typeof FACTS>;

/** Something that can be asked of a deployment from outside. */
export type OutsideQuestion = z.infer<typeof OUTSIDE>;

/**
 * The facts that stand in the files of a project.
 *
 * @throws OperateError `bad-facts`
 */
export function releaseFacts(model: ProjectModel): ReleaseFacts {
  const parsed = FACTS.safeParse(model[FACTS_KEY] ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new OperateError({
    code: "bad-facts",
    path: [FACTS_KEY, ...(issue?.path ?? [])].join("."),
    reason: "is not what the commands on a deployment expect",
    fix: "have the program, or `lamb-compose init`, write the files again",
  });
}
