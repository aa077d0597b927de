import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** A file of tests as the lanes see it. */
interface Load {
  /** Seconds that it takes on two cores, about: only how they compare matters. */
  readonly seconds: number;
  /** Whether it asks the world outside: package indexes. Only the first lane's engine reaches it. @default false */
  readonly outside?: boolean;
}

/** By the name of the file, without `.engine.ts`. */
export const LOADS: Readonly<Record<string, Load>> = {
  backup: { seconds: 145 },
  base: { seconds: 20 },
  copier: { seconds: 20 },
  data: { seconds: 80 },
  diff: { seconds: 45 },
  env: { seconds: 100 },
  everything: { seconds: 15 },
  examples: { seconds: 65 },
  generation: { seconds: 10 },
  guides: { seconds: 400 },
  health: { seconds: 20 },
  images: { seconds: 250, outside: true },
  jobs: { seconds: 15 },
  "knowledge-store": { seconds: 25 },
  "lamb-data": { seconds: 20 },
  lock: { seconds: 40 },
  migrate: { seconds: 210 },
  prod: { seconds: 30 },
  publish: { seconds: 10 },
  relink: { seconds: 150 },
  restore: { seconds: 120 },
  settings: { seconds: 30 },
  switch: { seconds: 560 },
  "switch-lamb": { seconds: 120 },
  up: { seconds: 170 },
  upgrade: { seconds: 25 },
  "upgrade-plain": { seconds: 80 },
  workflow: { seconds: 40 },
  workspace: { seconds: 60, outside: true },
};

/** What a file takes that nobody has measured. */
const UNKNOWN: Load = { seconds: 60 };

/**
 * Which files each of several engines runs beside the others, so that all are done at about the same time: the longest
 * first, each where least is to be done so far.
 *
 * @param names of the files, without `.engine.ts`
 */
export function lanesOf(names: readonly string[], count: number): readonly (readonly string[])[] {
  const load = (name: string) => LOADS[name] ?? UNKNOWN;
  const lanes = Array.from({ length: count }, () => ({ names: [] as string[], seconds: 0 }));
  const rank = (name: string) => (load(name).outside === true ? 1e6 : 0) + load(name).seconds;
  for (const name of [...names].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1))) {
    const [first] = lanes;
    const least = lanes.reduce((one, other) => (other.seconds < one.seconds ? other : one));
    const lane = load(name).outside === true && first !== undefined ? first : least;
    lane.names.push(name);
    lane.seconds += load(name).seconds;
  }
  return lanes.map((lane) => lane.names);
}

/** Gives `--shard=1/2` the first of two lanes. In a lane, the order of the files is the same each time. */
export class Lanes extends BaseSequencer {
  override async shard(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { index, count } = this.ctx.config.shard ?? { index: 1, count: 1 };
    const lane = new Set(lanesOf(files.map(nameOf), count)[index - 1]);
    return files.filter((file) => lane.has(nameOf(file)));
  }

  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}

function nameOf({ moduleId }: TestSpecification): string {
  return basename(moduleId, ".engine.ts");
}
