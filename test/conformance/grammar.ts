import type { Random } from "./random";

/** A value with a YAML tag, or a scalar that must be written as it is. */
export class Tagged {
  constructor(
    readonly tag: string,
    readonly value: Value,
  ) {}
}

export class Raw {
  constructor(readonly text: string) {}
}

export type Value = string | number | boolean | null | Raw | Tagged | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [key: string]: Value;
}

export type Make = (random: Random) => Value;

const some = (...values: readonly Value[]): Make => (random) => random.pick(values);
const either = (...makes: readonly Make[]): Make => (random) => random.pick(makes)(random);
const listOf = (make: Make, most = 3): Make => (random) => random.list(most, () => make(random));
/** Different values, as a list that may not repeat. */
const subset = (...values: readonly Value[]): Make => (random) => values.filter(() => random.chance(0.4));
const mapOf = (keys: readonly string[], make: Make): Make => (random) =>
  Object.fromEntries(random.some(keys).map((key) => [key, make(random)]));
/** An object with some of its fields. */
const object = (fields: Readonly<Record<string, Make>>, always: readonly string[] = []): Make => (random) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([key]) => always.includes(key) || random.chance(0.45))
      .map(([key, make]) => [key, make(random)]),
  );

/** Texts in which variables stand; B is empty, U and V are not set, D holds a dollar. */
const text = some(
  "plain", "two words", "a=b", "x:y", "", "${A}", "$A-$B", "${U:-d}", "${B-e}|${B:-f}", "${U:-${V:-n}}", "$$A", "$${A}",
  "${A:+p}${U:+q}", "${A:?m}", "a$", "$5", "é ü", "#x", "yes", "null", "1", "1.0", "true", "~", "- x", "{}", "'q'", '"q"',
  "tab\there", "line\nbreak", "<&>", "${D}", "${U-}", "${U:-{\"a\":1}}", "1:30", "0x10", "0o7", "1e3",
);
const word = some("a", "b", "c", "x-y", "z.z", "${A}", "k_1");
const scalar = either(text, some(1, 0, -1, 80, true, false, 1.5, 1000000.5, 0.00001, 1e21, null), some(new Raw("1.0"), new Raw("0x1F"), new Raw("017"), new Raw("1_000"), new Raw("1e3"), new Raw("~"), new Raw("yes"), new Raw("1:30"), new Raw(".5")));
const bool = some(true, false, "true", "false", "yes", "off", "${T}");
const int = some(0, 1, 2, 5, "3", "+4", "${N}");
const bigInt = some(0, 1, 100, 65535, "7", "${N}");
const float = some(0.5, 1, 1.5, "0.25", "2", new Raw("1e-1"));
const size = some(1024, "64m", "1gb", "1.5G", "10 kb", "5b", "${SIZE}", 0);
const textSize = some("64m", "1gb", "1.5G", "${SIZE}");
const duration = some("10s", "1m30s", "90s", "1.5h", "500ms", "1d", "0s", "2w");
const names = ["A", "B", "C", "D.x", "k-1"];
const pairs = either(mapOf(names, scalar), listOf((random) => `${random.pick(names)}=${random.pick(["1", "x y", "", "a=b", "${A}"])}`), listOf(some("A", "B", "U", "A=1", "C=${U:-d}")));
const labels = either(mapOf(names, scalar), listOf((random) => `${random.pick(names)}=${random.pick(["1", "x", "", "${A}"])}`), listOf(some("A", "B=2")));
const hosts = either(
  listOf(some("h:1.2.3.4", "h=1.2.3.5", "g:[::1]", "g=::1", "f=1.1.1.1,2.2.2.2")),
  object({ h: some("1.2.3.4", "[::1]"), g: listOf(some("1.1.1.1", "::1")) }),
);
const strings = listOf(word);
const oneOrMany = either(word, strings);
const command = either(some("echo hi", "sh -c 'a b'", 'x "y z" w', "a && b", "", "run $$X `date`", "p\\ q", "echo ${A}"), strings, some(null));
const granted = (name: Make): Make => either(name, object({ source: name, target: some("/t", "t", "/run/x"), uid: some("103"), gid: some("5"), mode: some(0o440, "0440", 288) }, ["source"]));
const ulimits = mapOf(["nofile", "nproc", "core"], either(bigInt, object({ soft: bigInt, hard: bigInt }, ["soft", "hard"])));
const device = object({ capabilities: some(["gpu"], ["gpu", "utility"]), driver: word, count: some(1, "all", "2"), options: mapOf(names, text) }, ["capabilities"]);
const hook = object({ command, user: word, privileged: bool, working_dir: some("/w"), environment: pairs }, ["command"]);
const port = either(
  some("80", "8080:80", "127.0.0.1:8081:81", "82-84:82-84", "9000-9005:83", ":85", "[::1]:86:86/udp", "${PORT}:87", 80, 90, "53:53/udp", "98-101"),
  object({ target: some(80, "81", 90), published: some("8080", 8081, "9000-9001"), host_ip: some("127.0.0.1", "::1"), protocol: some("tcp", "udp"), mode: some("host", "ingress"), name: word, app_protocol: word }, ["target"]),
);
const mount = either(
  some("data:/data", "./src:/app", "../up:/up:ro", "/abs:/abs:rw,z", "~/h:/h", "/anon", "logs:/data/logs:nocopy", "data:/other/../data2", "c:\\x:/w", "v:/v", "./p:/p:rshared", "/d/", "x"),
  object({ type: some("bind"), source: some("./s", "/s", "~/t"), target: some("/s", "/data", "/t/"), read_only: bool, bind: object({ create_host_path: some(true, false), propagation: some("rslave"), selinux: some("z") }) }, ["type", "source", "target"]),
  object({ type: some("volume"), source: some("data", "logs"), target: some("/data", "/vol"), volume: object({ nocopy: bool, subpath: word, labels }), consistency: some("cached") }, ["type", "target"]),
  object({ type: some("tmpfs"), target: some("/tmp1", "/tmp2"), tmpfs: object({ size, mode: some(1777) }) }, ["type", "target"]),
);
const dependency = object({ condition: some("service_started", "service_healthy"), restart: some(true, false), required: some(true, false) }, ["condition"]);
const update = object({ parallelism: int, delay: duration, failure_action: some("continue"), monitor: duration, max_failure_ratio: float, order: some("start-first") });
const network = object({ aliases: strings, ipv4_address: some("10.0.0.2"), priority: some(1, 5), gw_priority: some(2), mac_address: some("02:42:ac:11:00:02"), driver_opts: mapOf(names, some("a", 1)), link_local_ips: strings, interface_name: word, "x-n": scalar });
const throttle = listOf(object({ path: some("/dev/a", "/dev/b"), rate: some("1mb", 10) }, ["path", "rate"]));

