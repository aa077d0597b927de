import type { Construct } from "constructs";
import type { YamlNode } from "../compose/emit/emit";
import type { Finding } from "../report/finding";
import type { JobSpec } from "../spec";
import { type Annotated, plain } from "./annotated";
import type { BindableProps, Binding, Input } from "./binding";
import { brand } from "./brand";
import { isList, isMap } from "./copy";
import type { DependencyCondition, DependencyOptions, Service, ServiceMount } from "./service";
import { joinedDependencies } from "./service-lists";
import type { Renderer } from "./synth/render";
import { Workload } from "./workload";

const [mark, isJob] = brand<Job>("Job");

/** Every key of a job, as the specification names it. Values may be bindings: mounts, variables, images. */
export interface JobProps extends Omit<BindableProps<JobSpec>, "triggers" | "volumes"> {
  /**
   * When the job runs. A schedule is a finding as long as Docker Compose refuses to start a project with one.
   * @default { manual: true }
   */
  readonly triggers?: BindableProps<JobSpec["triggers"]> | undefined;
  /** Volumes, folders of the host and of memory, and where each appears: `volume.at("/data")`. */
  readonly volumes?: Binding | Annotated | readonly ServiceMount[] | undefined;
}

/**
 * A job: a container that runs to its end when somebody asks for it, with `docker compose run --rm NAME`. It is no
 * service: `up` does not start it, and no service can wait for it. Needs Docker Compose 5.6.
 *
 * @example
 * ```ts
 * const app = new App({ compose: ">=5.6" });
 * const file = new ComposeFile(app, "shop", { name: "shop" });
 * const data = new Volume(file, "data");
 * const db = new Service(file, "db", { image: "postgres:18.1", volumes: [data.at("/var/lib/postgresql")] });
 * new Job(file, "dump", { image: "postgres:18.1", command: ["pg_dump", "-h", "db"] }).dependsOn(db);
 * ```
 * @see Compose Specification, jobs
 */
export class Job extends Workload {
  static isJob = isJob;

  private readonly dependencies = new Map<Service | Job, Input>();

  constructor(scope: Construct, id: string, props: JobProps = {}) {
    super(scope, id, "jobs");
    mark(this);
    this.set(props);
  }

  /** Whether the job has a key, as the specification names it. */
  has(key: keyof JobSpec): boolean {
    return this.spec[key] !== undefined;
  }

  /** Sets keys of the job; each takes the place of what was there. */
  set(props: JobProps): this {
    this.setKeys(props);
    return this;
  }

  /**
   * Runs after a service, or another job.
   *
   * @param condition default `service_healthy`
   */
  dependsOn(
    other: Service | Job,
    condition: DependencyCondition = "service_healthy",
    options: DependencyOptions = {},
  ): this {
    const { restart, required } = options;
    this.dependencies.set(other, this.ascribedWithin({ condition, restart, required }));
    return this;
  }

  /** A schedule with which no `docker compose up` of today starts anything. */
  override findings(): readonly Finding[] {
    const triggers = plain(this.spec.triggers);
    const schedule = isMap(triggers) ? plain(triggers.schedule) : undefined;
    const profiles = plain(this.spec.profiles);
    const waits = isList(profiles) && profiles.length > 0;
    if (!isList(schedule) || schedule.length === 0 || waits) return [];
    return [
      {
        code: "scheduled-job",
        severity: "error",
        construct: this.node.path,
        path: `jobs.${this.name}.triggers.schedule`,
        reason: "keeps the whole project from starting: Docker Compose to 5.7 refuses `up` with a scheduled job",
        fix: `leave out \`schedule\`, and have a systemd timer with the same times (OnCalendar=) run \`docker compose run --rm ${this.name}\` in the folder of the deployment`,
      },
    ];
  }

  /** The job as it stands in its file. */
  render(renderer: Renderer): YamlNode {
    return renderer.render({
      triggers: { manual: true },
      ...this.spec,
      depends_on: joinedDependencies(this.spec.depends_on, this.dependencies),
    });
  }
}
