import { z } from "zod";

/** `null` and absent are the same in what Compose prints. */
const list = <T extends z.ZodType>(of: T) =>
  z
    .array(of)
    .nullish()
    .transform((value) => value ?? []);
const record = <T extends z.ZodType>(of: T) =>
  z
    .record(z.string(), of)
    .nullish()
    .transform((value) => value ?? {});

const PORT = z.object({
  target: z.number(),
  published: z.string().optional(),
  host_ip: z.string().optional(),
  protocol: z.string().default("tcp"),
});

const MOUNT = z.object({
  type: z.string(),
  source: z.string().optional(),
  target: z.string(),
  read_only: z.boolean().default(false),
  bind: z.looseObject({ selinux: z.string().optional() }).optional(),
});

const DEPENDENCY = z.object({ condition: z.string(), required: z.boolean().default(true) });

/** A config or secret as a file in a container. */
const FILE_MOUNT = z.looseObject({ source: z.string(), target: z.string().optional() });
const FILE = z.looseObject({ name: z.string().optional(), file: z.string().optional() });

const SERVICE = z.looseObject({
  image: z.string().optional(),
  depends_on: record(DEPENDENCY),
  healthcheck: z.looseObject({ disable: z.boolean().optional() }).nullish(),
  environment: record(z.string().nullable()),
  labels: record(z.string()),
  ports: list(PORT),
  volumes: list(MOUNT),
  configs: list(FILE_MOUNT),
  secrets: list(FILE_MOUNT),
  mem_limit: z.union([z.string(), z.number()]).optional(),
  restart: z.string().optional(),
});

const VOLUME = z.looseObject({ name: z.string(), external: z.boolean().default(false) });
const NETWORK = z.looseObject({ name: z.string(), external: z.boolean().default(false) });

/** What `docker compose config --format json` prints, as far as the operations ask. */
export const PROJECT_MODEL = z.looseObject({
  name: z.string(),
  services: record(SERVICE),
  volumes: record(VOLUME),
  networks: record(NETWORK),
  configs: record(FILE),
  secrets: record(FILE),
});

/** The project as Compose runs it. Its environments can hold secrets. */
export type ProjectModel = z.infer<typeof PROJECT_MODEL>;

/** What `docker inspect` says of a container, as far as the operations ask. */
export const CONTAINER = z.looseObject({
  Id: z.string(),
  Name: z.string().transform((name) => name.replace(/^\//, "")),
  Image: z.string(),
  RestartCount: z.number(),
  State: z.looseObject({
    Status: z.string(),
    Pid: z.number().default(0),
    Paused: z.boolean().default(false),
    ExitCode: z.number(),
    OOMKilled: z.boolean().default(false),
    StartedAt: z.string(),
    Health: z.looseObject({ Status: z.string(), FailingStreak: z.number().default(0) }).nullish(),
  }),
  Config: z.looseObject({ Image: z.string(), Labels: record(z.string()) }),
  Mounts: list(
    z.looseObject({
      Type: z.string(),
      Name: z.string().optional(),
      Source: z.string().default(""),
      Destination: z.string(),
      RW: z.boolean(),
    }),
  ),
});

/** A container of the project. */
export type Container = z.infer<typeof CONTAINER>;

/** Labels that Compose gives to what it makes. */
export const LABEL = {
  project: "com.docker.compose.project",
  service: "com.docker.compose.service",
  volume: "com.docker.compose.volume",
  hash: "com.docker.compose.config-hash",
  oneOff: "com.docker.compose.oneoff",
  files: "com.docker.compose.project.config_files",
} as const;

/** The service of a container. */
export function serviceOf(container: Container): string {
  return container.Config.Labels[LABEL.service] ?? "";
}

/** How a container is, in one word: its health where it has a healthcheck, else its state. */
export function conditionOf({ State }: Container): string {
  if (State.Status !== "running") return State.Status === "exited" ? `exited (${State.ExitCode})` : State.Status;
  if (State.Paused) return "paused";
  const health = State.Health?.Status;
  return health === undefined || health === "none" ? "running" : health;
}
