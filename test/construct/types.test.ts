import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FILE = join(ROOT, "test/construct/sample.ts");

const HEADER = `
import type { Construct } from "constructs";
import * as L from "lamb-compose";
declare const scope: Construct;
declare const file: L.ComposeFile, web: L.Service, volume: L.Volume, network: L.Network;
declare const config: L.Config, secret: L.Secret, variable: L.EnvVar, image: L.Image, overlay: L.Overlay;
declare const perhaps: string | undefined;
`;

/** Which of some statements the compiler, with the project's own options, has something against. */
function refused(statements: readonly string[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const text = `${HEADER}${statements.join("\n")}\n`;
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.fileExists = (name) => name === FILE || ts.sys.fileExists(name);
  host.getSourceFile = (name, target) => (name === FILE ? ts.createSourceFile(name, text, target) : read(name, target));
  const program = ts.createProgram([FILE], { ...options, noEmit: true }, host);
  const source = program.getSourceFile(FILE);
  if (source === undefined) return expect.fail();
  const problems = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  const lines = new Set(problems.map(({ start = 0 }) => source.getLineAndCharacterOfPosition(start).line));
  const all = text.split("\n");
  return [...lines].map((line) => all[line] ?? "");
}

const GOOD = [
  "new L.Service(file, 'a', { image: 'x', environment: { A: 1, B: true, C: null, D: 'text', E: variable, F: `a ${variable}` } });",
  "new L.Service(file, 'a', { image: variable, container_name: variable, privileged: variable, command: ['a', variable] });",
  "new L.Service(file, 'a', { image, environment: ['A=1', `B=${variable}`], depends_on: [web] });",
  "new L.Service(file, 'a', { volumes: [volume.at('/a'), '/b', { type: 'bind', source: './a', target: variable }] });",
  "new L.Service(file, 'a', { networks: [network, 'default'], configs: [config, config.at('/a')], secrets: [secret.at('/b')] });",
  "new L.Service(file, 'a', { ports: [L.Port.loopback(80, { published: variable }), '80:80', { target: 80, published: variable }] });",
  "new L.Service(file, 'a', { image: undefined, environment: { A: undefined, B: perhaps }, container_name: perhaps, healthcheck: { interval: perhaps } });",
  "new L.Service(file, 'a', { healthcheck: L.Healthcheck.curl('http://a', { interval: variable }), 'x-a': { b: [null, variable] } });",
  "new L.Service(file, 'a', { depends_on: { web: { condition: 'service_healthy', restart: true } } });",
  "new L.Service(file, 'a', { ports: L.reset(), environment: L.override({ A: '1' }), image: L.because('why', 'x'), deploy: { replicas: variable } });",
  "web.set({ stop_signal: perhaps, restart: `on-failure:${3}` }).add('ports', '80:80', variable).setEnvironment('A', null).patch({ anything: null, ports: null });",
  "web.dependsOn(web, 'service_started', { restart: perhaps === 'a', required: undefined }).connect(network, { aliases: [variable] });",
  "overlay.change(web, { ports: L.reset() }).addAlias('a');",
  "new L.ComposeFile(scope, 'a', { name: variable, 'x-a': 1, fileName: undefined, include: ['a.yaml'] });",
  "new L.Overlay(scope, 'a', { over: [file, overlay], description: undefined });",
  "new L.Volume(file, 'a', { driver: 'local', driver_opts: { type: variable }, labels: { a: 'b' } });",
  "new L.Network(file, 'a', { internal: true, ipam: { config: [{ subnet: variable }] } });",
  "new L.Image('a', { tag: undefined, digest: 'sha256:0' }); new L.Image('a', { tag: variable });",
  "const props: L.ServiceProps = { image: 'x' } as const;",
];

const BAD = [
  "new L.Service(file, 'a', { imag: 'x' });",
  "new L.Service(file, 'a', { containerName: 'x' });",
  "new L.Service(file, 'a', { image: 1 });",
  "new L.Service(file, 'a', { image: { name: 'x' } });",
  "new L.Service(file, 'a', { ports: '80:80' });",
  "new L.Service(file, 'a', { environment: { A: { b: 1 } } });",
  "new L.Service(file, 'a', { environment: { A: new Date() } });",
  "new L.Service(file, 'a', { healthcheck: { tests: ['CMD'] } });",
  "new L.Service(file, 'a', { depends_on: { web: { condition: 'healthy' } } });",
  "new L.Service(file, 'a', { volumes: [{ type: 'bind', src: './a' }] });",
  "web.set({ restrat: 'always' });",
  "web.set({ restart: 'allways' });",
  "web.add('image', 'a');",
  "web.dependsOn('db');",
  "web.dependsOn(web, 'healthy');",
  "web.connect(volume);",
  "web.connect(network, { alias: ['a'] });",
  "overlay.change('web', {});",
  "overlay.change(web, { prots: [] });",
  "volume.at('/a', { readonly: true });",
  "new L.ComposeFile(scope, 'a', { services: {} });",
  "new L.ComposeFile(scope, 'a', { filename: 'a' });",
  "new L.Volume(file, 'a', { drivr: 'local' });",
  "new L.Image('a');",
  "new L.EnvVar('A', {});",
  "L.Healthcheck.curl('http://a', { test: ['CMD'] });",
  "web.image = image;",
];

describe("the compiler", () => {
  it("takes what the specification has, bindings in place of values, and undefined; and nothing else", () => {
    expect(refused([...GOOD, ...BAD])).toEqual(BAD);
  });
});
