import { inDeployment } from "../construct/checks/check";
import { mapOf } from "../construct/checks/model";
import type { ComposeFile } from "../construct/compose-file";
import type { Deployment } from "../construct/deployment";
import type { Finding } from "../construct/finding";
import type { SynthesisContext } from "../construct/synthesis-context";
import type { StackFacts, WorkflowFacts } from "./workflow/facts";

/** What is started to see whether the built images work together. */
export interface SmokeTest {
  /** The Compose file that is started, with those below it if it is an overlay, and no other. */
  readonly file: ComposeFile;
  /**
   * Values for the `.env`, beside secrets, which are drawn at random.
   * @default - the example of each variable that the file requires
   */
  readonly values?: Readonly<Record<string, string>> | undefined;
}

/** The file and its values, once the program is complete. */
export function stackOf({ file, values }: SmokeTest, context: SynthesisContext): StackFacts {
  const files = file.chain();
  const examples = context
    .variables(files)
    .filter(({ required, secret }) => required && !secret)
    .flatMap(({ name, example }) => (example === undefined ? [] : [[name, example] as const]));
  return { files: files.map(({ fileName }) => fileName), values: { ...Object.fromEntries(examples), ...values } };
}

/** What would keep the smoke test from starting: images that nobody builds, variables that nobody knows. */
export function* smokeProblems(
  deployments: readonly Deployment[],
  { file, values = {} }: SmokeTest,
  { registry, builds }: Pick<WorkflowFacts, "registry" | "builds">,
): Generator<Finding> {
  const chain = file.chain();
  const alone = deployments.find(
    ({ files }) => files.length === chain.length && files.every((rendered, index) => rendered.file === chain[index]),
  );
  if (alone === undefined) return;
  const built = new Set(builds.map(({ name }) => name));
  for (const [service, definition] of Object.entries(alone.services)) {
    const { image } = mapOf(definition);
    if (typeof image !== "string" || !image.startsWith(`${registry}/`)) continue;
    const [name = ""] = image.slice(registry.length + 1).split(/[:@]/);
    if (built.has(name)) continue;
    yield inDeployment(alone, {
      code: "smoke-image",
      path: ["services", service, "image"],
      value: image,
      reason: "is started by the smoke test, and the workflow does not build it",
      fix: "add it to the workflow's `images`, or give the smoke test another file",
    });
  }
  const unknown = alone.files
    .flatMap(({ register }) => register.variables)
    .filter(({ what: { name, required, secret, example } }) => {
      return required && !secret && example === undefined && values[name] === undefined;
    });
  for (const { what, path } of unknown) {
    yield inDeployment(alone, {
      code: "smoke-value",
      path,
      value: what.name,
      reason: "is required, and the smoke test has no value for it",
      fix: `give the variable an example, or pass it: smoke: { values: { ${what.name}: "…" } }`,
    });
  }
}
