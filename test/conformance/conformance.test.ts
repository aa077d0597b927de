import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Recorded } from "./case";
import { sameAnswer } from "./compare";
import { answer } from "./ours";

const FOLDER = fileURLToPath(new URL("recorded/", import.meta.url));

interface RecordedGroup {
  readonly compose: string;
  readonly cases: readonly Recorded[];
}

function read(file: string): RecordedGroup {
  return JSON.parse(readFileSync(`${FOLDER}${file}`, "utf8"));
}

const groups = readdirSync(FOLDER).map((file) => ({ name: file.replace(/\.json$/, ""), ...read(file) }));

test("at least 400 answers of Compose 2.40 are recorded", () => {
  expect(groups.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(400);
  expect(groups.every(({ compose }) => compose.startsWith("2.40."))).toBe(true);
});

for (const { name, cases } of groups) {
  describe(name, () => {
    test.each(cases.map((question) => [question.name, question] as const))("%s", (_, question) => {
      const { answer: compose } = question;
      const ours = answer(question);
      expect([...ours.warnings].sort()).toEqual([...compose.warnings].sort());
      if (sameAnswer(question, compose, ours)) return;
      expect(ours.error ?? ours.output).toBe(compose.error ?? compose.output);
      expect.unreachable("the answers look alike and are not");
    });
  });
}
