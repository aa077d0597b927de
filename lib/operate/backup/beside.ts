import { cp, mkdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isMissing } from "../../disk/error";
import type { ProjectModel } from "../engine/model";

/** What lies in the directory of a deployment and its containers see, by paths in the directory. */
export interface Beside {
  /** Files and folders that they only read: settings, certificates. */
  readonly read: readonly string[];
  /** What they write: data outside of volumes. */
  readonly written: readonly string[];
}

/** What containers see of the directory of their deployment. */
export function filesBeside({ services, configs, secrets }: ProjectModel, dir: string): Beside {
  const home = resolve(dir);
  const below = (path: string) => {
    const place = relative(home, path);
    return place === "" || place.startsWith("..") || isAbsolute(place) ? [] : [place];
  };
  const binds = Object.values(services).flatMap(({ volumes }) => volumes.filter(({ type }) => type === "bind"));
  const files = [...Object.values(configs), ...Object.values(secrets)].flatMap(({ file }) => file ?? []);
  const ofBinds = (isRead: boolean) =>
    binds.flatMap(({ source, read_only: only }) => (source === undefined || only !== isRead ? [] : [source]));
  const unique = (paths: readonly string[]) => [...new Set(paths.flatMap(below))].sort();
  const written = unique(ofBinds(false));
  return { read: unique([...ofBinds(true), ...files]).filter((path) => !written.includes(path)), written };
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
