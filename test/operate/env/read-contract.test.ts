import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { App } from "../../../lib/construct/app";
import type { ImageLock } from "../../../lib/construct/image/lock";
import type { EnvContract } from "../../../lib/env/contract";
import { BackendAlias } from "../../../lib/lamb/backend-alias";
import { CaddyOverlay } from "../../../lib/lamb/caddy-overlay";
import { GpuOverlay } from "../../../lib/lamb/gpu-overlay";
import { LambStack } from "../../../lib/lamb/lamb-stack";
import { Ollama } from "../../../lib/lamb/ollama";
import { LambRelease } from "../../../lib/lamb/release";
import { contractOfFiles, withRemovals } from "../../../lib/operate/env/read-contract";
import { lockOf } from "../../support/locks";
import { describeWith, dockerCompose } from "../../support/tools";

interface Both {
  readonly program: EnvContract;
  readonly files: EnvContract;
}

/** What a program says its deployment takes, and what is read back from the files that it writes. */
function bothOf(
  build: (stack: LambStack) => void,
  release = "0.6",
  profiles: readonly string[] = [],
  lock?: ImageLock,
): Both {
  const app = new App();
  const stack = new LambStack(app, "next", { release: new LambRelease(release) });
  build(stack);
  const synthesis = app.synth({ lock }).assertValid();
  const program = withRemovals(stack.env.contract(synthesis.context), synthesis.files);
  const files = program.files.map(({ fileName, chosen }) => {
    return { fileName, text: synthesis.files.get(fileName) ?? "", chosen };
  });
  return { program, files: contractOfFiles(files, profiles) };
}

/** A release makes its type anew each time, so that types are compared by their source. */
function comparable(contract: EnvContract): unknown {
  const variables = contract.variables.map(({ type, ...variable }) => ({ ...variable, type: String(type) }));
  return { ...contract, variables };
}

const LOCK = lockOf({ "ghcr.io/lamb-project/lamb:v0.6": "a" });

describe("the contract that is read from files", () => {
  it.each<[string, Both]>([
    ["the base", bothOf(() => undefined)],
    ["the base, locked", bothOf(() => undefined, "0.6", [], LOCK)],
    ["the prod example", bothOf((stack) => void new CaddyOverlay(stack, "prod"))],
    [
      "a larger upload",
      bothOf((stack) => void new CaddyOverlay(stack, "prod", { site: { maxBodyBytes: 2 ** 30 } }), "0.7"),
    ],
    ["own certificates", bothOf((stack) => void new CaddyOverlay(stack, "prod", { tls: { kind: "certificate" } }))],
    ["the internal authority", bothOf((stack) => void new CaddyOverlay(stack, "prod", { tls: { kind: "internal" } }))],
    [
      "everything",
      bothOf(
        (stack) => {
          new BackendAlias(stack.lamb);
          new Ollama(stack);
          new GpuOverlay(stack);
          new CaddyOverlay(stack, "prod");
        },
        "0.7",
        ["ollama"],
      ),
    ],
  ])("is that of the program: %s", (_, { program, files }) => {
    expect(program.variables.length).toBeGreaterThan(40);
    expect(comparable(files)).toStrictEqual(comparable(program));
  });

  it("takes a changed default from the file, and the rest from LAMB", () => {
    const text = "services: {lamb: {image: x, environment: {A: '${LAMB_BEARER_TOKEN:?}', B: '${KB_PORT:-9999}'}}}";
    const { variables } = contractOfFiles([{ fileName: "a.yaml", text, chosen: true }]);
    expect(variables.find(({ name }) => name === "KB_PORT")).toMatchObject({
      meaning: "port of the knowledge base on 127.0.0.1",
      default: "9999",
    });
  });

  it("sees earlier names as names of the variable", () => {
    const own = "${KB_HOME_URL:-${HOME_URL:-http://elsewhere:${KB_PORT:-1}}}";
    const text = `services: {lamb: {image: x, environment: {A: '\${LAMB_BEARER_TOKEN:?}', B: '${own}'}}}`;
    const { variables } = contractOfFiles([{ fileName: "a.yaml", text, chosen: true }]);
    expect(variables.map(({ name }) => name)).toEqual(["LAMB_BEARER_TOKEN", "KB_HOME_URL", "KB_PORT"]);
    expect(variables[1]).toMatchObject({ default: "http://elsewhere:${KB_PORT:-1}", formerNames: ["HOME_URL"] });
  });
});

const ANY_STACK = `
services:
  db:
    image: postgres:\${PG:-17}
    profiles: [data]
    environment:
      POSTGRES_PASSWORD: \${DB_PASSWORD:?password of the database}
      PASSED_ON:
      EMPTY: \${EMPTY-unset}
  web:
    image: web
    environment:
      - TAKEN
      - FIXED=1
      - URL=http://\${HOST:?name of the host}:\${PORT:-\${DEFAULT_PORT}}
    labels: {one: "$SHORT", two: "$$NOT", three: "\${EXTRA:+x}"}
    volumes: !override ["\${DATA_DIR}:/data"]
    ports: !reset ["\${GONE:?}"]
volumes:
  data: {name: "\${DATA_NAME:-data}"}
`;

