import { writeFileSync } from "node:fs";
import { ask } from "../judge";
import { answerPath, command, stacks } from "./stacks";

/** Asks Compose about each stack and keeps its answer in the stack's folder. Returns how many there are. */
export async function recordStacks(compose: string): Promise<number> {
  const all = stacks();
  for (const stack of all) {
    const answer = await ask(stack);
    if (answer.error !== undefined) throw new Error(`Compose refuses the stack ${stack.name}: ${answer.error}`);
    const recorded = { compose, environment: stack.env ?? {}, command: command(stack), answer };
    writeFileSync(answerPath(stack), `${JSON.stringify(recorded, null, 2)}\n`);
  }
  return all.length;
}
