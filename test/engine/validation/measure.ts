import { z } from "zod";
import type { Deployment } from "../deployment";
import { eventually, must, run } from "../run";

/** Seconds of each step, a number for each round. */
export type Figures = Readonly<Record<"cold" | "again" | "recreate" | "stop" | "start", number[]>>;

/** What builds and installs, and must not run where images are complete. */
const BUILDERS = /\b(pip3?|npm|npx|pnpm|vite|uv|apt-get|gcc)\b/;

const BESIDE = z.array(z.string());

/** What one round of a deployment's life takes, from nothing to nothing. */
export async function round(stack: Deployment, figures: Figures): Promise<void> {
  await stack.compose("down", "--volumes", "--timeout", "20");
  figures.cold.push((await stack.up()).seconds);
  figures.again.push((await stack.start()).seconds);
  figures.recreate.push((await stack.start("--force-recreate")).seconds);
  figures.stop.push((await stack.compose("stop")).seconds);
  figures.start.push((await stack.start()).seconds);
}

export function noFigures(): Figures {
  return { cold: [], again: [], recreate: [], stop: [], start: [] };
}

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

/** What containers wrote beside their volumes and what is in memory alone. */
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
    all.push(...BESIDE.parse(beside).map((path) => `${service}: ${path}`));
  }
  return all;
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
