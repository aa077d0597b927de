import { OperateError } from "../error";
import type { Progress } from "../journal/operation";
import { type Container, conditionOf, type ProjectModel, serviceOf } from "./model";
import type { ComposeProject } from "./project";
import { differsBySettings, reloadSettings } from "./reload";

/** Seconds that a service may take to become healthy. The engine itself says earlier that one is unhealthy. */
const LIMIT = 600;
/** Milliseconds between two looks. */
const LOOK_MS = 500;
/** Restarts from which on a service does not come up by itself. One may be a race with a dependency. */
const RESTARTS = 2;
/** Lines of a service's log that are shown when it fails. */
const LINES = 12;
/**
 * Milliseconds of running without a healthcheck after which a service counts as up. Counted here: the clock of the engine may
 * be another one, and either may jump.
 */
const SETTLED_MS = 2000;

export interface StartOptions {
  /** What tells whether a service may end, where the project itself says otherwise than it will run. @default - the project */
  readonly model?: ProjectModel | undefined;
  /** Takes the secrets out of lines of a log. */
  readonly redact: (text: string) => string;
  /** Told now and then how long it has been. @default - nobody */
  readonly progress?: Pick<Progress, "note"> | undefined;
  /** Ends the waiting, well or not. @default - nothing does */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts one service, and waits until it is well: healthy where it has a healthcheck. Those that it depends on are left
 * alone. Where it is well already and as the files say, nothing happens. Where only its settings are others, and the files
 * say how it reads them again, it does, and nobody is turned away.
 *
 * @throws OperateError `service-failed` as soon as it has ended, is unhealthy, or ends again and again; `reload-failed`
 */
export async function startService(project: ComposeProject, service: string, options: StartOptions): Promise<void> {
  const before = await find(project, service);
  if (before === undefined || !(await differsBySettings(project, before))) {
    await project.must(["up", "--detach", "--no-deps", "--no-build", service], { timeout: LIMIT });
  }
  const model = options.model ?? (await project.model());
  const start = performance.now();
  let first: Container | undefined;
  let last: Container | undefined;
  let lastStart = start;
  for (let said = 0; options.signal?.aborted !== true; ) {
    const container = await find(project, service);
    first ??= container;
    if (container?.State.StartedAt !== last?.State.StartedAt) lastStart = performance.now();
    last = container;
    const isOld =
      before !== undefined && before.Id === container?.Id && before.State.StartedAt === container.State.StartedAt;
    const verdict = judge(container, first, { isOld, model, running: performance.now() - lastStart });
    if (verdict === "well") {
      // One that has just started has read them.
      if (isOld) await reloadSettings(project, service, options.redact);
      return;
    }
    if (verdict !== "wait") throw await failure(project, service, verdict, options);
    const seconds = (performance.now() - start) / 1000;
    if (seconds > LIMIT) throw await failure(project, service, `is not healthy after ${LIMIT} seconds`, options);
    if (seconds - said >= 10) {
      said = seconds;
      options.progress?.note(`${service} is not ready yet after ${Math.round(seconds)} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

interface Situation {
  /** Whether the container ran already, unchanged. */
  readonly isOld: boolean;
  readonly model: ProjectModel;
  /** Milliseconds for which it is known to have run since it was last started. */
  readonly running: number;
}

/** Whether a container is well or may become so; else why not. */
function judge(container: Container | undefined, first: Container | undefined, situation: Situation): string {
  if (container === undefined || first === undefined) return "has no container";
  const { isOld, model, running } = situation;
  const condition = conditionOf(container);
  const restarts = container.RestartCount - first.RestartCount;
  if (condition !== "running" && isWell(container, model)) return "well";
  if (condition === "running") {
    return (isOld && container.RestartCount === 0) || running >= SETTLED_MS ? "well" : "wait";
  }
  if (restarts >= RESTARTS || (condition === "restarting" && container.RestartCount >= RESTARTS)) {
    return "ends again and again";
  }
  if (condition === "unhealthy") {
    // After a pause a container counts as unhealthy until its next probe: only a probe since then says something.
    const probed = (container.State.Health?.FailingStreak ?? 0) > (first.State.Health?.FailingStreak ?? 0);
    return isOld && !probed ? "wait" : "fails its healthcheck";
  }
  if (condition.startsWith("exited") || condition === "dead") return `has ended: ${condition}`;
  return "wait";
}

/** Whether a container is as it is to be by now: it runs, or has done its work. */
export function isWell(container: Container, model: ProjectModel): boolean {
  const condition = conditionOf(container);
  const hasDone = condition === "exited (0)" && endsByItself(model, serviceOf(container));
  return condition === "healthy" || condition === "running" || hasDone;
}

/** Whether a service does its work and ends, and others wait for that. */
function endsByItself({ services }: ProjectModel, service: string): boolean {
  const waits = Object.values(services).some(
    ({ depends_on }) => depends_on[service]?.condition === "service_completed_successfully",
  );
  return waits || (services[service]?.restart ?? "no") === "no";
}

async function find(project: ComposeProject, service: string): Promise<Container | undefined> {
  return (await project.containers()).find((container) => serviceOf(container) === service);
}

async function failure(
  project: ComposeProject,
  service: string,
  reason: string,
  { redact }: StartOptions,
): Promise<OperateError> {
  const logs = await project.run(["logs", "--no-color", "--no-log-prefix", "--tail", `${LINES}`, service]);
  const lines = redact(logs.stdout + logs.stderr)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES);
  const said =
    lines.length === 0
      ? "; its log is empty"
      : `; the end of its log:\n${lines.map((line) => `    ${line}`).join("\n")}`;
  const fix = `correct what it reports, and run this again; all of it: docker compose logs ${service}`;
  return new OperateError({ code: "service-failed", path: service, reason: `${reason}${said}`, fix });
}
