import type { Case } from "../case";
import { files, web } from "./build";

const sizes = ["1024", "'1024'", "1k", "1kb", "1KiB", "1.5g", "'10 mb'", "5b", "2t", "1p", "-1", "'-1'", "1.5", "abc", "1x", "1kbx", "''", "0", "'0'", "1e3", "'1 g'", "1_0m"];
const durations = ["10s", "1m30s", "90s", "1.5h", "500ms", "1us", "1d", "2w", "0s", "0", "36h", "1500us", "100ns", "-5s", "'10'", "10x", "abc", "''", "1h1h", ".5s", "1.s"];
const lines = ["echo hi", "'a \"b c\" d'", "\"a 'b c' d\"", "a\\ b", "'a && b'", "'a;b'", "'a|b'", "'a > b'", "'2>x'", "'a `b c` d'", "'a $$(b c) d'", "'a (b)'", "'a )'", "\"'\"", "'a \\'", "''", "' '", "\"a''b\"", "'\"\" x'", "\"a'b'c\"", "'a\\\\nb'", "[]", "[a, 'b c']", ""];

/** Typing of values. */
export const DECODE: readonly Case[] = [
  ...sizes.map((size) => web(`mem_limit: ${size}`)),
  // Everything that does not fit is told at once.
  ...[
    "memswap_limit: 7 lions, mem_limit: 6 elephants, shm_size: 8 cows, stop_grace_period: long",
    "healthcheck: {test: x, interval: long, timeout: short}, stop_grace_period: soon",
    "blkio_config: {device_read_bps: [{path: /a, rate: fast}, {path: /b, rate: slow}]}, mem_reservation: few",
    "deploy: {resources: {limits: {memory: much}, reservations: {memory: more}}}, mem_limit: 6 elephants",
    "mem_limit: 6 elephants, pre_start: [{command: [a]}, {command: [b], mem_limit: 7 lions}]",
  ].map((entry) => web(entry)),
  ...["mem_reservation", "memswap_limit", "mem_swappiness", "shm_size"].map((key) => web(`${key}: '10'`)),
  web("tmpfs: /x, volumes: [{type: tmpfs, target: /t, tmpfs: {size: 1g}}], build: {context: ., shm_size: 2m}", "sizes elsewhere"),
  web("deploy: {resources: {limits: {cpus: '0.5', memory: 50M, pids: 5}, reservations: {cpus: 0.25, memory: 20M, generic_resources: [{discrete_resource_spec: {kind: gpu, value: 2}}]}}}"),
  web("deploy: {resources: {limits: {cpus: x}}}"),
  web("blkio_config: {weight: 300, weight_device: [{path: /a, weight: 4}], device_read_bps: [{path: /a, rate: 12mb}], device_read_iops: [{path: /a, rate: 120}], device_write_bps: [{path: /a, rate: '1k'}], device_write_iops: [{path: /a, rate: 3}]}"),
  web("blkio_config: {}"),
  web("blkio_config: {device_read_bps: [{path: /a, rate: x}]}"),
  ...durations.map((duration) => web(`stop_grace_period: ${duration}`)),
  web("healthcheck: {test: x, interval: 1m, timeout: 2s, start_period: 0s, start_interval: 5s, retries: 0, disable: false}"),
  web("healthcheck: {interval: x}"),
  web("healthcheck: {}"),
  ...["x y", "[CMD, a]", "[CMD-SHELL, a b]", "[NONE]", "[a]", "[]"].map((test) => web(`healthcheck: {test: ${test}}`)),
  web("deploy: {update_config: {parallelism: 0, delay: 1s, failure_action: pause, monitor: 1m, max_failure_ratio: 0.1, order: stop-first}, rollback_config: {delay: 0s}, restart_policy: {condition: any, delay: 0s, max_attempts: 0, window: 2m}, placement: {constraints: [a], preferences: [{spread: b}], max_replicas_per_node: 1}, endpoint_mode: vip, mode: global, labels: {a: b}}"),
  web("deploy: {update_config: {delay: x}}"),
  web("deploy: {}"),
  ...lines.map((line) => web(`command: ${line}`)),
  ...["sh -c", "[a]", "", "'a (b)'"].map((line) => web(`entrypoint: ${line}`)),
  web("post_start: [{command: 'a b', user: u, privileged: 'yes', working_dir: /w, environment: [A=1, B]}], pre_stop: [{command: []}]"),
  web("develop: {watch: [{path: ., action: sync+exec, target: /x, exec: {command: a b}}]}"),
  web("environment: {A: 1, B: true, C: , D: 1.5, E: 'x', F: 1e7}"),
  web("environment: ['A=1', B, 'C=a=b', '=x', 'D=']"),
  web("environment: ['A =1']"),
  web("environment: {'A ': 1, x-a: 1}"),
  web("labels: {a: 1, b: true, c: , d: 1.50, x-e: f}"),
  web("labels: ['a=1', b, 'c=d=e']"),
  web("annotations: {a: 1, b: }, sysctls: {c: 1, d: '2'}"),
  web("annotations: [a, b=c], sysctls: [net.a=1]"),
  web("storage_opt: {size: 1G}"),
  web("logging: {driver: x, options: {a: 1, b: , c: 'd'}}"),
  web("logging: {}"),
  ...["['a:1.1.1.1', 'a=2.2.2.2', 'b:::1', 'c=[::1]', 'd=1.1.1.1,2.2.2.2']", "{a: 1.1.1.1, b: [1.1.1.1, '::1'], c: '[::1]'}", "{a: []}", "['a']", "['=1.1.1.1']", "[':1']", "{'': x}", "['a=b=c']"].map((hosts) => web(`extra_hosts: ${hosts}`)),
  ...["0440", "'0440'", "440", "'440'", "0", "'9'"].map((mode) => files(`mode ${mode}`, [`services: {web: {image: i, secrets: [{source: s, mode: ${mode}}]}}\nsecrets: {s: {file: s}}\n`])),
  web("ulimits: {a: 1, b: {soft: 2, hard: 3}, c: 0, d: {soft: 0, hard: 0}}"),
  web("ulimits: {a: 1, b: {soft: 2, hard: 3}, c: 0, d: {soft: 0, hard: 0}}", "ulimits as YAML", { format: "yaml" }),
  web("gpus: [{count: x}]"),
  web("scale: 2, deploy: {mode: replicated}"),
  web("scale: 0"),
  web("attach: false, init: false, tty: false, privileged: false, stdin_open: true, read_only: 'yes', oom_kill_disable: 'on', use_api_socket: true"),
  web("attach: nope"),
  web("cpu_count: 2, cpu_percent: 50, cpu_period: 1, cpu_quota: 2, cpu_rt_period: 3, cpu_rt_runtime: 4, cpu_shares: 5, cpus: 0.1, cpuset: '0-3', oom_score_adj: 5, pids_limit: 6"),
  web("cap_add: [A], cap_drop: [B], cgroup: host, cgroup_parent: c, container_name: cn, device_cgroup_rules: ['c 1:3 mr'], dns_opt: [a], dns_search: b, domainname: d, expose: [80, '81'], external_links: [e], group_add: [1, g], hostname: h, ipc: host, isolation: x, mac_address: m, pid: host, platform: p, restart: always, runtime: r, security_opt: [s], stop_signal: SIGTERM, user: u, userns_mode: host, uts: host, working_dir: /w", "all texts"),
  web("networks: {default: {aliases: [a], driver_opts: {x: 1}, gw_priority: 1, interface_name: e, ipv4_address: 1.1.1.1, ipv6_address: '::1', link_local_ips: [l], mac_address: m, priority: 2}}"),
  web("provider: {type: t, options: {a: b, c: [d, e], f: 1, g: true}}", "provider"),
  web("x-a: 1, build: {context: ., x-b: 2}, deploy: {x-c: 3}, healthcheck: {x-d: 4}", "extensions as YAML", { format: "yaml" }),
  web("ports: [{target: 80, x-a: 1}], volumes: [{type: volume, target: /x, x-b: 1}], networks: {default: {x-c: 1}}", "extensions in lists", { format: "yaml" }),
  web("networks: {x-n: }"),
  files("a service called x-a", ["services: {x-a: {image: i}}\nvolumes: {x-v: }\n"]),
  files("extensions of the project", ["x-b: {a: 1, c: [2024-01-01, 1.0, 1e21, null, true]}\nx-a: text\nservices: {web: {image: '<&>$$'}}\nnetworks: {default: {x-n: 1}}\n"]),
  files("dollars", ["services: {web: {image: i, command: 'a $$b', labels: {l: '$$$$'}}}\n"]),
];

