import { type Rule, servicesOf, type Violation } from "../rule";

/**
 * @param isOfFamily whether an image, named without tag and digest, is released together with the others
 */
export function lockStep(isOfFamily: (repository: string) => boolean): Rule {
  return {
    id: "lock-step",
    what: "runs another version than the images it is released together with",
    why: "they read each other's tables: one that is newer than the other fails in ways that no healthcheck sees",
    fix: "let one variable name the version of all of them",
    severity: "error",
    *check(deployment): Generator<Violation> {
      let first: { name: string; tag: string } | undefined;
      for (const { name, spec, at } of servicesOf(deployment)) {
        if (typeof spec.image !== "string") continue;
        const { repository, tag } = split(spec.image, deployment.expand(spec.image));
        if (!isOfFamily(repository)) continue;
        first ??= { name, tag };
        if (tag === first.tag) continue;
        yield { path: at("image"), value: tag, reason: `runs ${tag}, and ${first.name} runs ${first.tag}` };
      }
    },
  };
}

/** The name of an image, and its tag as the file has it: a variable is another tag than its default. */
function split(written: string, expanded: string): { repository: string; tag: string } {
  const repository = expanded.replace(/(:[^/@]*)?(@.*)?$/, "");
  return { repository, tag: written.startsWith(repository) ? written.slice(repository.length + 1) : written };
}
