import type { Case } from "../case";
import { files, over, web } from "./build";

const yes = (text: string, other: string, name = other) => files(`extends ${name}`, [text], { side: { "b/base.yaml": other } });
const child = "services: {web: {extends: {service: base, file: b/base.yaml}, environment: [Z=1]}}\n";

/** `extends`. */
export const EXTENDS: readonly Case[] = [
  files("same file", ["services: {base: {image: i, ports: ['80'], environment: {A: 1}}, web: {extends: base, environment: [B=2], command: x}}\n"]),
  files("same file, long", ["services: {base: {image: i}, web: {extends: {service: base}, user: u}}\n"]),
  files("a chain", ["services: {a: {extends: b, user: a}, b: {extends: c, working_dir: /b}, c: {image: i, user: c, labels: {x: y}}}\n"]),
  files("everything is inherited", ["services: {base: {image: i, depends_on: [db], networks: [n], volumes: ['v:/v'], profiles: [], links: [db], secrets: [s]}, web: {extends: base}, db: {image: i}}\nnetworks: {n: }\nvolumes: {v: }\nsecrets: {s: {file: s}}\n"]),
  files("command is replaced, lists grow", ["services: {base: {image: i, command: a b, cap_add: [A], security_opt: [x]}, web: {extends: base, command: c, cap_add: [B, A], security_opt: [y]}}\n"]),
  yes(child, "services: {base: {image: i, build: ./x, env_file: e.env, volumes: ['./v:/v', '../w:/w', 'n:/n'], environment: {A: 1}}}\nvolumes: {n: }\n", "another file, volume not imported"),
  files("another file", [child], { side: { "b/base.yaml": "services: {base: {image: i, build: ./x, env_file: e.env, label_file: l.env, volumes: ['./v:/v', '../w:/w', '~/h:/h'], develop: {watch: [{path: ./p, action: rebuild}]}}}\n", "b/e.env": "E=1\n", "b/l.env": "L=1\n" } }),
  files("a chain of files", [child], { side: { "b/base.yaml": "services: {base: {extends: {service: root, file: ../c/root.yaml}, user: u}}\n", "c/root.yaml": "services: {root: {image: i, volumes: ['./r:/r']}}\n" } }),
  files("within the other file", [child], { side: { "b/base.yaml": "services: {base: {extends: root, user: u}, root: {image: i, build: .}}\n" } }),
  files("with variables", ["services: {web: {extends: {service: '$S', file: '${F}'}}}\n"], { env: { S: "base", F: "b/base.yaml", T: "t" }, side: { "b/base.yaml": "services: {base: {image: 'i:${T}'}}\n" } }),
  files("with resets of the base file", [child], { side: { "b/base.yaml": "services: {base: {extends: root, labels: !reset {}}, root: {image: i, labels: {a: b}}}\n" } }),
  files("a missing file", [child]),
  yes(child, "volumes: {}\n", "no services"),
  yes(child, "services: {other: {image: i}}\n", "no such service"),
  yes(child, "services: []\n", "services no mapping"),
  yes(child, "services: {base: }\n", "base null"),
  files("no such service here", ["services: {web: {extends: base}}\n"]),
  files("no service named", ["services: {web: {extends: {file: x.yaml}}}\n"]),
  files("not from earlier files", ["services: {base: {image: i}}\n", "services: {web: {extends: base}}\n"]),
  files("cycle with itself", ["services: {a: {extends: a}}\n"]),
  files("cycle through a file", ["services: {web: {extends: {service: base, file: b/base.yaml}}}\n"], { side: { "b/base.yaml": "services: {base: {extends: {service: web, file: ../a.yaml}}}\n" } }),
  files("a bad inherited value", [child], { side: { "b/base.yaml": "services: {base: {image: i, foo: 1}}\n" } }),
  files("a base that is no mapping", ["services: {base: 5, web: {extends: base}}\n"]),
  over("image: i, extends: base", "user: u", "a missing base in an overlay"),
];

const include = (entry: string, side: Readonly<Record<string, string>>, name = entry, rest = "services: {web: {image: i}}\n") =>
  files(`include ${name}`, [`include: ${entry}\n${rest}`], { side, env: { OS: "os" } });
const INNER = "services: {db: {image: '${X:-none}', build: ./b, volumes: ['./d:/d', 'v:/v'], env_file: {path: e.env, required: false}, depends_on: [c]}, c: {image: c}}\nvolumes: {v: }\n";

