import type { Amendment } from "../amend";
import { choice, each, flag, list, mapping, NAME, oneOf, ref, text } from "../forms";
import type { SchemaNode } from "../node";

/** What anything with a container has: services, jobs, and the steps of `pre_start`. */
export const CONTAINER_KEYS: readonly string[] =
  `annotations blkio_config cap_add cap_drop cgroup cgroup_parent command configs cpu_count cpu_percent cpu_period
  cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec device_cgroup_rules devices dns dns_opt
  dns_search domainname entrypoint env_file environment extra_hosts gpus group_add hostname image init ipc isolation
  label_file labels logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode
  networks oom_kill_disable oom_score_adj pid pids_limit platform privileged pull_policy pull_refresh_after read_only
  runtime secrets security_opt shm_size stop_grace_period stop_signal storage_opt sysctls tmpfs ulimits umask
  use_api_socket user userns_mode uts volumes volumes_from working_dir`.split(/\s+/);

/** What a step of `pre_start` took before it took all of these. */
const FIRST_STEP_KEYS: readonly string[] = "command image user privileged working_dir environment".split(" ");

/** What services and jobs have, and a step has not. */
export const WORKLOAD_KEYS: readonly string[] = "build depends_on expose healthcheck ports stdin_open tty".split(" ");

const schedule = mapping(
  { cron: text, timezone: text, concurrency: choice("forbid", "queue"), missed_fires: choice("one", "skip") },
  ["cron"],
);

const triggers: SchemaNode = {
  ...mapping({ manual: flag, schedule: list(oneOf(text, schedule)) }),
  anyOf: [{ required: ["manual"] }, { required: ["schedule"] }],
};

/**
 * What Docker Compose 5 brought before the specification's own schema had it: it is read from compose-go's, of the
 * release that is named.
 */
export const containerAmendments: readonly Amendment[] = [
  {
    date: "2025-11-25",
    source: "build, no_cache_filter; compose-go 3d3411d, v2.10.0",
    since: "5.0.0",
    at: "services.*.build",
    change: { add: { no_cache_filter: ref("string_or_list") } },
  },
  {
    date: "2026-10-21",
    source: "umask; compose-go v2.16.2",
    since: "5.7.0",
    at: "services.*",
    change: { add: { umask: { type: ["integer", "string", "null"], minimum: 0, maximum: 2 ** 32 - 1 } } },
  },
  {
    date: "2026-10-21",
    source: "networks, use_service_name_alias; compose-go v2.16.2",
    since: "5.7.0",
    at: "services.*.networks.*",
    change: { add: { use_service_name_alias: flag } },
  },
  {
    date: "2026-09-29",
    source: "pre_start takes what a container takes; compose-spec#656, compose-go v2.16.1",
    since: "5.6.0",
    at: "services.*.pre_start[]",
    change: { share: { from: "services.*", keys: CONTAINER_KEYS.filter((key) => !FIRST_STEP_KEYS.includes(key)) } },
  },
  {
    date: "2026-09-29",
    source: "jobs; compose-spec#642, compose-go v2.16.1",
    since: "5.6.0",
    at: "",
    change: { define: { job: mapping({ triggers }, ["triggers"]) } },
  },
  {
    date: "2026-09-29",
    source: "jobs; compose-spec#642, compose-go v2.16.1",
    since: "5.6.0",
    at: "#job",
    change: { share: { from: "services.*", keys: ["profiles", ...CONTAINER_KEYS, ...WORKLOAD_KEYS] } },
  },
  {
    date: "2026-09-29",
    source: "jobs; compose-spec#642, compose-go v2.16.1",
    since: "5.6.0",
    at: "",
    change: { add: { jobs: { ...each(ref("job"), NAME), additionalProperties: false } } },
  },
];
