import { amounts, megabytes } from "../amounts";
import { makeVolumes } from "../data/generations";
import { whileFrozen } from "../engine/freeze";
import { ComposeProject } from "../engine/project";
import { startOrder } from "../engine/start-order";
import { startService } from "../engine/start-service";
import { OperateError } from "../error";
import { type Facts, type Step, step } from "../journal/operation";
import { isSameLayout, layoutFacts } from "./layout";
import { endRehearsal, rehearsalOf, watchServices } from "./rehearsal";
import { copierOf, pairsOf, type Room } from "./room";

/** Seconds for which a rehearsed service is watched after it is well. */
const REHEARSED_SECONDS = 5;

/** The steps before anything is touched: a copy of the data, and the new release tried on it. */
export function copyingSteps(room: Room): readonly Step[] {
  const { plan, keys, target, docker, progress } = room;
  const isRestored = plan.given !== undefined;
  const what = isRestored ? "trying it on the data of the snapshot" : "trying the new release on the copy";
  const tried: readonly Step[] = plan.rehearses ? [{ id: "rehearse", what, run: () => rehearse(room) }] : [];
  if (keys.every((key) => plan.given?.includes(key))) return tried;
  const first = step("copy", "copying the data, while all runs", async () => {
    await makeVolumes(target, keys);
    const copier = await copierOf(room);
    if (copier.isPlain) {
      progress.note(
        "no image has Python: the data are copied whole once more while requests wait, and databases not checked",
      );
    }
    const start = performance.now();
    const written = await copier.sync(await pairsOf(room), amounts(progress));
    progress.note(`${megabytes(written)} copied in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });
  if (!plan.rehearses) return [first];
  return [
    first,
    step("freeze", "copying what changed meanwhile, at one instant", async () => {
      const copier = await copierOf(room);
      const pairs = await pairsOf(room);
      const seconds = await whileFrozen(
        new ComposeProject(room.dir, docker),
        pairs.map(({ from }) => from),
        async () => {
          await copier.sync(pairs, amounts(progress));
        },
      );
      progress.note(`services were paused for ${seconds.toFixed(1)} s`);
    }),
    ...tried,
  ];
}

async function rehearse(room: Room): Promise<Facts> {
  const { plan, target, model, keys, docker, redact, progress } = room;
  await endRehearsal(docker, model.name);
  const rehearsal = await rehearsalOf(target, keys, plan.folder);
  const pairs = await pairsOf(room);
  const copier = await copierOf(room);
  const layouts = await copier.layouts(pairs);
  let sameLayout: readonly string[];
  try {
    for (const service of startOrder(model)) {
      const start = performance.now();
      await startService(rehearsal, service, { redact, model });
      room.seconds[service] = (performance.now() - start) / 1000;
    }
    await watchServices(rehearsal, REHEARSED_SECONDS, model);
    await docker.must(["stop", ...(await rehearsal.containers()).map(({ Id }) => Id)]);
    await copier.check(pairs);
    const after = await copier.layouts(pairs);
    sameLayout = pairs.flatMap(({ key }, at) => (isSameLayout(layouts[at], after[at]) ? [key] : []));
  } catch (error) {
    if (!(error instanceof OperateError)) throw error;
    const { code, path = "", reason } = error;
    const fix =
      plan.given === undefined
        ? "what runs was not touched; send this message to the maintainers of the release"
        : "what runs was not touched; another snapshot may start: `lamb-compose backup list` shows them";
    throw new OperateError({ code, path, reason: `in the rehearsal: ${reason}`, fix });
  } finally {
    await endRehearsal(docker, model.name);
  }
  const slowest = Math.max(0, ...Object.values(room.seconds));
  progress.note(`it starts, and its data are sound; the slowest service took ${slowest.toFixed(1)} s`);
  return layoutFacts(sameLayout);
}
