import type { Environment } from "../../env/file";
import { type CheckResult, severityOf } from "../doctor/check";
import { examineFacts } from "../doctor/doctor";
import { DoctorFacts } from "../doctor/facts";
import type { Host } from "../doctor/host";
import { conditionOf, serviceOf } from "../engine/model";
import { startOrder } from "../engine/start-order";
import { type HistoryEntry, readHistory } from "../journal/history";
import { type Around, aroundOf } from "./around";

/** What is looked at every time: it takes a second, and asks nobody but this host, and its public names for certificates. */
const CHECKS: ReadonlySet<string> = new Set([
  "engine-answers",
  "files-valid",
  "disk-free",
  "nothing-cut-off",
  "services-well",
  "all-running",
  "no-restarts",
  "no-orphans",
  "deployed-files",
  "settings-current",
  "backup-recent",
  "mounts-current",
  "certificate-lasts",
  "certificate-served",
]);

/** How one container of a service is. */
export interface ServiceStatus {
  readonly service: string;
  /** `healthy`, `running`, `unhealthy`, `exited (1)`, …; `not there` without a container. */
  readonly condition: string;
  /** ISO time since when it runs. */
  readonly since: string | undefined;
  readonly restarts: number;
  readonly image: string;
}

/** A deployment at one moment. */
export interface Status {
  readonly project: string;
  readonly services: readonly ServiceStatus[];
  /** The state that was kept last. */
  readonly state: HistoryEntry | undefined;
  readonly around: Around;
  readonly results: readonly CheckResult[];
  /** Whether everything runs, is well, and is what the files say. */
  readonly isWell: boolean;
}

export interface StatusRequest {
  readonly dir: string;
  readonly environment: Environment;
  /** @default - this machine */
  readonly host?: Host | undefined;
}

/**
 * Looks at a deployment. Nothing is changed.
 *
 * @throws OperateError when the engine does not answer, or Compose does not take the files
 */
export async function statusOf({ dir, environment, host }: StatusRequest): Promise<Status> {
  const facts = new DoctorFacts({ dir, environment, host });
  const results = await examineFacts(facts, CHECKS);
  const [model, containers] = [await facts.model(), await facts.containers()];
  const services = startOrder(model).flatMap((service): readonly ServiceStatus[] => {
    const own = containers.filter((container) => serviceOf(container) === service);
    const image = model.services[service]?.image ?? "";
    if (own.length === 0) return [{ service, condition: "not there", since: undefined, restarts: 0, image }];
    return own.map((container) => ({
      service,
      condition: conditionOf(container),
      since: container.State.Status === "running" ? container.State.StartedAt : undefined,
      restarts: container.RestartCount,
      image: container.Config.Image,
    }));
  });
  const isClean = results.every((result) => {
    const severity = severityOf(result);
    return severity === undefined || severity === "advice";
  });
  const isWell = isClean && services.every(({ condition }) => condition !== "not there");
  const [around, history] = [await aroundOf(facts), await readHistory(dir)];
  return { project: model.name, services, state: history.at(-1), around, results, isWell };
}
