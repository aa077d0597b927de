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
  volume: z.looseObject({ subpath: z.string().optional() }).nullish(),
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
  extra_hosts: list(z.string()),
  labels: record(z.string()),
  networks: record(z.looseObject({ aliases: list(z.string()) }).nullable()),
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

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** What an image says, and a container that was made of it, whatever the names that the image was given since. */
const CONFIG = {
  Env: list(z.string()),
  Cmd: list(z.string()),
  Entrypoint: list(z.string()),
  User: text,
  WorkingDir: text,
  Labels: record(z.string()),
};

/** What `docker image inspect` says, as far as the operations ask. */
export const IMAGE = z.looseObject({
  Id: z.string(),
  RepoDigests: list(z.string()),
  Config: z.looseObject(CONFIG).nullish(),
});

/** An image of the engine. */
export type EngineImage = z.infer<typeof IMAGE>;

const HOST_CONFIG = z.looseObject({
  PortBindings: record(list(z.object({ HostIp: text, HostPort: text }))),
  NetworkMode: text,
  RestartPolicy: z.object({ Name: text, MaximumRetryCount: number }).optional(),
  LogConfig: z.object({ Type: text, Config: record(z.string()) }).optional(),
  Memory: number,
  NanoCpus: number,
  PidsLimit: number,
  CapAdd: list(z.string()),
  CapDrop: list(z.string()),
  SecurityOpt: list(z.string()),
  ExtraHosts: list(z.string()),
  Tmpfs: record(z.string()),
  Mounts: list(z.looseObject({ Target: z.string(), VolumeOptions: z.looseObject({ Subpath: text }).nullish() })),
  ReadonlyRootfs: flag,
  Privileged: flag,
  Init: flag,
});

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
  Config: z.looseObject({
    ...CONFIG,
    Image: z.string(),
    StopTimeout: z.number().nullish(),
    Healthcheck: z
      .looseObject({ Test: list(z.string()), Interval: number, Timeout: number, Retries: number })
      .nullish(),
  }),
  HostConfig: HOST_CONFIG.prefault({}),
  NetworkSettings: z.looseObject({ Networks: record(z.looseObject({ Aliases: list(z.string()) })) }).prefault({}),
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

/** How the engine calls a volume that nobody named. */
export const NAMELESS = /^[0-9a-f]{64}$/;

/** The service of a container. */
export function serviceOf(container: Container): string {
  return container.Config.Labels[LABEL.service] ?? "";
}

/** Service → Compose's hash of the settings that its container was made with. */
export function hashesOf(containers: readonly Container[]): ReadonlyMap<string, string | undefined> {
  return new Map(containers.map((container) => [serviceOf(container), container.Config.Labels[LABEL.hash]]));
}

/** How a container is, in one word: its health where it has a healthcheck, else its state. */
export function conditionOf({ State }: Container): string {
  if (State.Status !== "running") return State.Status === "exited" ? `exited (${State.ExitCode})` : State.Status;
  if (State.Paused) return "paused";
  const health = State.Health?.Status;
  return health === undefined || health === "none" ? "running" : health;
}