/** `include`. */
export const INCLUDE: readonly Case[] = [
  include("[s/c.yaml]", { "s/c.yaml": INNER, "s/.env": "X=inner\nOS=inner\n" }),
  include("[{path: s/c.yaml}]", { "s/c.yaml": INNER }),
  include("[{path: [s/c.yaml, s/o.yaml]}]", { "s/c.yaml": INNER, "s/o.yaml": "services: {db: {image: over, ports: ['80']}}\n" }),
  include("[{path: s/c.yaml, project_directory: p}]", { "s/c.yaml": INNER, "p/.env": "X=p\n" }),
  include("[{path: s/c.yaml, project_directory: none/x}]", { "s/c.yaml": INNER }),
  include("[{path: s/c.yaml, env_file: e.env}]", { "s/c.yaml": INNER, "e.env": "X=e\n" }),
  include("[{path: s/c.yaml, env_file: [e.env, f.env]}]", { "s/c.yaml": INNER, "e.env": "X=e\n", "f.env": "X=f$OS\n" }),
  include("[{path: s/c.yaml, env_file: none.env}]", { "s/c.yaml": INNER }),
  include("[{path: s/c.yaml, env_file: bad.env}]", { "s/c.yaml": INNER, "bad.env": "A B=1\n" }),
  include("[s/c.yaml]", { "s/c.yaml": "include: [../t/d.yaml]\nservices: {db: {image: i, build: ./b}}\n", "t/d.yaml": "services: {deep: {image: i, build: ./b, volumes: ['./v:/v']}}\n" }, "nested"),
  include("[s/c.yaml]", { "s/c.yaml": "services: {db: {extends: {service: x, file: x.yaml}}}\n", "s/x.yaml": "services: {x: {image: i, build: ./b}}\n" }, "with extends"),
  include("[s/c.yaml]", { "s/c.yaml": "name: inner\nx-a: 1\nservices: {db: {image: i}}\nnetworks: {n: }\nsecrets: {s: {file: ./s}}\nconfigs: {c: {file: ./c}}\n" }, "name and extensions are dropped"),
  include("[s/c.yaml]", { "s/c.yaml": "services: {web: {image: i}}\n" }, "the same service"),
  include("[s/c.yaml]", { "s/c.yaml": "services: {web: {image: other}}\n" }, "a conflict"),
  include("[s/c.yaml]", { "s/c.yaml": "services: {web: {image: i, foo: 1}}\n" }, "a schema error"),
  include("[s/c.yaml]", { "s/c.yaml": "services: {x: {image: i}}\nvolumes: {v: {driver: a}}\n" }, "a conflict of volumes", "services: {web: {image: i}}\nvolumes: {v: {driver: b}}\n"),
  files("an overlay changes what is included", ["include: [s/c.yaml]\nservices: {web: {image: i}}\n", "services: {db: {image: over}}\n"], { side: { "s/c.yaml": "services: {db: {image: i}}\n" } }),
  files("a base in an included file", ["include: [s/c.yaml]\nservices: {web: {extends: db}}\n"], { side: { "s/c.yaml": "services: {db: {image: i}}\n" } }),
  include("s/c.yaml", { "s/c.yaml": INNER }, "no list"),
  include("[5]", {}),
  include("[{path: 5}]", {}),
  include("[none.yaml]", {}),
  include("[a.yaml]", {}),
  include("[s/c.yaml]", { "s/c.yaml": "include: [d.yaml]\nservices: {}\n", "s/d.yaml": "include: [c.yaml]\nservices: {}\n" }, "cycle"),
  include("[]", {}),
  include("", {}, "null"),
];

/** Profiles, names, selection. */
export const SELECTION: readonly Case[] = [
  ...[[], ["p"], ["q"], ["*"], ["p", "q"]].map((profiles) => files(`profiles ${profiles.join(" ")}`, ["services: {web: {image: i}, a: {image: i, profiles: [p], networks: [n]}, b: {image: i, profiles: [p, q]}}\nnetworks: {n: }\n"], { profiles })),
  files("COMPOSE_PROFILES", ["services: {web: {image: i}, a: {image: i, profiles: [p]}, b: {image: i, profiles: [q]}}\n"], { env: { COMPOSE_PROFILES: "p, q" } }),
  files("a dependency that is off", ["services: {web: {image: i, depends_on: [a]}, a: {image: i, profiles: [p]}}\n"]),
  files("an optional dependency that is off", ["services: {web: {image: i, depends_on: {a: {condition: service_started, required: false}}}, a: {image: i, profiles: [p]}}\n"]),
  files("an optional dependency that is nowhere", ["services: {web: {image: i, depends_on: {a: {condition: service_started, required: false}}}}\n"]),
  ...[["web"], ["a"], ["db"], ["nope"], ["w*"], ["web", "c"]].map((services) => files(`services ${services.join(" ")}`, ["services: {web: {image: i, depends_on: [db]}, db: {image: i, env_file: e.env, volumes: ['v:/v']}, c: {image: i}, a: {image: i, profiles: [p], env_file: e.env}}\nvolumes: {v: }\n"], { services, side: { "e.env": "A=1\n" } })),
  files("-p", ["name: file\nservices: {web: {image: i}}\n"], { projectName: "given" }),
  files("-p that is no name", ["services: {web: {image: i}}\n"], { projectName: "Not OK" }),
  files("COMPOSE_PROJECT_NAME", ["name: file\nservices: {web: {image: '$COMPOSE_PROJECT_NAME'}}\n"], { env: { COMPOSE_PROJECT_NAME: "env" } }),
  files("COMPOSE_PROJECT_NAME that is no name", ["services: {web: {image: i}}\n"], { env: { COMPOSE_PROJECT_NAME: "Bad" } }),
  files("COMPOSE_PROJECT_NAME in .env", ["services: {web: {image: i}}\n"], { side: { ".env": "COMPOSE_PROJECT_NAME=dot\n" } }),
  files("the last name wins", ["name: one\nservices: {web: {image: i}}\n", "name: two-$A\n"], { env: { A: "x" } }),
  files("a name is made normal", ["name: '_My Proj.X'\nservices: {web: {image: '$COMPOSE_PROJECT_NAME'}}\n"]),
  files("a name of nothing", ["name: '...'\nservices: {web: {image: i}}\n"]),
  files("a name of an empty variable", ["name: '${E}'\nservices: {web: {image: i}}\n"], { env: { E: "" } }),
  files("a directory that is no name", ["services: {web: {image: i}}\n"], { projectDirectory: "..." , side: { ".../x": "" } }),
  files("no services", ["name: x\n"]),
  files("only networks", ["networks: {n: }\n"]),
];

