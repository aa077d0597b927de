import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { App as CdkApp, Chart, ApiObject } from "cdk8s";
import { App, ComposeFile, EnvVar, Service, Volume } from "lamb-compose";
import { stringify } from "yaml";
import { median, milliseconds, ratio, table } from "./measure";

const REPOSITORY = new URL("../..", import.meta.url);
const SIZES = [10, 100, 1_000, 10_000];

/** A service of the shape that LAMB's have: a dozen keys, with lists and mappings. */
function serviceOf(index: number) {
  return {
    image: `registry.example/web:v${index}`,
    restart: "unless-stopped",
    environment: { ADDRESS: `http://localhost:${10_000 + index}`, LEVEL: "INFO", ENABLED: "yes" },
    ports: [`127.0.0.1:${10_000 + index}:80`],
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost/"], interval: "30s", timeout: "5s", retries: 3 },
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
    stop_grace_period: "30s",
  };
}

function ours(count: number): string {
  const app = new App();
  const file = new ComposeFile(app, "bench", { name: "bench" });
  const host = new EnvVar("HOST_NAME", { meaning: "name of the host", default: "localhost" });
  let previous: Service | undefined;
  for (let index = 0; index < count; index++) {
    const data = new Volume(file, `data-${index}`);
    const service = new Service(file, `web-${index}`, { ...serviceOf(index), volumes: [data.at("/data")] });
    service.setEnvironment("HOST_NAME", host);
    if (previous !== undefined) service.dependsOn(previous);
    previous = service;
  }
  return [...app.synth().assertValid().files.values()].join("");
}

function cdk8s(count: number): string {
  const app = new CdkApp();
  const chart = new Chart(app, "bench");
  for (let index = 0; index < count; index++) {
    new ApiObject(chart, `web-${index}`, {
      apiVersion: "v1",
      kind: "Service",
      spec: { ...serviceOf(index), volumes: [`data-${index}:/data`], depends_on: [`web-${index - 1}`] },
    });
  }
  return app.synthYaml();
}

function yamlAlone(count: number): string {
  const services: { [name: string]: object } = {};
  for (let index = 0; index < count; index++) services[`web-${index}`] = serviceOf(index);
  return stringify({ services });
}

/** Microseconds for one service. */
function perService(make: (count: number) => string, count: number): number {
  const runs = count >= 10_000 ? 1 : count >= 1_000 ? 3 : 15;
  return (median(Array.from({ length: runs }, () => milliseconds(() => make(count)))) * 1_000) / count;
}

function benchSizes(): void {
  for (const make of [ours, cdk8s, yamlAlone]) make(200);
  const rows = SIZES.map((count) => {
    const [mine, theirs, emitted] = [perService(ours, count), perService(cdk8s, count), perService(yamlAlone, count)];
    return [String(count), mine.toFixed(0), theirs.toFixed(0), emitted.toFixed(0), ratio(mine, theirs), ratio(mine, emitted)];
  });
  table("Synthesis, microseconds for one service", ["services", "lamb-compose", "cdk8s", "yaml.stringify", "of cdk8s", "of yaml"], rows);
}

/** Whole processes: what a person waits for. Needs `npm run build`. */
function benchProcesses(): void {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-bench-"));
  const programs = {
    "empty node": "",
    "constructs only": `import ${JSON.stringify(import.meta.resolve("constructs"))};`,
    "lamb-compose": `import { App, CaddyOverlay, LambStack } from ${JSON.stringify(new URL("dist/index.js", REPOSITORY).href)};
      const app = new App(); const stack = new LambStack(app, "next"); new CaddyOverlay(stack, "prod"); app.synth().assertValid();`,
    cdk8s: `import { App, Chart, ApiObject } from ${JSON.stringify(pathToFileURL(import.meta.resolve("cdk8s").replace("file://", "")).href)};
      const app = new App(); const chart = new Chart(app, "next");
      const spec = ${JSON.stringify(serviceOf(1))};
      for (const name of ["lamb", "kb", "openwebui", "caddy", "lamb2", "kb2", "openwebui2"]) new ApiObject(chart, name, { apiVersion: "v1", kind: "Service", spec });
      app.synthYaml();`,
  };
  const times = Object.entries(programs).map(([name, text]) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.mjs`);
    writeFileSync(file, text);
    return { name, file, runs: [] as number[] };
  });
  for (let round = 0; round < 15; round++) {
    for (const { name, file, runs } of times) {
      runs.push(
        milliseconds(() => {
          const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
          if (status !== 0) throw new Error(`${name}: ${stderr}`);
        }),
      );
    }
  }
  rmSync(folder, { recursive: true });
  const theirs = median(times.at(-1)?.runs ?? []);
  const rows = times.map(({ name, runs }) => [name, median(runs).toFixed(0), ratio(median(runs), theirs)]);
  table("A process that imports and synthesizes, milliseconds", ["program", "median", "of cdk8s"], rows);
}

benchProcesses();
benchSizes();
