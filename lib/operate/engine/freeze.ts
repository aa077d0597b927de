import { type Container, conditionOf, serviceOf } from "./model";
import type { ComposeProject } from "./project";

/** Milliseconds between two looks. */
const LOOK_MS = 500;
/** Seconds after which a service that was paused should have been asked again by its healthcheck. */
const LIMIT = 180;
const WELL: ReadonlySet<string> = new Set(["healthy", "running"]);

/**
 * Does something while nothing writes into volumes: the containers of the project that could are paused, and go on whatever
 * becomes of it. Who asks them meanwhile waits.
 *
 * @param volumes names of volumes on the engine
 * @returns for how many seconds they were held
 * @throws OperateError, and what `act` throws
 */
export async function whileFrozen(
  project: ComposeProject,
  volumes: readonly string[],
  act: () => Promise<void>,
): Promise<number> {
  const names = new Set(volumes);
  const writers = (await project.containers()).filter(({ State, Mounts }) => {
    const writes = Mounts.some(({ Name = "", RW }) => RW && names.has(Name));
    return writes && State.Status === "running" && !State.Paused;
  });
  const ids = writers.map(({ Id }) => Id);
  const start = performance.now();
  try {
    if (ids.length > 0) await project.docker.must(["pause", ...ids]);
    await act();
  } finally {
    // Where not all of them were paused, one word for all fails, and each has to be looked at.
    if (ids.length > 0 && (await project.docker.run(["unpause", ...ids])).code !== 0) await thaw(project);
  }
  return (performance.now() - start) / 1000;
}

/** Lets the containers of a project go on that are paused. @returns their services */
export async function thaw(project: ComposeProject): Promise<readonly string[]> {
  const paused = (await project.containers()).filter(({ State }) => State.Paused);
  if (paused.length > 0) await project.docker.must(["unpause", ...paused.map(({ Id }) => Id)]);
  return paused.map(serviceOf);
}

/** The services that are well. */
export async function wellServices(project: ComposeProject): Promise<readonly string[]> {
  return (await project.containers()).filter(isWell).map(serviceOf);
}

/**
 * Waits until services are well. After a pause each counts as unhealthy until its healthcheck asks the next time, and what
 * depends on it would not start.
 *
 * @returns those that are not, after a while
 */
export async function untilWell(project: ComposeProject, services: readonly string[]): Promise<readonly string[]> {
  for (const end = performance.now() + LIMIT * 1000; ; ) {
    const well = new Set(await wellServices(project));
    const left = services.filter((service) => !well.has(service));
    if (left.length === 0 || performance.now() > end) return left;
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

function isWell(container: Container): boolean {
  return WELL.has(conditionOf(container));
}