/** Names that differ where the order of YAML and that of bytes do. */
const NAMES = ["web", "web1", "web2", "web10", "web02", "web010", "web_a", "web-a", "web.a", "webA", "weba", "web1a", "web1_", "DB_HOST", "DBNAME", "DB2", "DB-X", "a0", "a00", "a0b", "a1b0", "a1b00", "a10b", "a9b", "A", "a", "Z", "\u00e9", "z\u00e9", "x-1", "v1.10", "v1.9"];
const named = (value: string) => NAMES.map((name) => `${JSON.stringify(name)}: ${value}`).join(", ");
const KEY_ORDER: readonly Case[] = (["yaml", "json"] as const).flatMap((format) => [
  web(`environment: {${named("v")}}, labels: {${named("v")}}, sysctls: {${named("v")}}, build: {context: ., args: {${named("v")}}}, x-own: {${named("v")}}`, `order of keys in ${format}`, { format }),
  files(`order of names in ${format}`, [`services: {${["web1", "web10", "web2", "web_a", "weba", "A", "1a"].map((name) => `${name}: {image: i}`).join(", ")}, all: {image: i, depends_on: [web10, web2, web_a, weba], networks: [n1, n10, n2, n_a, na], volumes: [v1:/1, v10:/10, v2:/2]}}\nnetworks: {n1: , n10: , n2: , n_a: , na: {driver_opts: {a_b: x, ab: x, a2: x, a10: x}}}\nvolumes: {v1: , v10: , v2: }\nx-b_c: 1\nx-bc: 2\n`], { format }),
  web(`environment: {${named("v")}}`, `order of keys without interpolation in ${format}`, { format, flags: ["--no-interpolate"] }),
  files(`extensions below depends_on in ${format}`, ["services: {web: {image: i, depends_on: {db: {condition: service_started, x-why: [data]}}}, db: {image: i}}\n"], { format }),
]);

