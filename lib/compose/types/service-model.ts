import { keyOrder } from "../../spec/place";
import type { YamlPath } from "../../spec/value";
import {
  command,
  duration,
  environment,
  flag,
  float32,
  hosts,
  int,
  labels,
  list,
  map,
  mapping,
  optionalDuration,
  optionalFlag,
  options,
  plainTexts,
  type Spec,
  size,
  struct,
  text,
  texts,
  ulimits,
  words,
} from "./type-words";

const granted = struct({ source: text, target: text, uid: text, gid: text, mode: { kind: "file-mode" } });

const hook = struct({
  command: [command, { always: "json" }],
  user: text,
  privileged: flag,
  working_dir: text,
  environment,
});

const build = struct({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: plainTexts,
  args: environment,
  provenance: text,
  sbom: text,
  ssh: { kind: "ssh" },
  labels,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  no_cache_filter: texts,
  additional_contexts: mapping,
  pull: flag,
  extra_hosts: hosts,
  isolation: text,
  network: text,
  target: text,
  secrets: list(granted),
  shm_size: size,
  tags: texts,
  ulimits,
  platforms: texts,
  privileged: flag,
});

const watch = struct({
  path: [text, { always: "both" }],
  action: [text, { always: "both" }],
  target: text,
  exec: { ...hook, optional: false },
  include: plainTexts,
  ignore: plainTexts,
  initial_sync: flag,
});

const throttle = list(
  struct({ path: [text, { json: "Path", always: "both" }], rate: [size, { json: "Rate", always: "both" }] }),
);

const blkio = struct({
  weight: int("uint16"),
  weight_device: list(
    struct({
      path: [text, { json: "Path", always: "both" }],
      weight: [int("uint16"), { json: "Weight", always: "both" }],
    }),
  ),
  device_read_bps: throttle,
  device_read_iops: throttle,
  device_write_bps: throttle,
  device_write_iops: throttle,
});

const deviceRequest = struct(
  { capabilities: plainTexts, driver: text, count: { kind: "device-count" }, device_ids: plainTexts, options: mapping },
  { extensible: false },
);

const update = struct({
  parallelism: int("uint64", true),
  delay: duration,
  failure_action: text,
  monitor: duration,
  max_failure_ratio: float32,
  order: text,
});

const resource = struct({
  cpus: { kind: "cpus" },
  memory: size,
  pids: int("int64"),
  devices: list(deviceRequest),
  generic_resources: list(
    struct({
      discrete_resource_spec: struct({
        kind: [text, { always: "both" }],
        value: [int("int64"), { always: "both" }],
      }),
    }),
  ),
});

const deploy = struct({
  mode: text,
  replicas: int("int", true),
  labels,
  update_config: update,
  rollback_config: update,
  resources: struct({ limits: resource, reservations: resource }, { optional: false }),
  restart_policy: struct({
    condition: text,
    delay: optionalDuration,
    max_attempts: int("uint64", true),
    window: optionalDuration,
  }),
  placement: struct(
    { constraints: plainTexts, preferences: list(struct({ spread: text })), max_replicas_per_node: int("uint64") },
    { optional: false },
  ),
  endpoint_mode: text,
});

const serviceNetwork = struct({
  aliases: plainTexts,
  driver_opts: options,
  gw_priority: int("int"),
  interface_name: text,
  ipv4_address: text,
  ipv6_address: text,
  link_local_ips: plainTexts,
  mac_address: text,
  priority: int("int"),
  use_service_name_alias: [optionalFlag, { since: "masksFiles" }],
});

const port = struct({
  name: text,
  mode: text,
  host_ip: text,
  target: int("uint32"),
  published: text,
  protocol: text,
  app_protocol: text,
});

const mount = struct({
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind: struct({ selinux: text, propagation: text, create_host_path: { kind: "created-path" }, recursive: text }),
  volume: struct({ labels: mapping, nocopy: flag, subpath: text }),
  tmpfs: struct({ size, mode: int("uint32") }),
  image: struct({ subpath: text }),
});

