import { describe, expect, it } from "vitest";
import { formatPath, type SchemaProblem, validate } from "../../lib/spec";

const say = (problems: readonly SchemaProblem[]): string[] =>
  problems.map(({ path, reason, fix }) => `${formatPath(path)}: ${reason} → ${fix}`);

const service = (web: unknown): unknown => ({ services: { web } });

describe("a bad document", () => {
  const wrongTypes: [document: unknown, problems: string[]][] = [
    [null, [": must be a mapping, got nothing → write a mapping, or leave it out"]],
    [[], [": must be a mapping, got a list → write it as a mapping: `key: value`"]],
    ["services", [": must be a mapping, got a string → write it as a mapping: `key: value`"]],
    [{ name: 3 }, ["name: must be a string, got a number → put the value in quotes"]],
    [{ services: null }, ["services: must be a mapping, got nothing → write a mapping, or leave it out"]],
    [service(null), ["services.web: must be a mapping, got nothing → write a mapping, or leave it out"]],
    [service({ image: ["a"] }), ["services.web.image: must be a string, got a list → write a string"]],
    [
      service({ restart: false }),
      ["services.web.restart: must be a string, got true or false → put the value in quotes"],
    ],
    [
      service({ build: 7 }),
      ["services.web.build: must be a string or a mapping, got a number → write a string or a mapping"],
    ],
    [
      service({ command: { run: "x" } }),
      ["services.web.command: must be a string, a list or nothing, got a mapping → write a string or a list"],
    ],
    [
      service({ healthcheck: { test: { cmd: "x" }, retries: null } }),
      [
        "services.web.healthcheck.test: must be a string or a list, got a mapping → write a string or a list",
        "services.web.healthcheck.retries: must be a number or a string, got nothing → write a number or a string, or leave it out",
      ],
    ],
    [
      service({ ports: [[80]] }),
      [
        "services.web.ports[0]: must be a number, a string or a mapping, got a list → write a number, a string or a mapping",
      ],
    ],
    [
      service({ ports: "80:80" }),
      ["services.web.ports: must be a list, got a string → write it as a list, with `- ` before each item"],
    ],
    [
      service({ init: 1 }),
      ["services.web.init: must be true, false or a string, got a number → write true, false or a string"],
    ],
    [
      service({ use_api_socket: "yes" }),
      ["services.web.use_api_socket: must be true or false, got a string → write true or false without quotes"],
    ],
    [
      service({ blkio_config: { weight: 1.5 } }),
      [
        "services.web.blkio_config.weight: must be a whole number or a string, got a number with a fraction → write a whole number or a string",
      ],
    ],
    [
      { models: { m: { model: "ai/m", context_size: "9" } } },
      ["models.m.context_size: must be a whole number, got a string → write the number without quotes"],
    ],
    [
      service({ networks: { back: 3 } }),
      ["services.web.networks.back: must be a mapping or nothing, got a number → write it as a mapping: `key: value`"],
    ],
  ];

  const wrongKeys: [document: unknown, problems: string[]][] = [
    [{ service: {} }, ["service: `service` is not a key of a Compose document → did you mean `services`?"]],
    [
      service({ healthchek: {}, dependsOn: [], "container-name": "ab" }),
      [
        "services.web.healthchek: `healthchek` is not a key of a service → did you mean `healthcheck`?",
        "services.web.dependsOn: `dependsOn` is not a key of a service → did you mean `depends_on`?",
        'services.web["container-name"]: `container-name` is not a key of a service → did you mean `container_name`?'.replace(
          '["container-name"]',
          ".container-name",
        ),
      ],
    ],
    [
      service({ replicas: 2 }),
      ["services.web.replicas: `replicas` is not a key of a service → move it below `deploy`"],
    ],
    [
      service({ colour: "red" }),
      [
        "services.web.colour: `colour` is not a key of a service → remove it, or call it `x-colour` if it is a note of your own",
      ],
    ],
    [
      service({ logging: { colour: "red" } }),
      [
        "services.web.logging.colour: `colour` is not a key of a logging section → the keys are `driver`, `options`: remove it, or call it `x-colour` if it is a note of your own",
      ],
    ],
    [
      service({ extends: { service: "a", "x-note": 1 } }),
      ["services.web.extends.x-note: `x-note` is not a key of an extends → the keys are `service`, `file`: remove it"],
    ],
    [
      service({ deploy: { resources: { limits: { cpu: "1" } } } }),
      ["services.web.deploy.resources.limits.cpu: `cpu` is not a key of resource limits → did you mean `cpus`?"],
    ],
    [
      { services: { "a/b": {} }, volumes: { "c d": null } },
      [
        'services["a/b"]: "a/b" cannot be the name of a service → use only letters, digits, `.`, `_` and `-`',
        'volumes["c d"]: "c d" cannot be the name of a volume → use only letters, digits, `.`, `_` and `-`',
      ],
    ],
    [
      service({ environment: { "": "x" } }),
      ['services.web.environment[""]: "" cannot be a key here → write a text that is not empty'],
    ],
    [
      service({ depends_on: { db: {} } }),
      ["services.web.depends_on.db: `condition` is missing: a dependency needs it → add `condition`"],
    ],
    [
      service({ volumes: [{ target: "/data" }] }),
      ["services.web.volumes[0]: `type` is missing: a mount needs it → add `type`"],
    ],
    [
      service({ develop: { watch: [{}] } }),
      [
        "services.web.develop.watch[0]: `path` is missing: a watch rule needs it → add `path`",
        "services.web.develop.watch[0]: `action` is missing: a watch rule needs it → add `action`",
      ],
    ],
  ];

  const wrongValues: [document: unknown, problems: string[]][] = [
    [
      service({ depends_on: { db: { condition: "service_helthy" } } }),
      [
        'services.web.depends_on.db.condition: must be "service_started", "service_healthy" or "service_completed_successfully" → did you mean "service_healthy"?',
      ],
    ],
    [service({ cgroup: "mine" }), ['services.web.cgroup: must be "host" or "private" → write one of them']],
    [service({ gpus: "some" }), ['services.web.gpus: must be "all" or a list → write "all"']],
    [service({ cpu_percent: 120 }), ["services.web.cpu_percent: must be 100 or less → write a number up to 100"]],
    [service({ cpu_count: -1 }), ["services.web.cpu_count: must be 0 or more → write a number from 0"]],
    [
      service({ container_name: "/" }),
      [
        "services.web.container_name: is not a container name → use two characters or more: letters, digits, `_`, `.` and `-`, first a letter or a digit",
      ],
    ],
    [
      service({ pull_policy: "sometimes" }),
      [
        "services.web.pull_policy: is not a pull policy → write `always`, `never`, `missing`, `build`, `daily`, `weekly`, or `every_` with a duration such as `every_12h`",
      ],
    ],
    [
      service({ cap_add: ["A", "B", "A", "B", "A"] }),
      [
        "services.web.cap_add[2]: is the same as item 0 of the list → remove one of the two",
        "services.web.cap_add[3]: is the same as item 1 of the list → remove one of the two",
        "services.web.cap_add[4]: is the same as item 0 of the list → remove one of the two",
      ],
    ],
    [
      service({ ports: [{ target: 80, published: "80" }, "80", 80, { published: "80", target: 80 }] }),
      ["services.web.ports[3]: is the same as item 0 of the list → remove one of the two"],
    ],
  ];

  it.each([...wrongTypes, ...wrongKeys, ...wrongValues])("%j has exactly its problems", (document, problems) => {
    expect(say(validate(document))).toEqual(problems);
  });

  it("gets all of its problems at once, in its own order, each once", () => {
    const document = {
      volumes: { data: 3 },
      services: { b: { image: 1, build: { contxt: "." } }, a: { ports: [80, 80], image: 2 }, c: { deploy: null } },
      networks: { n: { driver: [] } },
    };
    expect(validate(document).map(({ path, keyword }) => `${formatPath(path)} ${keyword}`)).toEqual([
      "volumes.data type",
      "services.b.image type",
      "services.b.build.contxt additionalProperties",
      "services.a.ports[1] uniqueItems",
      "services.a.image type",
      "networks.n.driver type",
    ]);
  });

  it("has no item twice, in a list inside a list either", () => {
    const document = service({ pre_start: [{ command: "x" }, { volumes: ["a:/a", "a:/a"] }] });
    expect(validate(document).map(({ path }) => formatPath(path))).toEqual(["services.web.pre_start[1].volumes[1]"]);
  });

  it("shows no value in words, and carries it as data", () => {
    const secret = "hunter2-hunter2";
    const problems = validate({
      services: {
        web: {
          environment: ["A", secret, secret, 3, { A: secret }],
          build: { args: [secret, secret], secrets: [{ source: [secret] }] },
          restart: { policy: secret },
          cgroup: secret,
          pull_policy: secret,
          container_name: "",
        },
      },
      secrets: { key: { content: secret, file: [secret] } },
      configs: { key: { content: [secret] } },
    });
    expect(problems).toHaveLength(12);
    expect(problems.filter(({ reason, fix }) => `${reason}${fix}`.includes("hunter2"))).toEqual([]);
    expect(problems.filter(({ value }) => JSON.stringify(value)?.includes("hunter2")).length).toBeGreaterThan(7);
  });
});

describe("a valid document", () => {
  it.each([
    [{}],
    [{ name: "lamb", "x-note": { anything: [1, null] } }],
    [{ services: { web: { image: "nginx", "x-mine": 1 } } }],
    [service({ environment: { A: null, B: 1, C: true, D: "x" }, command: null, entrypoint: [] })],
    [service({ image: "a", networks: { default: null, back: { aliases: ["b"] } }, depends_on: ["db"] })],
    [service({ ports: [80, "80", { target: 80 }, { target: "${P}", published: "8080-8090" }] })],
    [service({ healthcheck: { test: ["CMD", "true"], start_interval: "1s", retries: "${R}" }, deploy: null })],
    [service({ pre_start: [{ command: "migrate", per_replica: false }] })],
    [{ volumes: { data: null }, networks: { back: null }, configs: { c: { content: "x" } }, include: ["a.yaml"] }],
  ])("%j has no problem", (document) => {
    expect(validate(document)).toEqual([]);
  });
});
