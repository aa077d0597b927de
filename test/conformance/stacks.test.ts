import { expect, test } from "vitest";
import { sameAnswer } from "./compare";
import { answer } from "./ours";
import { command, folders, recordedAnswer, stacks } from "./stacks/stacks";

const STACKS = stacks();

test("every folder is a stack, and every stack has an answer of Compose 2.40 to this very question", () => {
  expect([...folders()].sort()).toEqual(STACKS.map(({ name }) => name).sort());
  for (const stack of STACKS) {
    expect(recordedAnswer(stack)).toMatchObject({
      compose: expect.stringMatching(/^2\.40\./),
      environment: stack.env ?? {},
      command: command(stack),
      answer: { output: expect.stringContaining('"services"') },
    });
  }
});

test.each(STACKS.map((stack) => [stack.name, stack] as const))("resolves as Compose does: %s", (_, stack) => {
  const { answer: compose } = recordedAnswer(stack);
  const ours = answer(stack);
  expect([...ours.warnings].sort()).toEqual([...compose.warnings].sort());
  if (sameAnswer(stack, compose, ours)) return;
  expect(ours.error ?? ours.output).toBe(compose.output);
  expect.unreachable("the answers look alike and are not");
});
