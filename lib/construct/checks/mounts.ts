import { cleanPath, parseVolume, VolumeError } from "../../compose/types/volumes";
import type { Finding } from "../../report/finding";
import type { ComposeMap, YamlPath } from "../../spec";
import { isMap, listOf, mapOf, textOf } from "../../spec/value";
import { byDefault } from "../image/use";
import type { RenderedFile } from "../synth/rendered-file";
import { inFile } from "./check";

/** A mount as one file has it: where in the container, and where in the file. */
interface Mount {
  readonly target: string;
  readonly path: YamlPath;
  /** Whether the file names a place only: what stands there may be meant as the name of a volume. */
  readonly isBare: boolean;
}

/** Mounts at a place that is no absolute path, and two mounts of one file at one place: Compose keeps the last one. */
export function* mounts(rendered: RenderedFile): Generator<Finding> {
  const declared = mapOf(rendered.document.volumes);
  for (const [name, value] of Object.entries(mapOf(rendered.document.services))) {
    const seen = new Map<string, string>();
    for (const { target, path, isBare } of mountsOf(["services", name], mapOf(value))) {
      if (!/^(\/|[A-Za-z]:[\\/])/.test(target)) {
        const isName = isBare && Object.hasOwn(declared, target);
        yield inFile(rendered, {
          code: "invalid-mount",
          path,
          value: JSON.stringify(target),
          reason: isName
            ? "names a volume and no path for it: Compose reads the name as the path of a volume without a name"
            : "is mounted at a path that does not begin with /: the engine would refuse the container",
          fix: isName ? `write volume.at("/path/in/the/container")` : "write the whole path, from /",
        });
        continue;
      }
      const [drive = ""] = isBare ? target.split(":", 1) : [];
      if (drive !== target && Object.hasOwn(declared, drive)) {
        const reason = "has a volume of one letter, which Compose reads as a Windows drive: nothing is mounted there";
        const fix = "give the volume a longer name, or write the mount as a mapping with source and target";
        yield inFile(rendered, { code: "invalid-mount", path, value: JSON.stringify(target), reason, fix });
        continue;
      }
      const place = cleanPath(target);
      const first = seen.get(place);
      if (first === undefined) seen.set(place, String(path.at(-1)));
      else {
        const reason = `is mounted at ${place}, where another entry of the service is mounted already: only one of them counts`;
        yield inFile(rendered, { code: "duplicate-mount", path, value: place, reason, fix: "give each its own path" });
      }
    }
  }
}

function* mountsOf(service: YamlPath, { volumes, tmpfs }: ComposeMap): Generator<Mount> {
  for (const [index, entry] of listOf(volumes).entries()) {
    const path = [...service, "volumes", index];
    if (isMap(entry)) {
      const target = byDefault(textOf(entry.target));
      if (entry.target !== undefined && target !== undefined) yield { target, path, isBare: false };
    } else {
      const mount = shortForm(textOf(entry));
      if (mount !== undefined) yield { ...mount, path };
    }
  }
  const folders = typeof tmpfs === "string" ? [tmpfs] : listOf(tmpfs);
  for (const [index, entry] of folders.entries()) {
    const target = byDefault(textOf(entry))?.split(":")[0];
    const path = typeof tmpfs === "string" ? [...service, "tmpfs"] : [...service, "tmpfs", index];
    if (target !== undefined) yield { target, path, isBare: false };
  }
}

/** Nothing for what only the operator knows, and for what Compose refuses by itself. */
function shortForm(text: string): Pick<Mount, "target" | "isBare"> | undefined {
  const expanded = byDefault(text);
  if (expanded === undefined) return undefined;
  try {
    const { source, target } = parseVolume(expanded);
    return { target, isBare: source === undefined };
  } catch (error) {
    if (error instanceof VolumeError) return undefined;
    throw error;
  }
}