const KEY = "services: {web: {image: i, environment: {OWN: own, N: , INH: , OS: }, env_file: ";
const envFile = (list: string, side: Readonly<Record<string, string>>, name = list) => files(`env_file ${name}`, [`${KEY}${list}}}\n`], { side, env: { OS: "os", X: "x" } });

/** Environment files of services. */
export const ENV_FILES: readonly Case[] = [
  envFile("[a.env, b.env]", { "a.env": "A=1\nB=$OWN\nC=${OS}\nN=file\nOWN=file\n", "b.env": "A=2\nD=$A$B\nX\nQ='a b'\n" }),
  envFile("[{path: a.env, format: raw}]", { "a.env": "A=1 # x\n  B='q'\nX\nNONE\n# c\n\nC=$X\nINH\n" }),
  envFile("[{path: a.env, format: raw}]", { "a.env": "A B=1\n" }, "raw with a blank"),
  envFile("[{path: a.env, format: raw}]", { "a.env": "=1\n" }, "raw without name"),
  envFile("[{path: a.env, format: toml}]", { "a.env": "A=1\n" }, "unknown format"),
  envFile("[none.env]", {}),
  envFile("[{path: none.env, required: false}]", {}),
  envFile("[a.env]", { "a.env": "A B=1\n" }, "bad"),
  envFile("[a.env]", { "a.env": "A=${U:?gone}\n" }, "required"),
  web("label_file: none.env"),
  web("label_file: [a.env], labels: {A: own}", undefined, { side: { "a.env": "A=1\nB=2\n" } }),
  web("environment: [HOME, NOPE, A=$HOME]"),
  web("environment: {HOME: , NOPE: }"),
];

/** What normalization adds. */
export const NORMALIZE: readonly Case[] = [
  web("networks: {}"),
  web("networks: [default]"),
  web("network_mode: host"),
  web("network_mode: none, networks: []"),
  web("provider: {type: x}"),
  web("pull_policy: if_not_present"),
  web("build: {context: ., args: {HOME: , NOPE: , A: 1}}"),
  web("build: {context: ., args: [HOME, NOPE, A=1]}"),
  web("build: {dockerfile_inline: FROM x}"),
  files("links", ["services: {web: {image: i, links: [db, 'c:x']}, db: {image: i}, c: {image: i}}\n"]),
  ...["network_mode", "ipc", "pid", "uts", "cgroup"].map((key) => files(`${key} of a service`, [`services: {web: {image: i, ${key}: 'service:db'}, db: {image: i}}\n`])),
  files("volumes_from", ["services: {web: {image: i, volumes_from: [db, 'c:ro', 'container:x']}, db: {image: i}, c: {image: i}}\n"]),
  files("an explicit dependency stays", ["services: {web: {image: i, links: [db], depends_on: {db: {condition: service_healthy}}}, db: {image: i}}\n"]),
  files("names", ["services: {web: {image: i, networks: [a, b], volumes: ['a:/a', 'b:/b'], secrets: [a], configs: [a]}}\nnetworks: {a: , b: {external: true}}\nvolumes: {a: {}, b: {name: n}}\nsecrets: {a: {file: x}}\nconfigs: {a: {external: true}}\n"]),
  files("default network of one's own", ["services: {web: {image: i}}\nnetworks: {default: {driver: d}}\n"]),
  web("volumes: [{type: volume, target: /a/../b/}]"),
];