/** YAML output. */
export const YAML_OUTPUT: readonly Case[] = [
  ...["x", " y  z", "# é'", "\\té", "a: b"].map((end) => {
    const long = `${"aaaa bbbb ".repeat(9)}${end} ${"c ".repeat(50)}d`;
    return web(`command: ["${long}"], labels: {a: "${long}"}`, `a long text with ${end}`, { format: "yaml" });
  }),
  web(`environment: {A: "${"aaaa bbbb ".repeat(9)}", B: " ${"aaaa bbbb ".repeat(9)}x", C: "${"a".repeat(90)} b"}`, "long texts with blanks at their ends", { format: "yaml" }),
  ...KEY_ORDER,
  ...["plain", "two words", "'a: b'", "'a #b'", "'#a'", "'- a'", "'-a'", "'? a'", "'yes'", "'y'", "'n'", "'1'", "'1.0'", "'true'", "'null'", "'~'", "''", "' a'", "'a '", '"a\\tb"', '"a\\nb"', '"a\\n"', '"\\na"', '"a\\n\\n"', '" a\\nb"', '"a \\nb"', "'a''b'", "'\"a\"'", "'{a}'", "'[a]'", "'a]'", "'a, b'", "'*a'", "'&a'", "'!a'", "'|'", "'>'", "'%a'", "'@a'", "'`a'", "'a:'", "':a'", "'a:b'", "'='", "'<<'", "'1:30'", "'1_000'", "'0x1'", "'2024-01-01'", "'é ü'", '"\\u0001"', '"\\u00a0"', "'---'", "'--- a'", "'...'", "'a\\b'", '"a\\\\nb"', "'.5'", "'1e3'", "'.inf'", "'012'", "'0o1'", "'a\u{1F600}'", "'+'", "'.'", "'-'", "'?'", "'a?'", "'a''b: c'"].map((value) => web(`labels: {l: ${value}}`, `yaml ${value}`, { format: "yaml" })),
  web("labels: {'a b': c, '1': d, 'true': e, 'a: b': f, '': g, '#': h}", "yaml keys", { format: "yaml" }),
  web("command: [], entrypoint: [a], healthcheck: {}, deploy: {resources: {}}, blkio_config: {}, develop: {}", "yaml empties", { format: "yaml" }),
  web("cpus: 1.5, deploy: {resources: {limits: {cpus: '1.5', memory: 1g}}}", "yaml floats", { format: "yaml" }),
  files("yaml keys of 128 and 129 bytes, and of several lines", [`x-a:\n  ${"k".repeat(128)}: 1\n  ? ${"k".repeat(129)}\n  : [1, [2], {b: 3, c: [4]}]\n  ? ${"é".repeat(65)}\n  : {b: 1, c: {d: 2}}\n  ? ${"word ".repeat(30)}end\n  : {}\n  ? "a\\nb"\n  : [5, 6]\nservices: {web: {image: i, labels: {${"l".repeat(130)}: x}}}\n`], { format: "yaml" }),
  files("yaml sections", ["x-z: [1, [2, [3]], {a: {b: [c]}}]\nservices: {web: {image: i, depends_on: {db: {condition: service_started, restart: true}}, networks: {n: {aliases: [x]}}, configs: [c], secrets: [s], models: [m], volumes: ['v:/v', './b:/b']}, db: {image: i}}\nnetworks: {n: {ipam: {config: [{subnet: a, x-p: 1}], x-i: 2}, x-n: 3}}\nvolumes: {v: {x-v: 1}}\nconfigs: {c: {content: \"a\\nb\\n\"}}\nsecrets: {s: {environment: HOME}}\nmodels: {m: {model: x, context_size: 5, runtime_flags: [a]}}\n"], { format: "yaml" }),
];

