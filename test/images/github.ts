import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import { parse } from "yaml";
import { z } from "zod";

const TEXTS = z.record(z.string(), z.coerce.string());

const STEP = z.looseObject({
  name: z.string(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: TEXTS.optional(),
  env: TEXTS.optional(),
  run: z.string().optional(),
});

const JOB = z.looseObject({
  name: z.string(),
  needs: z.array(z.string()).default([]),
  if: z.string().optional(),
  "runs-on": z.string(),
  "timeout-minutes": z.number().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  env: TEXTS.default({}),
  outputs: TEXTS.default({}),
  strategy: z
    .object({
      "fail-fast": z.boolean().default(true),
      matrix: z.record(z.string(), z.array(z.union([z.string(), TEXTS]))),
    })
    .optional(),
  steps: z.array(STEP),
});

const WORKFLOW = z.looseObject({
  on: z.object({
    push: z.object({ branches: z.array(z.string()).default([]), tags: z.array(z.string()).default([]) }),
    pull_request: z.unknown().optional(),
    workflow_dispatch: z.unknown().optional(),
  }),
  permissions: z.record(z.string(), z.string()).optional(),
  concurrency: z.object({ group: z.string(), "cancel-in-progress": z.boolean() }).optional(),
  defaults: z.object({ run: z.object({ shell: z.string() }) }).optional(),
  env: TEXTS.default({}),
  jobs: z.record(z.string(), JOB),
});

/** A workflow of GitHub's, as far as the tests ask. */
export type Workflow = z.infer<typeof WORKFLOW>;
export type Job = z.infer<typeof JOB>;
export type Step = z.infer<typeof STEP>;

/** Reads a workflow as GitHub does, which takes `on` for a name. */
export function readWorkflow(text: string): Workflow {
  return WORKFLOW.parse(parse(text, { version: "1.2" }));
}

/** A job that the test cannot do without. */
export function jobOf({ jobs }: Workflow, name: string): Job {
  const job = jobs[name];
  if (job === undefined) throw new Error(`no job ${name} among ${Object.keys(jobs).join(", ")}`);
  return job;
}

/** A step by the beginning of its name. */
export function stepOf(job: Job, name: string): Step {
  const step = job.steps.find((one) => one.name.startsWith(name));
  if (step === undefined) throw new Error(`no step ${name} among ${job.steps.map((one) => one.name).join(", ")}`);
  return step;
}

/** What expressions can ask: `github`, `needs`, `matrix`… */
export type Contexts = { readonly [name: string]: Context };
type Context = string | number | boolean | readonly Context[] | { readonly [key: string]: Context };

const EXPRESSION = /\$\{\{(.*?)\}\}/gs;

/** A text with its `${{ … }}` replaced by their values. */
export function interpolate(text: string, contexts: Contexts): string {
  return text.replace(EXPRESSION, (_, expression: string) => evaluate(expression, contexts).coerceString());
}

/** Whether a job or step with this `if` runs when everything before it went well. */
export function holds(condition: string | undefined, contexts: Contexts): boolean {
  if (condition === undefined) return true;
  const [, inner] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(condition) ?? [];
  return evaluate(`!(!(${inner ?? condition}))`, contexts).coerceString() === "true";
}

/** The value of an expression, by GitHub's own evaluator. */
function evaluate(expression: string, contexts: Contexts): data.ExpressionData {
  const tokens = new Lexer(expression).lex().tokens;
  const parsed = new Parser(tokens, Object.keys(contexts), []).parse();
  const all = Object.entries(contexts).map(([key, value]) => ({ key, value: asData(value) }));
  return new Evaluator(parsed, new data.Dictionary(...all)).evaluate();
}

function asData(value: Context): data.ExpressionData {
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (isList(value)) return new data.Array(...value.map(asData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: asData(item) })));
}

function isList(value: Context): value is readonly Context[] {
  return Array.isArray(value);
}

/** Whether the workflow's `on` lets an event through. Its patterns are plain names, and names that end in `*`. */
export function isTriggered({ on }: Workflow, event: { readonly name: string; readonly ref: string }): boolean {
  if (event.name !== "push") return event.name in on;
  const [, kind = "", name = ""] = /^refs\/(heads|tags)\/(.*)$/s.exec(event.ref) ?? [];
  const patterns = kind === "heads" ? on.push.branches : on.push.tags;
  return patterns.some((pattern) =>
    pattern.endsWith("*")
      ? name.startsWith(pattern.slice(0, -1)) && !name.slice(pattern.length - 1).includes("/")
      : name === pattern,
  );
}

/** Every combination of a job's matrix, by the rules by which `include` adds to them. */
export function combinations({ strategy }: Job): readonly Readonly<Record<string, string>>[] {
  const { include = [], ...axes } = strategy?.matrix ?? {};
  const names = Object.keys(axes);
  let rows: Record<string, string>[] = names.length === 0 ? [] : [{}];
  for (const name of names) {
    const values = (axes[name] ?? []).filter((value) => typeof value === "string");
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  const added: Record<string, string>[] = [];
  for (const entry of include) {
    if (typeof entry === "string") continue;
    const own = names.filter((name) => name in entry);
    const fitting = rows.filter((row) => own.every((name) => row[name] === entry[name]));
    if (fitting.length === 0 || names.length === 0) added.push({ ...entry });
    else for (const row of fitting) Object.assign(row, entry);
  }
  return [...rows, ...added];
}
