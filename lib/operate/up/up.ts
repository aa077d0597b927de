import type { Environment } from "../../env/file";
import { type CheckResult, severityOf } from "../doctor/check";
import { examine } from "../doctor/doctor";
import { Docker } from "../engine/docker";
import { thaw } from "../engine/freeze";
import { ComposeProject } from "../engine/project";
import { pullMissing } from "../engine/pull";
import { redactorOf } from "../engine/redact";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { openDeployment } from "../journal/open";
import { type Operation, type OperationResult, type Progress, type Step, step } from "../journal/operation";
import { recordState } from "../journal/record-state";

/** What keeps a deployment from starting, or makes it start with the wrong data. */
export const PREFLIGHT: ReadonlySet<string> = new Set([
  "engine-answers",
  "engine-version",
  "compose-version",
  "not-snap",
  "rootless-ports",
  "selinux-labels",
  "platforms",
  "volumes-local",
  "disk-free",
  "ports-free",
  "files-valid",
  "env-complete",
  "env-private",
  "volumes-here",
  "volumes-ours",
  "layers-taken-out",
  "volumes-layout",
]);

export interface UpRequest {
  readonly dir: string;
  readonly environment: Environment;
  readonly progress: Progress;
  /** Goes on although there are volumes of another project's, which may be the data that are meant. @default false */
  readonly yes?: boolean | undefined;
}

/** How it went. Refused: nothing was begun, and these checks say why. */
export type UpResult =
  | { readonly refused: readonly CheckResult[] }
  | (OperationResult & { readonly refused: undefined; readonly services: readonly string[] });

/**
 * Starts a deployment, or brings what runs to what the files say: checks, pulls what is missing, starts one service after
 * the other, waits until each is well, and keeps the state. Run again, it goes on where it was.
 *
 * @throws OperateError `in-use`, `other-operation`
 */
export async function up(request: UpRequest): Promise<UpResult> {
  const { dir, environment, progress, yes = false } = request;
  const opened = await openDeployment(dir, "up", progress);
  try {
    const results = await examine({ dir, environment, only: PREFLIGHT });
    const refused = results.filter((result) => {
      const isDoubtful = result.check.id === "volumes-here" && result.troubles.length > 0 && !yes;
      return isDoubtful || severityOf(result) === "error";
    });
    if (refused.length > 0) return { refused };
    const project = new ComposeProject(dir, new Docker(environment));
    const services = startOrder(await project.model());
    const operation = await upOperation(project, services, progress, new Date());
    return { ...(await opened.run(operation)), refused: undefined, services };
  } finally {
    await opened.close();
  }
}

async function upOperation(
  project: ComposeProject,
  services: readonly string[],
  progress: Progress,
  began: Date,
): Promise<Operation> {
  const redact = await redactorOf(project.dir);
  const starts = services.map((service) =>
    step(`start ${service}`, `starting ${service}`, () => startService(project, service, { redact, progress })),
  );
  const steps: readonly Step[] = [
    step("pull", "pulling the images that are missing", () => pullMissing(project, progress)),
    step("thaw", "resuming paused services", () => thaw(project)),
    ...starts,
    {
      id: "record",
      what: "keeping the state",
      run: async () => ({ state: `${await recordState(project, "up", began)}` }),
    },
  ];
  return { name: "up", steps, touches: new Set(["thaw", ...starts.map(({ id }) => id)]), back: undefined };
}