const invalid = (attributes: string, rest = "") => files(attributes, [`services: {web: {${attributes}}, db: {image: i, profiles: [off]}, other: {image: i}}\n${rest}`]);

/** Consistency. */
export const CONSISTENCY: readonly Case[] = [
  invalid("user: u"),
  invalid("build: {context: ., dockerfile: D, dockerfile_inline: F}"),
  invalid("build: {context: ., additional_contexts: {a: 'service:none'}}"),
  invalid("build: {context: ., additional_contexts: {a: 'service:other'}}"),
  invalid("build: {context: ., platforms: [linux/amd64]}, platform: linux/arm64"),
  invalid("build: {context: ., platforms: [linux/amd64]}, platform: linux/amd64"),
  invalid("image: i, network_mode: host, networks: [default]"),
  invalid("image: i, networks: [none]"),
  invalid("image: i, volumes: ['none:/x']"),
  invalid("build: {context: ., secrets: [none]}"),
  invalid("image: i, configs: [none]"),
  invalid("image: i, models: [none]"),
  invalid("image: i, secrets: [none]"),
  invalid("image: i, healthcheck: {test: [x]}"),
  invalid("image: i, depends_on: [none]"),
  invalid("image: i, depends_on: [db]"),
  invalid("image: i, links: [none]"),
  invalid("image: i, network_mode: 'service:none'"),
  invalid("image: i, scale: 2, deploy: {replicas: 3}"),
  invalid("image: i, scale: 2, deploy: {replicas: 2}"),
  invalid("image: i, scale: -1"),
  invalid("image: i, deploy: {replicas: -1}"),
  invalid("image: i, cpus: 1, deploy: {resources: {limits: {cpus: '2'}}}"),
  invalid("image: i, cpus: 1, deploy: {resources: {limits: {memory: 1g}}}"),
  invalid("image: i, cpus: 1.5, deploy: {resources: {limits: {cpus: '1.5'}}}"),
  invalid("image: i, mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}"),
  invalid("image: i, mem_limit: 1g, deploy: {resources: {limits: {memory: 1024m}}}"),
  invalid("image: i, mem_reservation: 1g, deploy: {resources: {reservations: {memory: 2g}}}"),
  invalid("image: i, pids_limit: 1, deploy: {resources: {limits: {pids: 2}}}"),
  invalid("image: i, container_name: cn, scale: 2"),
  invalid("image: i, container_name: cn, deploy: {replicas: 2}"),
  invalid("image: i, develop: {watch: [{path: a, action: sync}]}"),
  invalid("image: i, develop: {watch: [{path: a, action: restart}, {path: b, action: rebuild}]}"),
  invalid("image: i, volumes: ['/x', {type: tmpfs, target: /x/}]"),
  invalid("image: i, tmpfs: [/run, '/run:size=1m']"),
  invalid("image: i, tmpfs: /run, volumes: [/run]"),
  files("a secret of a driver", ["services: {web: {image: i}}\nsecrets: {s: {driver: d}}\n"]),
  files("a cycle", ["services: {a: {image: i, depends_on: [b]}, b: {image: i, depends_on: [c]}, c: {image: i, depends_on: [a]}}\n"]),
  files("a service that needs itself", ["services: {a: {image: i, depends_on: [a]}}\n"]),
  files("a cycle of links", ["services: {a: {image: i, links: [b]}, b: {image: i, links: [a]}}\n"]),
  files("a cycle further on", ["services: {a: {image: i, depends_on: [b]}, b: {image: i, depends_on: [d, c]}, c: {image: i, depends_on: [b]}, d: {image: i}}\n"]),
  files("the same container name", ["services: {a: {image: i, container_name: same}, b: {image: i, container_name: same}}\n"]),
];