/** Attribute of a service → how to make a value. */
export const SERVICE: Readonly<Record<string, Make>> = {
  annotations: labels,
  attach: bool,
  blkio_config: object({ weight: some(300), weight_device: listOf(object({ path: some("/dev/a"), weight: some(10) }, ["path", "weight"])), device_read_bps: throttle, device_write_iops: throttle }),
  build: either(
    some(".", "./dir", "https://example.org/x.git", "git@host:x", "${A}"),
    object({
      context: some(".", "./ctx", "/abs"), dockerfile: some("D", "a/D"), args: pairs, labels, ssh: some(["default"]), cache_from: strings, cache_to: strings, no_cache: bool, pull: bool, network: word,
      target: word, shm_size: size, extra_hosts: hosts, tags: some(["t:1"], ["t:1", "u:2"]), platforms: some(["linux/amd64"]), privileged: bool, secrets: listOf(granted(some("s1", "s2"))), ulimits,
      additional_contexts: either(some(["k=./v"], ["k=./w", "l=docker-image://x"]), object({ k: some("./v", "https://x"), l: some("/abs") })), isolation: word, entitlements: strings, provenance: some(true, "mode=max"), sbom: some(false, "x"), "x-b": scalar,
    }),
  ),
  cap_add: subset("ALL", "NET_ADMIN", "SYS_TIME"),
  cap_drop: subset("ALL", "NET_ADMIN"),
  cgroup: some("host", "private"),
  cgroup_parent: word,
  command,
  configs: listOf(granted(some("c1", "c2"))),
  container_name: some("cn1", "cn2"),
  cpu_count: some(1, "2"),
  cpu_percent: some(50, 10),
  cpu_period: int,
  cpu_quota: int,
  cpu_rt_period: int,
  cpu_rt_runtime: int,
  cpu_shares: int,
  cpus: float,
  cpuset: some("0-3"),
  credential_spec: object({ file: some("f.json"), registry: word }),
  depends_on: either(subset("cache"), mapOf(["cache"], dependency)),
  deploy: object({
    mode: some("replicated"), replicas: int, labels, update_config: update, rollback_config: update, endpoint_mode: some("vip"), "x-d": scalar,
    resources: object({ limits: object({ cpus: some("0.5", 1, "2"), memory: textSize, pids: int }), reservations: object({ cpus: some("0.1"), memory: textSize, devices: listOf(device), generic_resources: some([{ discrete_resource_spec: { kind: "gpu", value: 2 } }]) }) }),
    restart_policy: object({ condition: some("any"), delay: duration, max_attempts: int, window: duration }),
    placement: object({ constraints: strings, preferences: some([{ spread: "a" }]), max_replicas_per_node: int }),
  }),
  develop: object({ watch: listOf(object({ path: some("./s", "/abs"), action: some("rebuild", "sync", "sync+restart"), target: some("/t"), ignore: oneOrMany, include: oneOrMany, initial_sync: some(true), exec: hook }, ["path", "action", "target"])) }),
  device_cgroup_rules: some(["c 1:3 mr"]),
  devices: listOf(either(some("/dev/a", "/dev/a:/dev/x", "/dev/b:/dev/b:r", "nvidia.com/gpu=all"), object({ source: some("/dev/a"), target: some("/dev/t"), permissions: some("r") }, ["source", "target"]))),
  dns: either(some("8.8.8.8", ""), listOf(some("8.8.8.8", "1.1.1.1", ""))),
  dns_opt: listOf(some("a", "b", "timeout:3")),
  dns_search: oneOrMany,
  domainname: word,
  entrypoint: command,
  env_file: either(some("e.env", "./f.env"), listOf(either(some("e.env", "f.env"), object({ path: some("e.env", "missing.env"), required: some(false) }, ["path", "required"]), object({ path: some("raw.env"), format: some("raw") }, ["path", "format"])))),
  environment: pairs,
  expose: listOf(some("80", 81, "90-92", 80)),
  external_links: subset("ext:a", "ext2"),
  extra_hosts: hosts,
  gpus: either(some("all"), listOf(device)),
  group_add: subset("mail", 5, "g"),
  healthcheck: object({ test: either(some("curl x", ["CMD", "a"], ["CMD-SHELL", "b"], ["NONE"])), interval: duration, timeout: duration, start_period: duration, start_interval: duration, retries: int, disable: bool, "x-h": scalar }),
  hostname: word,
  image: text,
  init: bool,
  ipc: some("host", "service:cache", "shareable"),
  isolation: word,
  label_file: either(some("l.env"), listOf(some("l.env", "m.env"))),
  labels,
  links: subset("cache", "cache:c"),
  logging: object({ driver: some("json-file", "syslog", "${A}"), options: mapOf(names, some("10m", 3, "${A}", null)) }),
  mac_address: some("02:42:ac:11:00:03"),
  mem_limit: size,
  mem_reservation: size,
  mem_swappiness: some(10, "20"),
  memswap_limit: some(-1, "2g"),
  models: either(some(["m1"], ["m1", "m2"]), object({ m1: object({ endpoint_var: word, model_var: word }), m2: some(null) })),
  network_mode: some("host", "none", "service:cache", "bridge"),
  networks: either(some(["front"], ["front", "back"], ["default"], []), mapOf(["front", "back", "default"], either(network, some(null)))),
  oom_kill_disable: bool,
  oom_score_adj: some(-100, 5, "7"),
  pid: some("host", "service:cache"),
  pids_limit: int,
  platform: some("linux/amd64"),
  ports: listOf(port, 4),
  post_start: listOf(hook, 2),
  pre_stop: listOf(hook, 2),
  privileged: bool,
  profiles: listOf(some("p1", "p2"), 2),
  provider: object({ type: word, options: mapOf(names, either(some("a", 1, true), some(["x", "y"]))) }, ["type"]),
  pull_policy: some("always", "if_not_present", "missing", "daily", "every_2h"),
  read_only: bool,
  restart: some("always", "no", "on-failure:3"),
  runtime: word,
  scale: some(1, 0, "1", 2),
  secrets: listOf(granted(some("s1", "s2"))),
  security_opt: subset("label:x", "no-new-privileges", "a:b"),
  shm_size: size,
  stdin_open: bool,
  stop_grace_period: duration,
  stop_signal: some("SIGUSR1"),
  storage_opt: mapOf(["size"], some("1G", "2G")),
  sysctls: either(mapOf(["net.a", "net.b"], some(1, "2", null)), listOf(some("net.a=1", "net.c=3"))),
  tmpfs: either(some("/run", "/run:size=1m"), listOf(some("/run", "/tmp", "/x:rw"))),
  tty: bool,
  ulimits,
  use_api_socket: some(false, true),
  user: some("1000", "me", "${N}:${N}"),
  userns_mode: some("host"),
  uts: some("host"),
  volumes: listOf(mount, 4),
  volumes_from: subset("cache:ro", "container:x"),
  working_dir: text,
  "x-svc": scalar,
};

