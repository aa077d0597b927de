import { App, ComposeFile, Config, EnvVar, Overlay, Service, Volume } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { program } from "../support";

/** What is found of a service with these keys, beside a declared volume `data`: code and path. */
function foundIn(spec: object): (readonly [string, string | undefined])[] {
  const app = new App();
  const text = JSON.stringify({ services: { web: { image: "x:1", ...spec } }, volumes: { data: {} } });
  new ComposeFile(app, "file").importYaml(text);
  return app.synth().findings.map(({ code, path }) => [code, path]);
}

const AT = (key: string) => `services.web.${key}`;

// What Compose 2.40.3 and Engine 28.5.2 say to `docker compose up --detach` of a file with such a service:
//   volumes: ["data:data"]                 invalid mount path: 'data' mount path must be absolute
//   volumes: ["data"]                      the same, of a volume without a name
//   volumes: [{type: tmpfs, target: tmp}]  invalid mount path: 'tmp' mount path must be absolute
//   tmpfs: tmp                             the same
//   volumes: ["data:/data", "./x:/data/"]  nothing: Compose leaves one of them out, and the container starts
//   volumes: ["data:/tmp"], tmpfs: [/tmp]  services.web.volumes[0]: target /tmp already mounted as services.web.tmpfs[0]
//   restart: allways                       invalid restart policy: unknown policy 'allways'; use one of 'no', 'always', …
//   restart: "always:3"                    invalid restart policy: maximum retry count can only be used with 'on-failure'
describe("what the engine would refuse, or understand in another way", () => {
  it.each([
    ["a volume without a place", { volumes: ["data"] }, "invalid-mount", "volumes[0]"],
    ["a relative place", { volumes: ["data:data"] }, "invalid-mount", "volumes[0]"],
    ["one in the long form", { volumes: [{ type: "tmpfs", target: "tmp" }] }, "invalid-mount", "volumes[0]"],
    ["one by default", { volumes: ["data:${PLACE:-data}"] }, "invalid-mount", "volumes[0]"],
    ["a relative folder in memory", { tmpfs: "tmp" }, "invalid-mount", "tmpfs"],
    ["two at one place", { volumes: ["data:/data", "./x:/data/"] }, "duplicate-mount", "volumes[1]"],
    [
      "a volume and memory at one place",
      { volumes: ["data:/tmp"], tmpfs: ["/tmp:size=1m"] },
      "duplicate-mount",
      "tmpfs[0]",
    ],
    ["a restart policy that is none", { restart: "allways" }, "invalid-restart", "restart"],
    ["one with a count that takes none", { restart: "always:3" }, "invalid-restart", "restart"],
    ["decimal permissions", { configs: [{ source: "c", mode: 644 }] }, "decimal-mode", "configs[0].mode"],
    ["small ones", { configs: [{ source: "c", mode: 400 }] }, "decimal-mode", "configs[0].mode"],
    [
      "those of a folder in memory",
      { volumes: [{ type: "tmpfs", target: "/tmp", tmpfs: { mode: 1777 } }] },
      "decimal-mode",
      "volumes[0].tmpfs.mode",
    ],
  ])("finds %s", (_, spec, code, path) => {
    expect(foundIn(spec)).toContainEqual([code, AT(path)]);
  });

  it.each([
    ["an absolute place", { volumes: ["data:/data", "/anonymous", "./x:/x:ro"], tmpfs: ["/tmp"] }],
    ["a place on Windows", { volumes: ["data:C:\\data"] }],
    ["a place that only the operator knows", { volumes: ["data:${PLACE?}"] }],
    ["restart policies", { restart: "on-failure:3" }],
    ["one that the operator chooses", { restart: "${RESTART:-no}" }],
    ["octal permissions", { volumes: [{ type: "tmpfs", target: "/tmp", tmpfs: { mode: 0o777 } }] }],
    ["octal permissions that look decimal", { volumes: [{ type: "tmpfs", target: "/tmp", tmpfs: { mode: 0o640 } }] }],
  ])("lets be %s", (_, spec) => {
    expect(foundIn(spec).filter(([code]) => code !== "variable-unexplained")).toEqual([]);
  });

  it.each([400, 440, 444, 500])("finds %i, which are hardly permissions as they are", (mode) => {
    expect(foundIn({ secrets: [{ source: "s", mode }] })).toContainEqual(["decimal-mode", AT("secrets[0].mode")]);
  });

  // docker compose config of `volumes: ["x:/data"]` with a volume x: an anonymous volume with the target `x:/data`.
  it("knows that a volume of one letter is a drive to Compose", () => {
    const found = (name: string) => {
      const app = new App();
      const services = { web: { image: "x:1", volumes: [`${name}:/data`, "C:/data"] } };
      new ComposeFile(app, "file").importYaml(JSON.stringify({ services, volumes: { [name]: {} } }));
      return app.synth().findings.map(({ code, path }) => [code, path]);
    };
    expect(found("x")).toEqual([["invalid-mount", AT("volumes[0]")]]);
    expect(found("xy")).toEqual([]);
  });

  it("says of a bare word that it names a volume only when there is such a volume", () => {
    const reasons = (word: string) => {
      const app = new App();
      const text = JSON.stringify({ services: { web: { image: "x:1", volumes: [word] } }, volumes: { data: {} } });
      new ComposeFile(app, "file").importYaml(text);
      return app.synth().findings.map(({ reason }) => reason);
    };
    expect(reasons("data")).toEqual([expect.stringContaining("names a volume and no path for it")]);
    expect(reasons("other")).toEqual([expect.stringContaining("does not begin with /")]);
  });

  it("is partly said by types already", () => {
    const { file } = program();
    const data = new Volume(file, "data");
    const config = new Config(file, "c", { content: "" });
    // @ts-expect-error: a volume has no place by itself
    new Service(file, "a", { image: "x:1", volumes: [data] });
    // @ts-expect-error: no such policy
    new Service(file, "b", { image: "x:1", restart: "allways" });
    const retries = 2 + 1;
    new Service(file, "e", { image: "x:1", restart: `on-failure:${retries}` });
    new Service(file, "f", { image: "x:1", restart: "${RESTART:-always}" });
    new Service(file, "g", { image: "x:1", restart: new EnvVar("RESTART", { meaning: "when to restart" }) });
    new Service(file, "d", {
      image: "x:1",
      volumes: [data.at("/d"), "/e"],
      configs: [config],
      restart: "on-failure:3",
    });
  });

  it("holds across files: an overlay may mount something else at the same place", () => {
    const { app, file } = program();
    const web = new Service(file, "web", { image: "x:1", volumes: [new Volume(file, "data").at("/data")] });
    const later = new Overlay(file, "later");
    later.change(web, { volumes: [new Volume(later, "other").at("/data")] });
    expect(app.synth().findings).toEqual([]);
  });
});

// `MEMORY="6 elephants" docker compose config` refuses `mem_limit: ${MEMORY:?memory of the service}`.
it.each([
  ["is checked with its example", "6 elephants", ["compose-refuses"]],
  ["is right with a good one", "2g", []],
  ["is the operator's without one", undefined, []],
])("a required variable %s", (_, example, codes) => {
  const app = new App();
  const memory = new EnvVar("MEMORY", { meaning: "memory of the service", required: true, example });
  new Service(new ComposeFile(app, "file"), "web", { image: "x:1", mem_limit: memory });
  expect(app.synth().findings.map(({ code }) => code)).toEqual(codes);
});
