import { z } from "zod";
import type { ComposeProject } from "../engine/project";
import { filesBeside } from "./beside";
import { volumesLeftOut } from "./stores";

/** What services use and a backup does not have, as its manifest says it. */
export const LEFT_OUT = z.object({
  /** Keys of volumes that they write, and that the files do not call data. */
  volumes: z.array(z.string()).default([]),
  /** Paths in the directory of the deployment that they write. */
  written: z.array(z.string()).default([]),
  /** Paths outside of it that they see. */
  outside: z.array(z.string()).default([]),
});

/** What services use, and no backup has. */
export type LeftOut = z.infer<typeof LEFT_OUT>;

/** What backups of a project do not have. */
export async function leftOutOf(project: ComposeProject): Promise<LeftOut> {
  const { written, outside } = filesBeside(await project.model(), project.dir);
  return { volumes: [...(await volumesLeftOut(project))], written: [...written], outside: [...outside] };
}

/** What a backup does not have. Sentences. */
export function leftOutText({ volumes, written, outside }: LeftOut): readonly string[] {
  const rows = [
    ["volumes that the files do not mark as data", volumes],
    ["written by services, and no volumes", written],
    ["outside of the deployment's directory", outside],
  ] as const;
  return rows.flatMap(([why, names]) =>
    names.length === 0 ? [] : [`not in the backup: ${names.join(", ")} (${why})`],
  );
}