/** Attributes that do not go together, or that few projects survive: seldom made. */
export const RARE: ReadonlySet<string> = new Set(["network_mode", "container_name", "scale", "provider", "profiles", "extends", "pid", "ipc", "volumes_from", "links"]);


/** Top-level section → its names and how to make one of its resources. */
export const RESOURCES: Readonly<Record<string, { readonly names: readonly string[]; readonly make: Make }>> = {
  networks: {
    names: ["front", "back", "default"],
    make: either(some(null, {}), object({ driver: word, driver_opts: mapOf(names, some("a", 1)), labels, internal: bool, attachable: bool, enable_ipv4: bool, enable_ipv6: bool, name: text, external: some(true, false, {}), "x-net": scalar, ipam: object({ driver: word, config: listOf(object({ subnet: some("10.0.0.0/8", "10.1.0.0/16", "fd00::/64"), gateway: some("10.0.0.1"), ip_range: some("10.0.1.0/24"), aux_addresses: mapOf(names, some("10.0.0.9")) })), options: mapOf(names, some("a")) }) })),
  },
  volumes: {
    names: ["data", "logs"],
    make: either(some(null, {}), object({ driver: some("local", "nfs"), driver_opts: object({ o: some("bind"), device: some("./dev", "/dev/x"), type: some("none") }), labels: either(mapOf(names, scalar), subset("A=1", "B")), name: text, "x-vol": scalar }), object({ external: some(true), name: word }, ["external"])),
  },
  secrets: { names: ["s1", "s2"], make: either(object({ file: some("./sec", "/sec", "~/sec"), labels: mapOf(names, scalar), name: word, template_driver: word, "x-s": scalar }, ["file"]), object({ environment: some("A", "U") }, ["environment"]), object({ external: some(true, { name: "ext" }), name: some("ext") }, ["external"])) },
  configs: { names: ["c1", "c2"], make: either(object({ file: some("./cfg", "/cfg"), labels: mapOf(names, scalar) }, ["file"]), object({ content: text, "x-c": scalar }, ["content"]), object({ environment: some("A") }, ["environment"]), object({ external: some(true, "yes"), name: some("ext") }, ["external"])) },
  models: { names: ["m1", "m2"], make: object({ model: some("ai/m"), context_size: some(1024), runtime_flags: strings, name: word }, ["model"]) },
};

export { scalar, text };
