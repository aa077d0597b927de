import { inGeneration, nextGeneration } from "../data/generations";
import { Docker } from "../engine/docker";
import { ComposeProject } from "../engine/project";
import { nothingToAbort, openDeployment } from "../journal/open";
import { generationIn } from "../journal/record-state";
import { frozenSpec } from "../migrate/places";
import type { PlannedColumn } from "../migrate/plan";
import { refusedBefore, type SwitchRefused, type SwitchRequest, type SwitchResult } from "../switch/request";
import { runningState } from "../switch/running-state";
import { planFromFacts, runSwitch, type SwitchPlan } from "../switch/switch";
import { PREFLIGHT } from "../up/up";
import { answeredNow } from "../verify/outside";
import { assertRoomFor, changedRows, dataIn, laggingRows } from "./frozen";

const NAME = "relink";

export interface RelinkRequest extends SwitchRequest<RelinkPlan> {
  /** How many generations of the data stay. At least the last two. */
  readonly keep: number;
}

/** What a relinking would do. */
export interface RelinkPlan {
  /** The columns in which something is saved, with the number of rows that are rewritten. */
  readonly columns: readonly PlannedColumn[];
  readonly bytes: number;
  readonly shared: number;
  readonly free: number;
  /** The state to which whatever fails leads back. */
  readonly state: number;
}

/** How it went. */
export type RelinkResult =
  | SwitchRefused
  | { readonly kind: "nothing-to-do"; readonly columns: readonly PlannedColumn[] }
  | SwitchResult<RelinkPlan>;

/**
 * Carries public addresses, and keys between services, into the data that have saved older ones: into a copy, which then takes
 * the place of the data. What was stays as it is, and whatever fails leads back to it.
 *
 * @throws OperateError; FileError `in-use`
 */
export async function relink(request: RelinkRequest): Promise<RelinkResult> {
  const { dir, environment, progress } = request;
  const opened = await openDeployment(dir, NAME, progress, request.abort);
  try {
    if (opened.cutOff !== undefined) return await runSwitch(planFromFacts(opened.cutOff), request, opened);
    if (request.abort) throw nothingToAbort(dir);
    const refused = await refusedBefore(request, PREFLIGHT, { isStrict: true });
    if (refused !== undefined) return refused;
    const home = new ComposeProject(dir, new Docker(environment));
    const state = await runningState(home, NAME);
    const data = await dataIn(home, state.generation);
    const model = await inGeneration(home, state.generation).model();
    const columns = await laggingRows(data, frozenSpec(model));
    if (changedRows(columns) === 0) return { kind: "nothing-to-do", columns };
    const plan = { columns, ...(await assertRoomFor(data, model)), state: state.number };
    if (!(await request.agrees(plan))) return { kind: "not-agreed", plan };
    const switched: SwitchPlan = {
      operation: NAME,
      state: state.number,
      folder: dir,
      before: state.generation,
      after: await nextGeneration(home, [state.generation, await generationIn(dir)]),
      copies: true,
      relinks: true,
      rehearses: false,
      watch: request.watch,
      keep: Math.max(2, request.keep),
      outside: await answeredNow(model),
    };
    return await runSwitch(switched, request, opened);
  } finally {
    await opened.close();
  }
}
