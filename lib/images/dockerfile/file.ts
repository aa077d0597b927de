import { BaseImage } from "./arg";
import { commentLines, instructionLines } from "./instruction";
import { Stage } from "./stage";

/**
 * The stages that a stage needs and the stage itself, each behind those that it builds upon or copies from.
 * Iterative, so that depth costs no stack.
 */
export function stagesOf(target: Stage): readonly Stage[] {
  const done = new Set<Stage>();
  const open: { readonly stage: Stage; readonly entered: boolean }[] = [{ stage: target, entered: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { stage, entered } = next;
    if (entered) done.add(stage);
    if (entered || done.has(stage)) continue;
    open.push({ stage, entered: true });
    for (const needed of neededBy(stage).toReversed()) open.push({ stage: needed, entered: false });
  }
  return [...done];
}

function neededBy({ from, instructions }: Stage): Stage[] {
  const sources = instructions.flatMap((instruction) => (instruction.from === undefined ? [] : [instruction.from]));
  return Stage.isStage(from) ? [from, ...sources] : sources;
}

/** The images that stages build upon, each once. */
function basesOf(stages: readonly Stage[]): readonly BaseImage[] {
  return [...new Set(stages.flatMap(({ from }) => (BaseImage.isBaseImage(from) ? [from] : [])))];
}

export interface DockerfileText {
  readonly header: string;
  readonly target: Stage;
  /** The name of an image with its digest, when it is locked. */
  readonly pinned: (reference: string) => string;
}

/** The text of a Dockerfile. */
export function dockerfileText({ header, target, pinned }: DockerfileText): string {
  const stages = stagesOf(target);
  const blocks = [
    commentLines(header),
    basesOf(stages).map(({ name, image }) => `ARG ${name}=${pinned(image.toString())}`),
    ...stages.map(stageLines),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function stageLines(stage: Stage): string[] {
  const platform = stage.onBuildPlatform ? ["--platform=${BUILDPLATFORM}"] : [];
  const from = Stage.isStage(stage.from) ? stage.from.name : `${stage.from}`;
  return [
    ...commentLines(stage.comment),
    ["FROM", ...platform, from, "AS", stage.name].join(" "),
    ...stage.instructions.flatMap(instructionLines),
  ];
}
