import { amounts, type Told } from "../amounts";
import type { Progress } from "../journal/operation";
import type { ComposeProject } from "./project";

/** Seconds that images may take to come. */
const PULL_LIMIT = 3600;
const UNITS: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/** How far a layer is, as Compose writes it: `4f4fb700ef54 Downloading [====>     ]  1.049MB/3.37MB`. */
const LAYER = /([0-9a-f]{12}) +Downloading +\[.*\] +([\d.]+[kMG]?B)\/([\d.]+[kMG]?B)/;
const COMPLETE = /([0-9a-f]{12}) +(?:Download|Pull) complete/;

/**
 * Pulls the images of a project that are not on the engine, and says how far that is.
 *
 * @throws OperateError
 */
export async function pullMissing(project: ComposeProject, progress: Pick<Progress, "note">): Promise<void> {
  const far = farOfPull(amounts(progress));
  await project.must(["pull", "--policy", "missing", "--ignore-buildable"], {
    timeout: PULL_LIMIT,
    onLine: (line) => {
      if (/ Pull(ing|ed)\s*$/.test(line)) progress.note(line.trim());
      far(line);
    },
  });
}

/** How far all layers are of which Compose has spoken. */
export function farOfPull(told: Told): (line: string) => void {
  const layers = new Map<string, Far>();
  return (line) => {
    const [, layer = "", done = "", total = ""] = LAYER.exec(line) ?? [];
    if (layer !== "") layers.set(layer, { done: bytesIn(done), total: bytesIn(total) });
    const [, complete = ""] = COMPLETE.exec(line) ?? [];
    const known = layers.get(complete);
    if (known !== undefined) layers.set(complete, { ...known, done: known.total });
    const sum = (of: keyof Far) => [...layers.values()].reduce((all, one) => all + one[of], 0);
    told(sum("done"), sum("total"));
  };
}

interface Far {
  readonly done: number;
  readonly total: number;
}

function bytesIn(text: string): number {
  const [, number, unit = ""] = /^([\d.]+)([kMG]?)B$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? 1);
}
