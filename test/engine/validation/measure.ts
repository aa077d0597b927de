import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Deployment } from "../deployment";
import { eventually, must, run } from "../run";

/** Seconds of each step, a number for each round. */
export type Figures = Readonly<Record<"cold" | "again" | "recreate" | "restart" | "stop" | "start", number[]>>;

/** What builds and installs, and must not run where images are complete. */
const BUILDERS = /\b(pip3?|npm|npx|pnpm|vite|uv|apt-get|gcc)\b/;

const ENGINE = fileURLToPath(new URL("../../../.ci/engine", import.meta.url));

/** What one round of a deployment's life takes, from nothing to nothing. */
export async function round(stack: Deployment, figures: Figures): Promise<void> {
  await stack.compose("down", "--volumes", "--timeout", "20");
  figures.cold.push((await stack.up()).seconds);
  figures.again.push((await stack.start()).seconds);
  figures.recreate.push((await stack.start("--force-recreate")).seconds);
  figures.restart.push((await stack.compose("restart")).seconds + (await stack.start()).seconds);
  figures.stop.push((await stack.compose("stop")).seconds);
  figures.start.push((await stack.start()).seconds);
}

export function noFigures(): Figures {
  return { cold: [], again: [], recreate: [], restart: [], stop: [], start: [] };
}

/** The services that both files have. */
export const SERVICES = ["lamb", "kb", "openwebui"];

/** Programs that build or install, among those of all containers, while a stack starts from nothing. */
export async function buildersWhile(stack: Deployment, started: Promise<unknown>): Promise<readonly string[]> {
  const found = new Set<string>();
  let done = false;
  const end = started.finally(() => {
    done = true;
  });
  while (!done) {
    const { stdout } = await run("docker", ["compose", "top"], {
      cwd: stack.directory,
      env: { COMPOSE_PROJECT_NAME: stack.project },
    });
    for (const line of stdout.split("\n")) if (BUILDERS.test(line.slice(60))) found.add(line.trim());
  }
  await end;
  return [...found];
}

/** What containers wrote beside their volumes and what is in memory alone; Python's own caches are not told. */
export async function writtenBeside(stack: Deployment, services: readonly string[]): Promise<readonly string[]> {
  const all: string[] = [];
  for (const service of services) {
    const { Id, Mounts } = await stack.inspect(service);
    const { stdout } = await must("docker", ["diff", Id]);
    const kept = [...Mounts.map(({ Destination }) => Destination), "/tmp", "/run", "/dev", "/etc/hosts"];
    const changed = stdout
      .split("\n")
      .filter((line) => /^[AC] /.test(line))
      .map((line) => line.slice(2));
    const beside = changed.filter((path) => !kept.some((place) => path.startsWith(place) || place.startsWith(path)));
    // Every folder above a file is told as changed, too.
    const folders = new Set(beside.map(dirname));
    const files = beside.filter((path) => !folders.has(path) && !path.includes("/__pycache__"));
    all.push(...files.map((path) => `${service}: ${path}`));
  }
  return all;
}

/** What a clean stop leaves that it should not: exit statuses other than 0, and journals that databases must replay. */
export async function leftByStop(stack: Deployment, services: readonly string[]): Promise<readonly string[]> {
  await stack.compose("stop");
  const left: string[] = [];
  for (const service of services) {
    const { State, Mounts } = await stack.inspect(service);
    if (State.ExitCode !== 0) left.push(`${service} ended with ${State.ExitCode}`);
    const places = Mounts.filter(({ Type }) => Type === "volume").map(({ Destination }) => Destination);
    const { stdout } = await stack.compose(
      ...["run", "--rm", "--no-deps", "--no-TTY", "--entrypoint", "find", service],
      ...[...places, "-size", "+0", "(", "-name", "*-wal", "-o", "-name", "*-journal", ")"],
    );
    left.push(...stdout.split("\n").filter((path) => path !== ""));
  }
  await stack.start();
  return left;
}

/** Seconds until all is well after the engine itself was restarted; `undefined` where `.ci/engine` did not start it. */
export async function secondsAfterEngine(stack: Deployment, services: readonly string[]): Promise<number | undefined> {
  await must(ENGINE, ["stop"]);
  if ((await run("docker", ["info"])).code === 0) return undefined;
  const start = performance.now();
  await must(ENGINE, ["start"]);
  for (const service of services) {
    const last = await eventually(
      90,
      () => stack.inspect(service),
      ({ State }) => State.Health?.Status === "healthy",
    );
    if (last.State.Health?.Status !== "healthy") throw new Error(`${service} did not come back with the engine`);
  }
  return (performance.now() - start) / 1000;
}

/** Seconds until `up --wait` says that a service ends as soon as it starts. */
export async function secondsToTell(stack: Deployment): Promise<number> {
  const { code, seconds } = await stack.tryUp();
  if (code === 0) throw new Error("a service that ends is taken for one that runs");
  return seconds;
}

/** An image on this machine with one more layer, of content that no other has; with `entrypoint` it runs that instead. */
export async function derived(
  image: string,
  { megabytes = 0, entrypoint }: { megabytes?: number; entrypoint?: readonly string[] },
): Promise<string> {
  const name = `validation-${randomBytes(6).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), name));
  try {
    await writeFile(join(folder, "ballast"), randomBytes(megabytes * 1e6));
    await must("docker", ["create", "--name", name, image]);
    await must("docker", ["cp", join(folder, "ballast"), `${name}:/ballast`]);
    const change = entrypoint === undefined ? [] : ["--change", `ENTRYPOINT ${JSON.stringify(entrypoint)}`];
    await must("docker", ["commit", ...change, name, `${name}:1`]);
    return `${name}:1`;
  } finally {
    await rm(folder, { recursive: true });
    await must("docker", ["rm", "--force", name]);
  }
}

/** Seconds until a service is well again after its process was killed. */
export async function secondsToComeBack(stack: Deployment, service: string): Promise<number> {
  const { State } = await stack.inspect(service);
  const start = performance.now();
  await must("kill", ["-KILL", `${State.Pid}`]);
  const back = await eventually(
    60,
    () => stack.inspect(service),
    ({ State: now }) => now.Pid !== State.Pid && now.Health?.Status === "healthy",
  );
  if (back.State.Health?.Status !== "healthy") throw new Error(`${service} did not come back`);
  return (performance.now() - start) / 1000;
}

/** The middle one. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
