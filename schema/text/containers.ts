import { CONTAINER_KEYS, WORKLOAD_KEYS } from "../amendments/containers";
import { HOOK } from "./attributes";
import { type Chapter, chapter } from "./chapter";
import { serviceChapter } from "./service";

/** The texts of keys that a service has, too, in its order. */
const asOfService = (keys: readonly string[]) =>
  Object.fromEntries(Object.entries(serviceChapter.keys).filter(([key]) => keys.includes(key)));

/** Jobs, and the steps before a service: what has a container and is no service. */
export const containerChapters: readonly Chapter[] = [
  chapter("jobs.*", "JobSpec", "a job", "A job: a container that runs to its end, on demand or at its times.", {
    ...asOfService([...CONTAINER_KEYS, ...WORKLOAD_KEYS]),
    profiles: "Profiles with which the job is there. Without any, it always is.",
    triggers: "When the job runs.",
  }),
  chapter("jobs.*.triggers", "TriggersSpec", "a job's triggers", "When a job runs: one of the two at least.", {
    manual: "Whether `docker compose run` may start the job. Default: true.",
    schedule: "The times at which the job runs, each a crontab expression or a mapping.",
  }),
  chapter("jobs.*.triggers.schedule[]", "ScheduleSpec", "a schedule", "Times at which a job runs.", {
    cron: "The times as a crontab expression, such as `0 3 * * *`.",
    timezone: "Time zone of the expression, such as `Europe/Madrid`. Default: the platform's own.",
    concurrency:
      "What happens while the last run goes on: `forbid` (the default) leaves the new one out, `queue` waits.",
    missed_fires: "What happens to runs that were missed: `one` (the default) is made up for all of them, `skip` none.",
  }),
  chapter(
    "services.*.pre_start[]",
    "PreStartSpec",
    "a pre_start step",
    "A step that runs to its end before a service's container starts. It has what its service has, volumes by `volumes_from`.",
    {
      command: "The command. The image's own may do.",
      image: "Image of the step's container. Default: the service's.",
      user: "User that runs the command. Default: the image's, or the service's when `image` is not set.",
      privileged: HOOK.privileged,
      working_dir: HOOK.working_dir,
      environment: HOOK.environment,
      per_replica: "Runs the step before each container of the service. Default: once for all of them.",
      ...asOfService(CONTAINER_KEYS.filter((key) => !(key in HOOK) && key !== "image")),
    },
  ),
];
