import { describe, expect, test } from "vitest";
import { STANDARD, type Version } from "../../lib/compose";
import { changedVersions, recordedGroups } from "./answers";
import type { Answer, Recorded } from "./case";
import { sameAnswer } from "./compare";
import { answer } from "./ours";

const groups = recordedGroups();
const newer = changedVersions();

function told({ warnings }: Answer): string[] {
  return [...warnings].sort();
}

function check(question: Recorded, compose: Answer, version: Version): void {
  const ours = answer(question, version);
  expect(told(ours)).toEqual(told(compose));
  if (sameAnswer(question, compose, ours)) return;
  expect(ours.error ?? ours.output).toBe(compose.error ?? compose.output);
  expect.unreachable("the answers look alike and are not");
}

test("at least 400 answers of Compose 2.40 are recorded", () => {
  expect(groups.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(400);
  expect(groups.every(({ compose }) => compose.startsWith("2.40."))).toBe(true);
});

test("a newer Compose was asked, and how is written beside its answers", () => {
  expect(newer.map(({ compose }) => compose)).toEqual(["5.7.0", "5.7.1"]);
  for (const { command, answers } of newer) {
    expect(command).toContain("npm run conformance:versions");
    expect(Object.values(answers).flatMap(Object.keys).length).toBeGreaterThan(100);
  }
});

for (const { name, cases } of groups) {
  describe(name, () => {
    test.each(cases.map((question) => [question.name, question] as const))("%s", (_, question) => {
      check(question, question.answer, STANDARD);
    });
  });
}

describe.each(newer)("Compose $compose", ({ compose: version, answers }) => {
  for (const { name, cases } of groups) {
    test(name, () => {
      for (const question of cases) {
        const compose = answers[name]?.[question.name] ?? question.answer;
        check(question, compose, version);
      }
    });
  }
});
