import type { Amendment } from "../amend";
import { oneOf, text } from "../forms";

/**
 * Values. Since 2024 a string is accepted wherever a variable may stand for a number or a switch, and the formats that
 * only one validator ever knew are gone from the schema: Compose checks those values itself when it reads them.
 */
const VARIABLES = { date: "2024-07-09", source: "12-interpolation; 424649f" };
const FORMATS = { date: "2024-07-09", source: "11-extension, specifying durations; 424649f" };

export const valueAmendments: readonly Amendment[] = [
  {
    ...VARIABLES,
    at: [
      "services.*.init",
      "services.*.oom_kill_disable",
      "services.*.privileged",
      "services.*.read_only",
      "services.*.stdin_open",
      "services.*.tty",
      "services.*.volumes[].read_only",
      "services.*.volumes[].bind.create_host_path",
      "services.*.volumes[].volume.nocopy",
      "services.*.healthcheck.disable",
      "networks.*.attachable",
      "networks.*.enable_ipv6",
      "networks.*.internal",
    ],
    change: { widen: ["string"] },
  },
  {
    ...VARIABLES,
    at: [
      "#blkio_weight.weight",
      "services.*.blkio_config.weight",
      "services.*.mem_swappiness",
      "services.*.scale",
      "services.*.healthcheck.retries",
      "#deployment.replicas",
      "#deployment.placement.max_replicas_per_node",
      "#deployment.restart_policy.max_attempts",
      "#deployment.rollback_config.parallelism",
      "#deployment.rollback_config.max_failure_ratio",
      "#deployment.update_config.parallelism",
      "#deployment.update_config.max_failure_ratio",
      "#generic_resources[].discrete_resource_spec.value",
    ],
    change: { widen: ["string"] },
  },
  {
    ...VARIABLES,
    at: ["networks.*.external", "volumes.*.external", "secrets.*.external", "configs.*.external"],
    change: { set: { type: ["boolean", "string", "object"] } },
  },
  {
    ...VARIABLES,
    at: "services.*.cpu_count",
    change: { become: oneOf(text, { type: "integer", minimum: 0 }) },
  },
  {
    ...VARIABLES,
    at: "services.*.cpu_percent",
    change: { become: oneOf(text, { type: "integer", minimum: 0, maximum: 100 }) },
  },
  {
    ...VARIABLES,
    at: "services.*.oom_score_adj",
    change: { become: oneOf(text, { type: "integer", minimum: -1000, maximum: 1000 }) },
  },
  {
    ...FORMATS,
    at: [
      "services.*.stop_grace_period",
      "services.*.healthcheck.interval",
      "services.*.healthcheck.timeout",
      "services.*.healthcheck.start_period",
      "#deployment.restart_policy.delay",
      "#deployment.restart_policy.window",
      "#deployment.rollback_config.delay",
      "#deployment.rollback_config.monitor",
      "#deployment.update_config.delay",
      "#deployment.update_config.monitor",
    ],
    change: { drop: ["format"] },
  },
  {
    date: "2024-07-09",
    source: "06-networks, ipam; 424649f",
    at: "networks.*.ipam.config[].subnet",
    change: { drop: ["format"] },
  },
  {
    date: "2025-03-18",
    source: "05-services, expose; 34f7463",
    at: "services.*.expose[]",
    change: { drop: ["format"] },
  },
];
