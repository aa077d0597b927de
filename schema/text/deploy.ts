import { type Chapter, chapter } from "./chapter";

export const DEVICE_REQUEST = {
  capabilities: "What the device has to be capable of, such as `gpu`.",
  driver: "Driver of the device, such as `nvidia`.",
  count: "Number of devices, or `all`. Not together with `device_ids`.",
  device_ids: "The devices themselves. Not together with `count`.",
  options: "Options for the driver, as it defines them.",
};

const changeOver = (what: string) => ({
  parallelism: `Number of containers in one ${what}.`,
  delay: `Time between two ${what}s, such as \`10s\`. Default: 0s.`,
  failure_action: `What happens when it fails: \`continue\`, \`pause\` (the default)${what === "update" ? ", `rollback`" : ""}.`,
  monitor: `How long a container is watched for failure after its ${what}. Default: 0s.`,
  max_failure_ratio: "Share of failures that is tolerated: 0 to 1. Default: 0.",
  order: "Whether the old container stops first (the default), or the new one starts first.",
});

const CPUS = "Number of CPUs, a fraction included.";
const MEMORY = "Memory, as a byte value such as `50M`.";

/** The specification's chapters on `deploy` and `develop`. */
export const deployChapters: readonly Chapter[] = [
  chapter(
    "#deployment",
    "DeploySpec",
    "a deploy section",
    "How many containers run, where, and with which resources.",
    {
      endpoint_mode: "How clients reach the service: `vip` (one address for all) or `dnsrr` (one for each).",
      labels: "Labels of the service, not of its containers, as a mapping or as a list of `KEY=value`.",
      mode: "`replicated` (the default), `global`, `replicated-job` or `global-job`.",
      placement: "On which nodes containers may run.",
      replicas: "Number of containers.",
      resources: "Resources that a container may use, and those that are kept for it.",
      restart_policy: "What happens when a container ends. Without it, the service's `restart` holds.",
      rollback_config: "How a failed update is taken back.",
      update_config: "How an update goes from container to container.",
    },
  ),
  chapter("#deployment.placement", "PlacementSpec", "a placement", "On which nodes containers may run.", {
    constraints: "What a node has to be, such as `node.role==manager`.",
    preferences: "How containers are spread over nodes.",
    max_replicas_per_node: "Greatest number of containers on one node.",
  }),
  chapter(
    "#deployment.placement.preferences[]",
    "PlacementPreferenceSpec",
    "a placement preference",
    "How containers are spread over nodes.",
    { spread: "Node label over whose values containers are spread evenly." },
  ),
  chapter("#deployment.resources", "ResourcesSpec", "a resources section", "A container's resources.", {
    limits: "What a container gets at most.",
    reservations: "What a container gets for sure.",
  }),
  chapter("#deployment.resources.limits", "ResourceLimitsSpec", "resource limits", "What a container gets at most.", {
    cpus: CPUS,
    memory: MEMORY,
    pids: "Greatest number of processes.",
  }),
  chapter(
    "#deployment.resources.reservations",
    "ResourceReservationsSpec",
    "resource reservations",
    "What a container gets for sure.",
    { cpus: CPUS, memory: MEMORY, generic_resources: "Resources that nodes declare.", devices: "Devices." },
  ),
  chapter("#devices[]", "DeviceRequestSpec", "a device request", "A request for devices.", DEVICE_REQUEST),
  chapter("#generic_resources[]", "GenericResourceSpec", "a generic resource", "A resource that nodes declare.", {
    discrete_resource_spec: "A resource that is counted.",
  }),
  chapter(
    "#generic_resources[].discrete_resource_spec",
    "DiscreteResourceSpec",
    "a discrete resource",
    "A resource that is counted.",
    { kind: "Kind of the resource, such as `GPU`.", value: "Number of them." },
  ),
  chapter(
    "#deployment.restart_policy",
    "RestartPolicySpec",
    "a restart policy",
    "What happens when a container ends.",
    {
      condition: "When it is started again: `none`, `on-failure`, `any` (the default).",
      delay: "Time between two attempts. Default: 0s.",
      max_attempts: "Greatest number of attempts. Default: no limit.",
      window: "Time after which a start counts as a success. Default: 0s.",
    },
  ),
  chapter(
    "#deployment.rollback_config",
    "RollbackSpec",
    "a rollback_config",
    "How a failed update is taken back.",
    changeOver("rollback"),
  ),
  chapter(
    "#deployment.update_config",
    "UpdateSpec",
    "an update_config",
    "How an update goes from container to container.",
    changeOver("update"),
  ),
  chapter("#development", "DevelopSpec", "a develop section", "How a service follows changes of its source.", {
    watch: "What to do when a file changes.",
  }),
  chapter("#development.watch[]", "WatchSpec", "a watch rule", "What to do when a file changes.", {
    action: "Rebuild the image, copy files into the container, restart it, or copy and then restart or run a command.",
    exec: "The command, for `sync+exec`.",
    ignore: "Patterns of files that do not count.",
    include: "Patterns of files that count. Default: all.",
    initial_sync: "Copies everything once before the watching begins.",
    path: "Path that is watched, seen from the project's directory.",
    target: "Path in the container that files are copied to.",
  }),
];
