import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { linesIn, parsedAnswer } from "../engine/answer";
import type { Docker } from "../engine/docker";
import { type Container, conditionOf, LABEL, type ProjectModel, serviceOf } from "../engine/model";
import type { ComposeProject } from "../engine/project";
import { isWell } from "../engine/start-service";
import { OperateError } from "../error";

/** Added to the name of a project for its rehearsal. */
const SUFFIX = "-rehearsal";

const REHEARSED = z.looseObject({
  name: z.string(),
  services: z.record(z.string(), z.looseObject({})),
  volumes: z.record(z.string(), z.looseObject({ name: z.string().optional() })).optional(),
  networks: z.record(z.string(), z.looseObject({})).optional(),
});

const SOURCED = z.looseObject({ type: z.string().optional(), source: z.string().optional() });

/** What a rehearsal is called on the engine. */
function rehearsalName(project: string): string {
  return `${project}${SUFFIX}`;
}

/**
 * A project beside the one that runs: the same services with the same settings, on a copy of the data. Nobody can reach it,
 * and it can reach nobody: its networks are its own and lead nowhere, no port is published, and what it mounts of the host it
 * can only read. It ends when one of its services does.
 *
 * @param copied keys of the volumes whose copies it has; of all others it has empty ones
 * @param folder where the new files lie: what it has takes the place of the same file of the deployment
 */
export async function rehearsalOf(
  project: ComposeProject,
  copied: readonly string[],
  folder: string,
): Promise<ComposeProject> {
  const model = parsedAnswer(await project.text(), REHEARSED, "docker compose config");
  const name = rehearsalName(model.name);
  const place = (path: string) => placed(path, resolve(project.dir), resolve(folder));
  const own = (key: string) => ({ name: `${name}_${key}` });
  const services = Object.entries(model.services).map(([key, service]) => [key, rehearsed(service, place)] as const);
  const volumes = Object.entries(model.volumes ?? {}).map(([key, volume]) => {
    return [key, copied.includes(key) ? { name: volume.name, external: true } : own(key)] as const;
  });
  const networks = Object.keys(model.networks ?? {}).map((key) => [key, { ...own(key), internal: true }] as const);
  const files = (section: unknown) =>
    Object.fromEntries(
      Object.entries(z.record(z.string(), z.looseObject({ file: z.string().optional() })).parse(section ?? {})).map(
        ([key, { name: _, ...file }]) => [key, file.file === undefined ? file : { ...file, file: place(file.file) }],
      ),
    );
  const text = JSON.stringify({
    ...model,
    name,
    services: Object.fromEntries(services),
    volumes: Object.fromEntries(volumes),
    networks: Object.fromEntries(networks),
    configs: files(model.configs),
    secrets: files(model.secrets),
  });
  return project.ofText(name, text);
}

/** A service that nobody can reach, and that stays down when it ends. */
function rehearsed(service: Readonly<Record<string, unknown>>, place: (path: string) => string) {
  const { ports: _, container_name: __, network_mode: mode, volumes = [], ...kept } = service;
  const mounts = z
    .array(SOURCED)
    .nullish()
    .parse(volumes)
    ?.map((mount) => {
      if (mount.type !== "bind" || mount.source === undefined) return mount;
      return { ...mount, source: place(mount.source), read_only: true };
    });
  const closed = mode === "host" || mode === undefined ? {} : { network_mode: mode };
  return { ...kept, ...closed, volumes: mounts, restart: "no" };
}

/** A file of the deployment, or the new one that is to take its place. */
function placed(path: string, dir: string, folder: string): string {
  const below = relative(dir, path);
  const other = join(folder, below);
  return !below.startsWith("..") && existsSync(other) ? other : path;
}

/** Removes all of a rehearsal but the copies that it ran on. */
export async function endRehearsal(docker: Docker, project: string): Promise<void> {
  const filter = ["--filter", `label=${LABEL.project}=${rehearsalName(project)}`, "--quiet"];
  const remove = async (list: readonly string[], removal: readonly string[]) => {
    const ids = linesIn(await docker.must([...list, ...filter]));
    if (ids.length > 0) await docker.must([...removal, ...ids]);
  };
  await remove(["ps", "--all"], ["rm", "--force", "--volumes"]);
  await remove(["volume", "ls"], ["volume", "rm", "--force"]);
  await remove(["network", "ls"], ["network", "rm"]);
}

/**
 * Looks for a while whether services that were well stay so. One may have ended before, while others started.
 *
 * @param seconds how long
 * @param model what tells whether a service may end
 * @throws OperateError `not-lasting`
 */
export async function watchServices(project: ComposeProject, seconds: number, model: ProjectModel): Promise<void> {
  const own = async () =>
    (await project.containers()).filter((container) => model.services[serviceOf(container)] !== undefined);
  const before = await own();
  for (const container of before) {
    if (!isWell(container, model)) throw notLasting(container, `${conditionOf(container)} while others started`);
  }
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    await new Promise((done) => setTimeout(done, Math.min(1000, seconds * 1000)));
    const now = new Map((await own()).map((container) => [serviceOf(container), container]));
    for (const was of before) {
      const is = now.get(serviceOf(was));
      const how = is === undefined ? "has no container" : conditionOf(is);
      if (is !== undefined && how === conditionOf(was) && is.RestartCount <= was.RestartCount) continue;
      throw notLasting(was, `${how} within ${seconds} seconds`);
    }
  }
}

function notLasting(container: Container, how: string): OperateError {
  const service = serviceOf(container);
  const fix = `find out why it ends: docker compose logs ${service}`;
  return new OperateError({ code: "not-lasting", path: service, reason: `was well, and ${how}`, fix });
}
