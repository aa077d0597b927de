import type { Case } from "../case";
import { files } from "./build";

interface Files {
  readonly texts: readonly string[];
  readonly side?: Readonly<Record<string, string>>;
}

/** What Compose 5 brought: jobs, steps that have all of a container, and the keys of single places. */
const PROJECTS: readonly Files[] = [
  { texts: ["jobs: {a: {image: i, triggers: {}}}\n"] },
  { texts: ["jobs: {a: {image: i}}\n"] },
  { texts: ["jobs: {a: {image: i, triggers: {manual: true, foo: 1}}}\n"] },
  { texts: ["jobs: {a: {image: i, triggers: {schedule: [{timezone: x}]}}}\n"] },
  { texts: ["jobs: {a: {image: i, triggers: {schedule: [{cron: x, concurrency: x}]}}}\n"] },
  { texts: ["services: {web: {image: i, pre_start: [{command: a b, foo: 1}]}}\n"] },
  { texts: ["services: {web: {image: i, labels: {a: b}, volumes: [\"d:/d/\", \"./x:/y\"], networks: {n: {use_service_name_alias: false}}, umask: \"0027\", pre_start: [{command: a b, volumes: [\"e:/e\", \"./z:/z\"], per_replica: true}]}}\nvolumes: {d: , e: }\nnetworks: {n: }\njobs: {j: {image: x, depends_on: [web], triggers: {schedule: [\"0 3 * * *\", {cron: \"1 * * * *\", x-a: 1}]}, profiles: [p]}, k: {image: z, build: ., triggers: {manual: yes}, tty: true, environment: {A: 1}}}\n"] },
  { texts: ["services: {web: {image: i, umask: 27}}\n"] },
  { texts: ["services: {web: {image: i, umask: \"0o27\"}}\n"] },
  { texts: ["services: {web: {image: i, umask: 0027}}\n"] },
  { texts: ["services: {web: {image: i, umask: \"8x\"}}\n"] },
  { texts: ["services: {web: {image: i, umask: \"-1\"}}\n"] },
  { texts: ["services: {web: {image: i, umask: -1}}\n"] },
  { texts: ["services: {web: {image: i, umask: null}}\n"] },
  { texts: ["services: {web: {image: i, umask: \"0\"}}\n"] },
  { texts: ["services: {web: {image: i, umask: \"0_27\"}}\n"] },
  { texts: ["services: {web: {image: i, umask: 1.5}}\n"] },
  { texts: ["services: {web: {image: i, depends_on: [j]}}\njobs: {j: {image: i, triggers: {manual: true}}}\n"] },
  { texts: ["services: {web: {image: i}}\njobs: {web: {image: i, triggers: {manual: true}}}\n"] },
  { texts: ["services: {web: {image: i}}\njobs: {a: {image: i, depends_on: [x], triggers: {manual: true}}}\n"] },
  { texts: ["services: {web: {image: i}}\njobs: {a: {image: i, depends_on: [b, web], triggers: {manual: \"${X:-true}\"}}, b: {extends: a, image: j, triggers: {schedule: [\"* * * * *\"]}, dns: \"\", ports: [\"80:80\"], env_file: a.env, secrets: [s], configs: [c], gpus: all, healthcheck: {test: x}, volumes: [\"./a:/b\"]}}\nsecrets: {s: {file: ./x}}\nconfigs: {c: {content: x}}\n"], side: {"a.env": "Q=1\n"} },
  { texts: ["services: {web: {image: i, x-develop: {watch: [{path: ., action: sync, target: /x, x-initialSync: true}]}}}\n"] },
  { texts: ["services: {web: {image: i, x-develop: {watch: [{path: ., action: sync, target: /x}]}, develop: {watch: [{path: ./y, action: rebuild}]}}}\n"] },
  { texts: ["services: {web: {image: i, pull_policy: refresh, pull_refresh_after: 1h}}\n"] },
  { texts: ["services: {web: {build: {context: ., no_cache_filter: [a, b]}}}\n"] },
  { texts: ["services: {web: {image: i, env_file: a.env, environment: {X: 1}, label_file: l.env, labels: {q: r}, cap_drop: [ALL], command: [s], user: \"1\", pre_start: [{command: [a], environment: {Y: 2}}, {image: other, entrypoint: [x], cap_drop: [ALL, A], labels: [z=1], user: \"2\"}]}}\n"], side: {"a.env": "Q=1\n", "l.env": "L=2\n"} },
  { texts: ["networks: {\"a b\": {}}\nservices: {web: {image: i}}\n"] },
  { texts: ["jobs: {\"a b\": {image: i, triggers: {manual: true}}}\n"] },
  { texts: ["jobs: {x-a: {image: i, triggers: {manual: true}}, b: {image: i, triggers: {manual: false}}}\n"] },
  { texts: ["jobs: {a: {build: {}, triggers: {manual: false}, links: [x]}}\n"] },
  { texts: ["jobs: {a: {triggers: {manual: false}}}\nservices: {w: {image: a}}\n"] },
  { texts: ["jobs: {a: {image: i, profiles: [p], triggers: {manual: false}}}\nservices: {w: {image: a}}\n"] },
  { texts: ["jobs: []\n"] },
  { texts: ["jobs: {a: }\n"] },
  { texts: ["jobs: {a: {image: i, network_mode: host, triggers: {manual: true, schedule: [5]}}}\n"] },
  { texts: ["include: [inc.yml]\njobs: {a: {image: i, triggers: {manual: true}}}\n"], side: {"inc.yml": "jobs: {a: {image: i, triggers: {manual: true}}, c: {image: k, volumes: [\"./x:/y\"], triggers: {manual: true}}}\n"} },
  { texts: ["jobs: {a: {image: i, labels: {a: 1}, environment: [A=1], triggers: {manual: true, schedule: [\"1 * * * *\"]}}}\n", "jobs: {a: {labels: [b=2], environment: {A: 2}, command: [x], triggers: {schedule: [\"1 * * * *\", \"2 * * * *\"]}}}\n"] },
  { texts: ["services: {w: {image: a, environment: {A: , B: 1}, env_file: [a.env, {path: b.env, required: false}, {path: a.env, format: raw}], volumes: [{type: bind, source: /a, target: /b, bind: {create_host_path: false}}]}}\njobs: {a: {image: i, env_file: [a.env, {path: b.env, required: false}, {path: a.env, format: raw}], volumes: [{type: bind, source: /a, target: /b, bind: {create_host_path: false}}], triggers: {manual: false}}}\n"], side: {"a.env": "Q=1\n"} },
  { texts: ["services: {w: {image: a, ulimits: {nofile: {soft: 1, hard: 2}, nproc: 4}, labels: [a=1, a=2], sysctls: {z: 1}}}\n", "services: {w: {image: a, ulimits: {nofile: {soft: 2, x-a: 1}, nproc: {soft: 1, hard: 2}}, labels: [c=1, a=3], sysctls: [z=2, b=3]}}\n"] },
];

export const CONTAINERS: readonly Case[] = PROJECTS.flatMap(({ texts, side = {} }) => {
  const name = texts.join(" + ").replaceAll("\n", " ").trim();
  return [
    files(name, texts, { side }),
    files(`${name}, as YAML`, texts, { side, format: "yaml" }),
    files(`${name}, without interpolation`, texts, { side, flags: ["--no-interpolate"] }),
    files(`${name}, env files left`, texts, { side, flags: ["--no-env-resolution"] }),
  ];
});
