import { parse } from "smol-toml";
import { z } from "zod";
import { OperateError } from "../error";
import { distributionOf, normalizedName } from "./distributions";

const PYPROJECT = z.looseObject({
  project: z.looseObject({
    dependencies: z.array(z.string()).optional(),
    "optional-dependencies": z.record(z.string(), z.array(z.string())).optional(),
  }),
});

/** Something of others that a program imports: what the import audit lists. */
export interface NeededImport {
  readonly module: string;
  readonly name: string | null;
  readonly places: readonly string[];
}

const NEEDED = z.array(z.object({ module: z.string(), name: z.string().nullable(), places: z.array(z.string()) }));

/** What the import audit printed. */
export function neededImports(json: string): readonly NeededImport[] {
  return NEEDED.parse(JSON.parse(json));
}

/**
 * The requirements of a project, a line each: those of a `pyproject.toml` with all of its optional groups, or those of
 * a `requirements.txt` without its comments and options.
 *
 * @throws Error of TOML or its shape
 */
export function requirementLines(fileName: string, text: string): readonly string[] {
  if (fileName.endsWith(".toml")) {
    const { dependencies = [], "optional-dependencies": groups = {} } = PYPROJECT.parse(parse(text)).project;
    return [...dependencies, ...Object.values(groups).flat()];
  }
  const lines = text.split("\n").map((line) => line.replace(/(^|\s)#.*/, "").trim());
  return lines.filter((line) => line !== "" && !line.startsWith("-"));
}

/** The name of the package that a requirement asks for. */
function nameIn(requirement: string): string {
  return normalizedName(/^[\w.-]+/.exec(requirement)?.[0] ?? "");
}

/**
 * Of a project's requirements those that its imports need, as the project writes them: with their versions and extras. A
 * package that is imported and that no line names stands there by its name alone, if it is known. A name that is merely
 * imported is none to install: whoever publishes under it would be in the image.
 *
 * @throws OperateError `unknown-import` with all imports whose package is neither asked for nor known
 */
export function importedRequirements(
  imports: readonly NeededImport[],
  requirements: readonly string[],
): readonly string[] {
  const asked = new Set(requirements.map(nameIn));
  const wanted = new Map<string, string>();
  const unknown: string[] = [];
  for (const { module, name, places } of imports) {
    const ownName = module.split(".")[0] ?? module;
    const distribution = distributionOf(module, name) ?? ownName;
    const key = normalizedName(distribution);
    if (distributionOf(module, name) === undefined && !asked.has(key)) unknown.push(`${ownName} (${places[0]})`);
    wanted.set(key, distribution);
  }
  if (unknown.length > 0) {
    throw new OperateError({
      code: "unknown-import",
      value: [...new Set(unknown)].join(", "),
      reason: "is imported, and its package is neither among the project's requirements nor known here",
      fix: "add the package to the project's requirements",
    });
  }
  const named = requirements.filter((line) => wanted.has(nameIn(line)));
  const covered = new Set(named.map(nameIn));
  const others = [...wanted].filter(([key]) => !covered.has(key)).map(([, name]) => name);
  return [...new Set([...named, ...others])];
}
