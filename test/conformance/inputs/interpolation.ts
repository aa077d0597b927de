import type { Case } from "../case";
import { files, web } from "./build";

const ENV = { A: "aval", E: "", DOLLAR: "$A", N: "2", YES: "yes", PORT: "8080:80" };

const command = (text: string) => web(`labels: {l: ${JSON.stringify(text)}}`, `label ${JSON.stringify(text)}`, { env: ENV });

const cast = (attributes: string) => web(attributes, `cast ${attributes}`, { env: ENV });

/** Interpolation, and the casts behind it. */
export const INTERPOLATION: readonly Case[] = [
  ...["$A", "${A}", "$$A", "$${A}", "$A$A", "$Ax", "${A}x", "$5 a$ $(cmd) $- $", "$é", "$U", "${U}", "$E", "$DOLLAR", "${DOLLAR}"].map(command),
  ...["${U:-d}", "${E:-d}", "${A:-d}", "${U-d}", "${E-d}", "${A-d}", "${U:+d}", "${E:+d}", "${A:+d}", "${U+d}", "${E+d}", "${A+d}", "${A:?m}", "${A?m}", "${E?m}"].map(command),
  ...["${U:-${V:-$A}}", "${U:-$$x}", '${U:-{"a":1}} t', "${U:-{}}", "${U:-{}}x", "${U:-}}", "${U:-a}b}", "${U-a:-b}", "${A:-${V}}", "${U:-${A:+${N}}}", "${U:-a b c}", "${U:-}", "${a}", "${_x:-y}", "${U:--1}", "${U:-:-x}"].map(command),
  ...["${}", "${1A}", "${A }", "${ A}", "${A", "${A:}", "${A:=x}", "${A=x}", "${A#x}", "${A:0:3}", "${!A}", "${A.b}", "${A:-x} ${}", "${A:-${}", "${U:-{}} and ${A}", "${A:-x\n}", "a ${b:-${c", "${A:-${U:?x}}"].map(command),
  ...["${U:?}", "${E:?}", "${U?}", "${U:?need $A}", "${U?:-x}", "${E:?empty}"].map(command),
  ...["$A ${B##x} $C", "${B##x} $C", "${U:?x} $C", "${U:?x ${D}} $C", "${B##x} ${U:?x} $C", "${U:-${B##x} $C} $D"].map(command),
  files("keys are not touched", ["services: {web: {image: i, labels: {'$A': x}}}\n"], { env: ENV }),
  files("everywhere", ["name: p-$A\nx-a: {b: [$A]}\nservices: {web: {image: $A, ports: ['${PORT}'], volumes: ['${U:-./x}:/x']}}\nnetworks: {n: {driver: $A}}\n"], { env: ENV }),
  files("bad in a list", ["services: {web: {image: i, ports: ['${']}}\n"]),
  files("bad in a map of a list", ["services: {web: {image: i, ports: [{target: '${'}]}}\n"]),
  files("required in a top-level key", ["x-a: '${U:?no}'\nservices: {}\n"]),
  files("name with a bad variable", ["name: '${'\nservices: {}\n"]),
  ...["deploy: {replicas: '3'}", "deploy: {replicas: '+3'}", "deploy: {replicas: '03'}", "deploy: {replicas: '${N}'}", "deploy: {replicas: ' 3'}", "deploy: {replicas: '0x10'}", "deploy: {replicas: '1e2'}", "deploy: {replicas: ''}", "deploy: {replicas: '99999999999999999999'}", "scale: '2'", "scale: x"].map(cast),
  ...["deploy: {update_config: {parallelism: '2', max_failure_ratio: '0.5'}, rollback_config: {parallelism: '3', max_failure_ratio: '5e-1'}, restart_policy: {max_attempts: '4'}, placement: {max_replicas_per_node: '5'}}", "deploy: {update_config: {max_failure_ratio: x}}", "healthcheck: {retries: '3', disable: 'yes'}", "healthcheck: {retries: many}", "ports: [{target: '80'}]", "ports: [{target: x}]", "ulimits: {a: '1', b: {soft: '2', hard: '3'}}", "ulimits: {a: x}", "ulimits: {a: {soft: x, hard: 1}}"].map(cast),
  ...["cpu_count", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "oom_score_adj", "pids_limit"].flatMap((key) => [cast(`${key}: '7'`), cast(`${key}: 400ms`)]),
  ...["cpus: '1.5'", "cpus: '0.1'", "cpus: x", "cpu_percent: '50'", "cpu_percent: '50.5'", "cpu_percent: 50", "cpus: 1.5", "cpus: 2", "cpus: '1e40'"].map(cast),
  ...["init", "oom_kill_disable", "privileged", "read_only", "stdin_open", "tty"].flatMap((key) => [cast(`${key}: 'TRUE'`), cast(`${key}: ${"yes"}`), cast(`${key}: 'No'`), cast(`${key}: maybe`)]),
  cast("volumes: [{type: volume, target: /x, read_only: 'y', volume: {nocopy: 'on'}}]"),
  cast("volumes: [{type: volume, target: /x, read_only: x}]"),
  files("networks cast", ["services: {web: {image: i, networks: [n]}}\nnetworks: {n: {internal: 'yes', attachable: 'on', enable_ipv4: 'n', enable_ipv6: 'true', external: 'false'}}\n"]),
  files("external cast", ["services: {web: {image: i, volumes: ['v:/v'], secrets: [s], configs: [c]}}\nvolumes: {v: {external: 'yes'}, data: {}}\nsecrets: {s: {external: 'true'}}\nconfigs: {c: {external: 'on'}}\n"]),
  files("external no boolean", ["services: {}\nvolumes: {v: {external: nope}}\n"]),
  files("internal no boolean", ["services: {}\nnetworks: {v: {internal: nope}}\n"]),
];