/** A service, field by field (Compose specification, "Services top-level element"). */
const FIELDS: Readonly<Record<string, Spec>> = {
  profiles: plainTexts,
  annotations: mapping,
  attach: optionalFlag,
  build,
  develop: struct({ watch: list(watch) }),
  blkio_config: blkio,
  cap_add: plainTexts,
  cap_drop: plainTexts,
  cgroup_parent: text,
  cgroup: text,
  cpu_count: int("int64"),
  cpu_percent: float32,
  cpu_period: int("int64"),
  cpu_quota: int("int64"),
  cpu_rt_period: int("int64"),
  cpu_rt_runtime: int("int64"),
  cpus: float32,
  cpuset: text,
  cpu_shares: int("int64"),
  command: [command, { always: "json" }],
  configs: list(granted),
  container_name: text,
  credential_spec: struct({ config: text, file: text, registry: text }),
  depends_on: map(struct({ condition: text, restart: flag, required: [flag, { always: "both" }] })),
  deploy,
  device_cgroup_rules: plainTexts,
  devices: list(struct({ source: text, target: text, permissions: text })),
  dns: texts,
  dns_opt: plainTexts,
  dns_search: texts,
  domainname: text,
  entrypoint: [command, { always: "json" }],
  provider: struct({ type: text, options: { kind: "many-options" } }),
  environment,
  env_file: list(struct({ path: text, required: { kind: "opt-out" }, format: text }, { extensible: false })),
  expose: words,
  extends: struct({ file: text, service: text }, { extensible: false }),
  external_links: plainTexts,
  extra_hosts: hosts,
  group_add: plainTexts,
  gpus: list(deviceRequest),
  hostname: text,
  healthcheck: struct({
    test: { kind: "check" },
    timeout: optionalDuration,
    interval: optionalDuration,
    retries: int("uint64", true),
    start_period: optionalDuration,
    start_interval: optionalDuration,
    disable: flag,
  }),
  image: text,
  init: optionalFlag,
  ipc: text,
  isolation: text,
  labels,
  label_file: plainTexts,
  links: plainTexts,
  logging: struct({ driver: text, options }),
  mem_limit: size,
  mem_reservation: size,
  memswap_limit: size,
  mem_swappiness: size,
  mac_address: text,
  models: map(struct({ endpoint_var: text, model_var: text })),
  network_mode: text,
  networks: map(serviceNetwork),
  oom_kill_disable: flag,
  oom_score_adj: int("int64"),
  pid: text,
  pids_limit: int("int64"),
  platform: text,
  ports: list(port),
  privileged: flag,
  pull_policy: text,
  pull_refresh_after: [text, { since: "sharesContainerKeys" }],
  read_only: flag,
  restart: text,
  runtime: text,
  scale: int("int", true),
  secrets: list(granted),
  security_opt: plainTexts,
  shm_size: size,
  stdin_open: flag,
  stop_grace_period: optionalDuration,
  stop_signal: text,
  storage_opt: map(text),
  sysctls: mapping,
  tmpfs: texts,
  tty: flag,
  ulimits,
  umask: [int("uint32", true), { since: "masksFiles" }],
  use_api_socket: flag,
  user: text,
  userns_mode: text,
  uts: text,
  volumes: list(mount),
  volumes_from: plainTexts,
  working_dir: text,
  post_start: list(hook),
  pre_stop: list(hook),
};

/** The fields of a table that the specification has at a place, after others. */
function fieldsAt(path: YamlPath, first: Readonly<Record<string, Spec>>): Readonly<Record<string, Spec>> {
  const keys = new Set(keyOrder(path));
  return {
    ...first,
    ...Object.fromEntries(Object.entries(FIELDS).filter(([key]) => keys.has(key) && !(key in first))),
  };
}

/** A step before the start: a container, and whether each one of the service has a step of its own. */
const step = struct({ ...fieldsAt(["services", "", "pre_start", 0], {}), per_replica: flag });

export const SERVICE = struct({ ...FIELDS, pre_start: list(step) });

export const JOB = struct(
  fieldsAt(["jobs", ""], {
    profiles: plainTexts,
    triggers: struct({
      manual: optionalFlag,
      schedule: list(struct({ cron: text, timezone: text, concurrency: text, missed_fires: text })),
    }),
  }),
);
