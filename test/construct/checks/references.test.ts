import { App, ComposeFile, Overlay, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { describeWith, dockerCompose } from "../../support/tools";
import { codesOf, program } from "../support";

/** Key of the service → what it may refer to that nothing has, in each form, with the section and the name. */
const DANGLING: readonly [yaml: string, path: string, kind: string, name: string][] = [
  ["depends_on: [zz]", "depends_on", "service", "zz"],
  ["depends_on: {zz: {condition: service_started}}", "depends_on", "service", "zz"],
  ["depends_on: {zz: {condition: service_started, required: false}}", "depends_on", "service", "zz"],
  ["depends_on: [toString]", "depends_on", "service", "toString"],
  ["links: [zz]", "links", "service", "zz"],
  ['links: ["zz:alias"]', "links", "service", "zz"],
  ["volumes_from: [zz]", "volumes_from", "service", "zz"],
  ['volumes_from: ["zz:ro"]', "volumes_from", "service", "zz"],
  ["network_mode: service:zz", "network_mode", "service", "zz"],
  ["ipc: service:zz", "ipc", "service", "zz"],
  ["pid: service:zz", "pid", "service", "zz"],
  ["uts: service:zz", "uts", "service", "zz"],
  ["networks: [zz]", "networks", "network", "zz"],
  ["networks: {zz: }", "networks", "network", "zz"],
  ["networks: [constructor]", "networks", "network", "constructor"],
  ['volumes: ["zz:/a"]', "volumes", "volume", "zz"],
  ["volumes: [{type: volume, source: zz, target: /a}]", "volumes", "volume", "zz"],
  ["configs: [zz]", "configs", "config", "zz"],
  ["configs: [{source: zz, target: /a}]", "configs", "config", "zz"],
  ["secrets: [zz]", "secrets", "secret", "zz"],
  ["secrets: [{source: zz}]", "secrets", "secret", "zz"],
  ["models: [zz]", "models", "model", "zz"],
  ["models: {zz: {endpoint_var: A}}", "models", "model", "zz"],
  ["build: {context: ., secrets: [zz]}", "build", "secret", "zz"],
  ['build: {context: ., additional_contexts: {q: "service:zz"}}', "build", "service", "zz"],
  ['build: {context: ., additional_contexts: ["q=service:zz"]}', "build", "service", "zz"],
  ["extends: zz", "extends", "service", "zz"],
  ["extends: {service: zz}", "extends", "service", "zz"],
];

/** What names nothing that a file would have to declare. */
const SOUND = [
  "networks: [default]",
  "networks: {default: }",
  'volumes: ["./zz:/a", "/zz:/a", "~/zz:/a", "../zz:/a", "/zz", "$ZZ:/a", "z${ZZ}:/a", {type: bind, source: ./zz, target: /a}, {type: tmpfs, target: /a}]',
  'volumes_from: ["container:zz"]',
  "network_mode: host",
  "network_mode: container:zz",
  "external_links: [zz]",
  "extends: {service: zz, file: other.yaml}",
  "depends_on: [db]",
];

const document = (yaml: string) => `services:\n  web:\n    image: x\n    ${yaml}\n  db: {image: x}\n`;

/** Other mistakes of these files, and what is not here to be looked at. */
const BESIDE = new Set(["variable-unexplained", "duplicate-mount", "file-not-read"]);

const findingsOf = (yaml: string) => {
  const app = new App();
  new ComposeFile(app, "f").importYaml(document(yaml));
  // Many mounts at one place are another mistake: Compose keeps the last one.
  return app.synth().findings.filter(({ code }) => !BESIDE.has(code));
};

describe("a name that stands for nothing", () => {
  it.each(DANGLING)("is a finding: %s", (yaml, path, kind, name) => {
    expect(findingsOf(yaml)).toEqual([
      {
        code: "dangling-reference",
        severity: "error",
        construct: "f/web",
        file: "docker-compose.f.yaml",
        path: `services.web.${path}`,
        value: JSON.stringify(name),
        reason: `refers to a ${kind} that no file of the deployment has`,
        fix: `create the ${kind}, use the construct instead of its name, or correct the name`,
      },
    ]);
  });

  it.each(SOUND)("is not this: %s", (yaml) => {
    expect(findingsOf(yaml)).toEqual([]);
  });

  it("is looked for in the merge: a file below may have it", () => {
    const { app, file } = program({ name: "p" });
    new Service(file, "db", { image: "x:1" });
    new Service(file, "web", { image: "x:1", depends_on: ["db"] });
    const prod = new Overlay(file, "prod");
    new Service(prod, "proxy", { image: "x:1", depends_on: ["web"] });
    expect(codesOf(app)).toEqual([]);
  });
});

describeWith("docker-compose", "Compose", () => {
  const config = (yaml: string) =>
    dockerCompose(["-f", "-", "config", "-q"], { input: document(yaml), env: { ZZ: "/zz" } });

  it.each(DANGLING)("refuses it, too: %s", (yaml) => {
    expect(config(yaml).status).not.toBe(0);
  });

  it.each(SOUND.filter((yaml) => !yaml.includes("other.yaml")))("takes it: %s", (yaml) => {
    expect(config(yaml)).toMatchObject({ status: 0 });
  });
});
