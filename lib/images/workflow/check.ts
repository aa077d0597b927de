import { ConstructError } from "../../construct/errors";
import { Image } from "../../construct/image/image";
import { ARGUMENT_NAME } from "../dockerfile/arg";
import type { ImageBuild } from "../image-build";
import type { WorkflowFacts } from "./facts";

const PATH = /^[\w.@+-]+(?:\/[\w.@+-]+)*$/;
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
/** Without the signs that have a meaning in a filter of branches. */
const BRANCH = /^[\w@-][\w.@-]*(?:\/[\w@-][\w.@-]*)*$/;

/**
 * Refuses what a workflow cannot be made of.
 *
 * @throws ConstructError `invalid-image`, `invalid-build`, `invalid-workflow`
 */
export function checkFacts(facts: WorkflowFacts, construct: string): void {
  const { builds, registry, repository, defaultBranch, runners } = facts;
  const wrong = (path: string, value: string, reason: string, fix: string) =>
    new ConstructError({ code: "invalid-workflow", construct, path, value: JSON.stringify(value), reason, fix });
  if (!REPOSITORY.test(repository)) {
    throw wrong("repository", repository, "is not a repository of GitHub", "write it as owner/name");
  }
  if (!BRANCH.test(defaultBranch)) {
    const fix = "write it as git does, such as main; a name with *, +, ?, ! or brackets would be read as a pattern";
    throw wrong("defaultBranch", defaultBranch, "is not the plain name of a branch", fix);
  }
  if (runners.size === 0) {
    throw wrong("runners", "{}", "names no runner for any platform", "name one for amd64, arm64 or both");
  }
  if (builds.length === 0) throw wrong("images", "[]", "has nothing to build", "pass at least one image");
  const names = new Set<string>();
  for (const build of builds) {
    checkBuild(build, construct);
    if (names.has(build.name)) throw wrong("images", build.name, "is the name of two images", "give each its own");
    names.add(build.name);
    new Image(`${registry}/${build.name}`, { tag: "latest" });
  }
}

function checkBuild({ name, context, dockerfile, args = {}, identity = {} }: ImageBuild, construct: string): void {
  const wrong = (path: string, value: string, reason: string, fix: string) =>
    new ConstructError({
      code: "invalid-build",
      construct,
      path: `images.${name}.${path}`,
      value: JSON.stringify(value),
      reason,
      fix,
    });
  if (name.includes("/"))
    throw wrong("name", name, "is more than the last part of a name", "put folders in `registry`");
  for (const [key, path] of Object.entries({ context, dockerfile })) {
    if (path === "." && key === "context") continue;
    if (!PATH.test(path) || path.split("/").some((part) => part === "." || part === "..")) {
      throw wrong(key, path, "is not a plain path in the repository", "write it like backend/Dockerfile");
    }
  }
  for (const argument of [...Object.keys(args), ...Object.keys(identity)]) {
    if (!ARGUMENT_NAME.pattern.test(argument)) {
      throw wrong("args", argument, ARGUMENT_NAME.reason, ARGUMENT_NAME.fix);
    }
  }
  for (const value of Object.values(args)) {
    if (/[\r\n]|\$\{\{/.test(value)) {
      throw wrong("args", value, "has a line break or an expression of GitHub in it", "use a plain value");
    }
  }
}