const env = (text: string, name = JSON.stringify(text)) =>
  files(`.env ${name}`, ["services: {web: {image: i, environment: {A: '${A-unset}', B: '${B-unset}', C: '${C-unset}'}}}\n"], { side: { ".env": text }, env: { OS: "outside" } });

/** Dotenv files. */
export const DOTENV: readonly Case[] = [
  ...["A=1\nB = 2\n C: 3\n", "\ufeffA=1", "# c\n\nexport A=1 # c\nB=x#y\nC=#z", "A=\nB=", "A=a\t#b\nB='x' # c", "A='x $OS \\' \\\\ \n y'\nB=\"x $OS\n\\t\\\"\"", 'A="x" B=2', 'A="x" y', "OS\nNONE\nA=1", "A", "A=1\nA=2", "A=1\nB=$A${OS}$$\nC=${NOPE}", "A=\\$OS", 'A="\\$OS \\0101 \\060 \\c \\n"', "A B=1", "A+B=1", "C D=2\n", "F=${X:?need $A}\n", 'A="open\n', "A='open", "A=${", "export A\nB=1", "A=1\r\nB=2\r\n", "A: 'y'\nB=\"a\\\\b\"", "A=x;y\nB=`c`", "A =1", "A=${B:-x}\nB=2\nC=$B", 'A="${B:-"x"}"'].map((text) => env(text)),
  files("the environment wins", ["services: {web: {image: '${A}${B}'}}\n"], { side: { ".env": "A=file\nB=file\n" }, env: { A: "os", B: "" } }),
  files("later env files win", ["services: {web: {image: '${A}${B}${C}'}}\n"], { side: { "1.env": "A=1\nB=1\n", "2.env": "B=2$A\nC=2\n" }, envFiles: ["1.env", "2.env"] }),
  files("a missing env file", ["services: {}\n"], { envFiles: ["none.env"] }),
  files("no default env file", ["services: {web: {image: 'i${A}'}}\n"], { side: { ".env": "A=1" }, env: { COMPOSE_DISABLE_ENV_FILE: "1" } }),
];
