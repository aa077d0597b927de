import { cp, mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isMissing } from "../../disk/error";
import type { ProjectModel } from "../engine/model";

/** What containers see of the host, by paths: those below the directory of their deployment as they are there. */
export interface Beside {
  /** Files and folders of the directory that they only read: settings, certificates. */
  readonly read: readonly string[];
  /** What they write in the directory: data outside of volumes. */
  readonly written: readonly string[];
  /** What lies outside of the directory. */
  readonly outside: readonly string[];
}

/** What containers see of the host. */
export function filesBeside({ services, configs, secrets }: ProjectModel, dir: string): Beside {
  const home = resolve(dir);
  const place = (path: string) => {
    const below = relative(home, path);
    return below === ".." || below.startsWith("../") || isAbsolute(below) ? resolve(path) : below;
  };
  const binds = Object.values(services).flatMap(({ volumes }) => volumes.filter(({ type }) => type === "bind"));
  const files = [...Object.values(configs), ...Object.values(secrets)].flatMap(({ file }) => file ?? []);
  const ofBinds = (isRead: boolean) =>
    binds.flatMap(({ source, read_only: only }) => (source === undefined || only !== isRead ? [] : [source]));
  const unique = (paths: readonly string[]) => [...new Set(paths.map(place))].filter((path) => path !== "").sort();
  const [written, read] = [unique(ofBinds(false)), unique([...ofBinds(true), ...files])];
  const isOutside = (path: string) => isAbsolute(path);
  return {
    read: read.filter((path) => !isOutside(path) && !written.includes(path)),
    written: written.filter((path) => !isOutside(path)),
    outside: [...new Set([...written, ...read])].filter(isOutside).sort(),
  };
}

/** Copies files and folders with their permissions. One that is not there is left out. */
export async function copyBeside(paths: readonly string[], from: string, to: string): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    try {
      await cp(join(from, path), join(to, path), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
