import { isEnabled, namedProfiles } from "../compose/loader/select";
import { inDeployment } from "../construct/checks/check";
import { namesIn } from "../construct/checks/model";
import type { ComposeFile } from "../construct/compose-file";
import type { EnvVar } from "../construct/env-var";
import type { Deployment } from "../construct/synth/deployment";
import { COMPOSES_OWN } from "../env/name-rules";
import { isPlaceholder } from "../env/secret";
import type { Finding } from "../report/finding";
import { mapOf } from "../spec/value";
import type { WorkflowFacts } from "./workflow/facts";

/** What is started to see whether the built images work together. */
export interface SmokeTest {
  /** The Compose file that is started, with those below it if it is an overlay, and no other. */
  readonly file: ComposeFile;
  /**
   * Values for the `.env`, where every one may read them. Required secrets need none: they are drawn at random.
   * @default - none
   */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** What would keep the smoke test from starting: images that nobody builds, values that are missing or refused. */
export function* smokeProblems(
  deployments: readonly Deployment[],
  { registry, builds, stack }: Pick<WorkflowFacts, "registry" | "builds" | "stack">,
): Generator<Finding> {
  if (stack === undefined) return;
  const { file, values = {} } = stack;
  const chain = file.chain();
  const started = deployments.find(
    ({ files }) => files.length === chain.length && files.every((rendered, index) => rendered.file === chain[index]),
  );
  if (started === undefined) return;
  const active = namedProfiles(values.COMPOSE_PROFILES);
  const built = new Set(builds.map(({ name }) => name));
  for (const [service, definition] of Object.entries(started.services)) {
    const { image } = mapOf(definition);
    const name = typeof image === "string" ? nameIn(registry, image) : undefined;
    if (typeof image !== "string" || name === undefined || built.has(name)) continue;
    yield inDeployment(started, {
      code: "smoke-image",
      path: ["services", service, "image"],
      value: image,
      reason: "is started by the smoke test, and the workflow does not build it",
      fix: "add it to the workflow's `images`, or give the smoke test another file",
    });
  }
  const runs = new Set(
    Object.values(started.services).flatMap((definition) => {
      const { image, profiles } = mapOf(definition);
      return isEnabled(namesIn(profiles), active) && typeof image === "string" ? [nameIn(registry, image)] : [];
    }),
  );
  for (const { name } of builds) {
    if (runs.has(name)) continue;
    yield inDeployment(started, {
      code: "smoke-not-started",
      path: ["services"],
      value: `${registry}/${name}`,
      reason: "is built and published, and the smoke test starts no service with it",
      fix: "give the smoke test a file that has the service, or leave the image out of the workflow's `images`",
    });
  }
  const mentions = new Map(
    started.files.flatMap(({ register }) => register.variables.map((one) => [one.what.name, one])),
  );
  for (const { what, path } of mentions.values()) {
    const problem = valueProblem(what, values[what.name]);
    if (problem === undefined) continue;
    yield inDeployment(started, { code: "smoke-value", path, value: what.name, ...problem });
  }
  for (const name of Object.keys(values)) {
    if (mentions.has(name) || COMPOSES_OWN.test(name)) continue;
    yield inDeployment(started, {
      code: "smoke-value",
      path: ["services"],
      value: name,
      reason: "is a name that nothing of what the smoke test starts reads",
      fix: "correct the name, or leave it out of the smoke test's `values`",
    });
  }
}

/** The name of an image in a registry's folder. `undefined` for what lies elsewhere. */
function nameIn(registry: string, image: string): string | undefined {
  return image.startsWith(`${registry}/`) ? image.slice(registry.length + 1).split(/[:@]/)[0] : undefined;
}

/** Why the command that makes the `.env` would refuse a value. */
function valueProblem(
  { name, required, secret }: EnvVar,
  value: string | undefined,
): Pick<Finding, "reason" | "fix"> | undefined {
  if (secret && value !== undefined) {
    const reason = "is a secret in the workflow, where everybody can read it";
    return { reason, fix: "leave it out of the smoke test's `values`: what is required is drawn at random" };
  }
  const fix = `pass one: smoke: { values: { ${name}: "…" } }`;
  if (required && !secret && value === undefined) {
    return { reason: "is required, and the smoke test has no value for it", fix };
  }
  if (value !== undefined && isPlaceholder(value)) {
    return { reason: "has a placeholder for a value, which no `.env` may have", fix };
  }
  return undefined;
}
