import { expect, test } from "vitest";
import { readings } from "../../../lib/compose";
import { projectOrRefusals } from "../../../lib/compose/documents";
import { SignFinder } from "../../../lib/compose/inspect/signs";
import { parseRange } from "../../../lib/compose/range";
import { parseYaml } from "../../../lib/compose/yaml/parser";
import { type Case, HOME, PROJECT, usedFiles } from "../../conformance/case";
import { generate, toCase } from "../../conformance/generate";
import { GROUPS } from "../../conformance/inputs";

const GENERATED = 100;
const RANGES = [">=2.40", ">=5.0"];

/** What the tree of a program cannot have. */
function isForTexts({ files }: Case): boolean {
  return Object.values(files).some((text) => /[*&]|!(?!reset|override)/.test(text) || !isReadable(text));
}

function isReadable(text: string): boolean {
  return parseYaml(text).error === undefined;
}

/** Recorded questions ask of the same files in several ways. */
const distinct = new Map(
  [
    ...Object.values(GROUPS).flat(),
    ...Array.from({ length: GENERATED }, (_, seed) => toCase(generate(seed), `generated from ${seed}`)),
  ].map((question) => [JSON.stringify([question.files, question.use, question.env]), question]),
);
const questions = [...distinct.values()].filter((question) => !isForTexts(question));

/** Whether there is a sign, and what the releases make of the files; nothing when the oldest one refuses them. */
function judge(question: Case, range: string) {
  const { files, env, envFiles, profiles = ["*"] } = question;
  const releases = parseRange(range);
  const inputs = usedFiles(question).map((path) => ({ path: `${PROJECT}/${path}`, text: files[path] ?? "" }));
  const options = {
    workingDirectory: PROJECT,
    environment: { HOME, ...env },
    envFiles: envFiles ?? [],
    profiles,
    read: (path: string) => files[path.replace(`${PROJECT}/`, "")],
  };
  const watch = new SignFinder(releases);
  const first = projectOrRefusals(inputs, { ...options, compose: releases.from, watch });
  if (Array.isArray(first)) return undefined;
  return { found: watch.found, readings: readings(inputs, options, releases) };
}

test.each(RANGES)("without a sign, the releases %s read a project alike", (range) => {
  const judged = questions.flatMap((question) => {
    const result = judge(question, range);
    return result === undefined ? [] : [{ name: question.name, ...result }];
  });
  const missed = judged.filter(({ found, readings }) => !found && readings.length > 1);
  expect(
    missed.map(({ name, readings }) => [name, readings.map(({ from, changes, error }) => ({ from, changes, error }))]),
  ).toEqual([]);
  expect(judged.filter(({ found }) => !found).length).toBeGreaterThan(judged.length / 10);
});
