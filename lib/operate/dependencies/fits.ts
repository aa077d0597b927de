import { isDeepStrictEqual } from "node:util";
import type { DependenciesLock } from "../../lamb/images/locks";
import { BUILT_IMAGES, SOURCES } from "../../lamb/images/sources";
import { OperateError } from "../error";
import { missingFolders } from "./checkout";
import type { WorkspaceLayout } from "./layout";

/**
 * Makes sure that Dockerfiles of a lock fit the sources beside which they are written. A folder that is no checkout has
 * none.
 *
 * @throws OperateError `other-layout` with all that differs; `unknown-layout`
 */
export async function assertFits(checkout: string, lock: DependenciesLock): Promise<void> {
  if ((await missingFolders(checkout)).length > 0) return;
  // What reads manifests is large, and most programs write into a folder of their own.
  const { layoutOf } = await import("./layout");
  const layout = await layoutOf(checkout);
  const images = BUILT_IMAGES.filter((image) => image in lock.images);
  const differences = [
    ...images.flatMap((image) => {
      const { python, requirements } = layout.images[image];
      const locked = lock.images[image];
      const lockedPython = locked?.python ?? lock.python;
      const lockedFiles = locked?.requirements ?? [SOURCES[image].requirements];
      return [
        ...(python === lockedPython ? [] : [`${image} runs on Python ${python}, and not on ${lockedPython}`]),
        ...(isDeepStrictEqual(requirements, lockedFiles)
          ? []
          : [`${image} asks for packages in ${requirements.join(", ")}, and not in ${lockedFiles.join(", ")}`]),
      ];
    }),
    ...(pagesOf(layout.workspace) === pagesOf(lock.workspace)
      ? []
      : [`its pages are ${pagesOf(layout.workspace)}, and not ${pagesOf(lock.workspace)}`]),
  ];
  if (differences.length === 0) return;
  throw new OperateError({
    code: "other-layout",
    path: checkout,
    reason: ["has sources with another layout than the locked dependencies were made for:", ...differences].join("\n"),
    fix: `write the lock beside the program, \`lamb-compose dependencies --checkout ${checkout} --out dependencies.lock.json\`, and run the program again`,
  });
}

function pagesOf(workspace: Omit<WorkspaceLayout, "pnpm"> | undefined): string {
  if (workspace === undefined) return "one application";
  const { packages, apps, versioned } = workspace;
  const shown = versioned.length === 0 ? "none" : versioned.join(", ");
  return `a workspace of ${packages.join(", ")} that builds ${apps.join(", ")}, with the version in ${shown}`;
}
