import type { Docker } from "../engine/docker";
import { inspectImages } from "../engine/project";
import { OperateError } from "../error";
import type { HistoryEntry } from "../journal/history";

/**
 * Makes sure that the images of a state are still what they were called then. Under a name that means another image by now,
 * going back would start that one, on data that it may change for ever.
 *
 * @throws OperateError `other-image`, all at once
 */
export async function assertSameImages(docker: Docker, { number, images }: HistoryEntry): Promise<void> {
  const moved = new Map<string, string>();
  for (const { name, id } of Object.values(images)) {
    const [image] = await inspectImages(docker, [name]);
    // One that is not here any more is pulled.
    if (image !== undefined && image.Id !== id) moved.set(name, id);
  }
  if (moved.size === 0) return;
  const fixes = [...moved].map(([name, id]) => `docker tag ${id} ${name}`);
  throw new OperateError({
    code: "other-image",
    path: [...moved.keys()].join(", "),
    reason: `is now another image than in state ${number}, so there would be no way back to that state`,
    fix: `give the name back (${fixes.join("; ")}), and give the new image a name of its own: a version, or its digest with \`lamb-compose lock\``,
  });
}