const EVERYTHING = "name: demo\nx-top: {a: 1}\nservices:\n  web: {image: 'img:${TAG:-1}', command: 'a b', environment: [A=1, B, HOME], env_file: e.env, labels: {a: 1}, ports: ['80:80', '${P}:81'], volumes: ['v:/v', './x:/x', '${V}:/y'], mem_limit: 1g, stop_grace_period: 90s, healthcheck: {test: x}, build: {context: ., args: {HOME: , Q: }}, depends_on: [db], profiles: [], x-s: 1}\n  db: {image: j, profiles: [off], networks: [n], secrets: [s]}\nvolumes: {v: , unused: }\nnetworks: {n: {driver: '${D-x}'}}\nsecrets: {s: {environment: HOME}}\nmodels: {m: {model: x}}\n";
const side = { "e.env": "E=1\n" };

/** The flags of `config`. */
export const FLAGS: readonly Case[] = [
  ...(["--no-interpolate", "--no-normalize", "--no-path-resolution", "--no-consistency"] as const).flatMap((flag) =>
    (["json", "yaml"] as const).map((format) => files(`${flag} ${format}`, [EVERYTHING.replace("depends_on: [db], ", "")], { flags: [flag], format, side, env: { P: "8081", V: "/vv" } })),
  ),
  files("all as YAML", [EVERYTHING.replace("depends_on: [db], ", "")], { format: "yaml", side, env: { P: "8081", V: "/vv" } }),
  ...(["--services", "--volumes", "--networks", "--images", "--profiles", "--variables"] as const).map((flag) => files(flag, [EVERYTHING.replace("depends_on: [db], ", "")], { flags: [flag], side, env: { P: "8081", V: "/vv" } })),
  files("--services of profiles", [EVERYTHING], { flags: ["--services"], profiles: ["off"], side, env: { P: "1", V: "/v" } }),
  files("--variables in full", ["services: {web: {image: '$A ${B} ${C:-c} ${D-d} ${E:?e} ${F?} ${G:+g} ${H:-${I:-i}}', labels: {l: '${Z:-again}'}}}\n"], { flags: ["--variables"] }),
  files("--no-consistency with a cycle", ["services: {a: {image: i, depends_on: [b]}, b: {image: i, depends_on: [a]}, c: {user: x}}\n"], { flags: ["--no-consistency"] }),
  files("--no-normalize without the network", ["services: {web: {image: i, networks: [default]}}\n"], { flags: ["--no-normalize"] }),
  files("--no-interpolate with what does not parse", ["services: {web: {image: i, ports: ['${P}', '80'], volumes: ['${V:-/x}:/y', '${', 'a:b:c:d'], devices: ['a:b:c:d'], build: {context: ., additional_contexts: ['${X}']}}}\n"], { flags: ["--no-interpolate"] }),
  files("--no-path-resolution with extends", ["services: {web: {extends: {service: b, file: s/b.yaml}, build: ./w}}\n"], { flags: ["--no-path-resolution"], side: { "s/b.yaml": "services: {b: {image: i, build: ./x, volumes: ['./v:/v']}}\n" } }),
  files("--no-interpolate with two files", ["services: {web: {image: i, environment: {A: '$A'}, ports: ['80']}}\n", "services: {web: {environment: [B=$B], ports: !override ['81']}}\n"], { flags: ["--no-interpolate"] }),
];