describe("the contract of any stack", () => {
  const contract = contractOfFiles(
    [
      { fileName: "compose.yaml", text: ANY_STACK, chosen: true },
      { fileName: "more.yaml", text: "services: {web: {user: '${PG:?must be set}'}}", chosen: false },
    ],
    ["data"],
  );
  const of = (name: string) => contract.variables.find((variable) => variable.name === name);

  it("has every name that Compose would look up, in the order of the files", () => {
    const names = "PG DB_PASSWORD PASSED_ON EMPTY TAKEN HOST PORT DEFAULT_PORT SHORT EXTRA DATA_DIR DATA_NAME";
    expect(contract.variables.map(({ name }) => name)).toEqual(names.split(" "));
  });

  it("explains a name by its expression", () => {
    expect(of("DB_PASSWORD")).toMatchObject({ meaning: "password of the database", required: true, secret: true });
    expect(of("HOST")).toMatchObject({ meaning: "name of the host", required: true, secret: false });
    expect(of("PORT")).toMatchObject({ required: false, default: "${DEFAULT_PORT}" });
    expect(of("EMPTY")).toMatchObject({ default: "unset", emptyIsValue: true });
    expect(of("DATA_NAME")).toMatchObject({ default: "data", usedBy: ["volumes.data"] });
    expect(of("TAKEN")).toMatchObject({ required: false, default: undefined, usedBy: ["web"] });
  });

  it("takes a name for required when one of its places requires it", () => {
    expect(of("PG")).toMatchObject({ required: true, files: ["compose.yaml", "more.yaml"], usedBy: ["db", "web"] });
    expect(of("PG")?.default).toBeUndefined();
  });

  it("knows nothing of LAMB's names there", () => {
    const text = "services: {a: {image: x, environment: {K: '${OPENAI_API_KEY}', L: '${LAMB_PORT}'}}}";
    const other = contractOfFiles([{ fileName: "compose.yaml", text, chosen: true }]);
    expect(other.retired).toEqual([]);
    expect(other.variables.map(({ meaning }) => meaning)).toEqual(Array(2).fill("the files do not say what it is for"));
  });

  it("has the profiles and which of them run", () => {
    expect(contract.profiles).toEqual([{ name: "data", services: ["db"], enabled: true }]);
    expect(contract.files.map(({ overlay, chosen }) => [overlay, chosen])).toEqual([
      [false, true],
      [true, false],
    ]);
  });

  it("knows what a file that runs takes away; what is required Compose wants nevertheless", () => {
    const base = `services: {web: {image: x, ports: ["\${P:-80}:80", "\${NEEDED:?port}:81"]}}`;
    const removed = (chosen: boolean) =>
      contractOfFiles([
        { fileName: "a.yaml", text: base, chosen: true },
        { fileName: "sub/b.yaml", text: "services: {web: {ports: !reset []}}", chosen },
      ]).variables.map(({ name, removedBy }) => [name, removedBy]);
    expect(removed(true)).toEqual([
      ["P", ["sub/b.yaml"]],
      ["NEEDED", undefined],
    ]);
    expect(removed(false).map(([, by]) => by)).toEqual([undefined, undefined]);
  });

  it("refuses what is no YAML, with its place", () => {
    expect(() => contractOfFiles([{ fileName: "bad.yaml", text: "a: [", chosen: true }])).toThrow(
      expect.objectContaining({ code: "invalid-yaml", construct: "bad.yaml" }),
    );
  });
});

describeWith("docker-compose", "Compose", () => {
  it("knows the same names, defaults and requirements", () => {
    const folder = mkdtempSync(join(tmpdir(), "lamb-compose-contract-"));
    const text = ANY_STACK.replace(/ *volumes: !override.*\n *ports: !reset.*\n/, "");
    writeFileSync(join(folder, "compose.yaml"), text);
    const { stdout, status } = dockerCompose(["config", "--variables", "--format", "json"], { cwd: folder });
    expect(status).toBe(0);
    const judged: Record<string, { Required: boolean; DefaultValue: string }> = JSON.parse(stdout);
    const { variables } = contractOfFiles([{ fileName: "compose.yaml", text, chosen: true }]);
    const passedOn = ["PASSED_ON", "TAKEN"];
    const ours = variables.filter(({ name }) => !passedOn.includes(name));
    expect(Object.keys(judged).sort()).toEqual(ours.map(({ name }) => name).sort());
    for (const { name, required, default: fallback = "" } of ours) {
      expect([name, judged[name]?.Required, judged[name]?.DefaultValue]).toEqual([name, required, fallback]);
    }
    rmSync(folder, { recursive: true });
  });

  it("wants a required value, and a port that is one, even where another file removes the ports", () => {
    const folder = mkdtempSync(join(tmpdir(), "lamb-compose-contract-"));
    writeFileSync(join(folder, "a.yaml"), 'services: {a: {image: x, ports: ["${P:?need it}:80"]}}');
    writeFileSync(join(folder, "b.yaml"), "services: {a: {ports: !reset []}}");
    const judged = (P: string) =>
      dockerCompose(["-f", "a.yaml", "-f", "b.yaml", "config", "-q"], { cwd: folder, env: { P } }).stderr;
    expect(judged("")).toContain("required variable P is missing a value: need it");
    expect(judged("x")).toContain("Invalid hostPort: x");
    expect(judged("80")).toBe("");
    rmSync(folder, { recursive: true });
  });
});
