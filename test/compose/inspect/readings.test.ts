import { expect, test } from "vitest";
import { readings } from "../../../lib/compose";

const of = (text: string) =>
  readings([{ path: "/p/compose.yaml", text }]).map(({ changes, code: _, ...reading }) => ({
    ...reading,
    ...(changes.length === 0 ? {} : { changes: changes.map(({ path, before, after }) => [path, before, after]) }),
  }));

test("what all releases read alike is one reading", () => {
  expect(of("services: {web: {image: i}}\n")).toEqual([
    { from: "2.40.0", to: "5.7.1", json: expect.stringContaining('"image": "i"') },
  ]);
});

test("a key that only newer releases know", () => {
  expect(of("services: {web: {image: i, pre_start: [{command: a}]}}\n")).toEqual([
    { from: "2.40.0", to: "5.2.0", error: expect.stringContaining("pre_start") },
    { from: "5.3.0", to: "5.5.1", json: expect.stringContaining('"pre_start"') },
    // From then on a step has the networks of its service, too.
    {
      from: "5.6.0",
      to: "5.7.1",
      json: expect.stringContaining('"pre_start"'),
      changes: expect.arrayContaining([["services.web.pre_start[0].networks.default", undefined, null]]),
    },
  ]);
});

test("a bind mount that does not say whether its path is created: releases from 5.0.2 on create it", () => {
  const [before, after, ...more] = of(
    "services: {web: {image: i, volumes: [{type: bind, source: /a, target: /a, bind: {}}]}}\n",
  );
  expect(more).toEqual([]);
  expect(before).toMatchObject({ from: "2.40.0", to: "5.0.1", json: expect.stringContaining('"source": "/a"') });
  expect(after).toMatchObject({
    from: "5.0.2",
    to: "5.7.1",
    changes: [["services.web.volumes[0].bind.create_host_path", false, true]],
  });
});

test("what releases print differently and mean alike is one reading", () => {
  expect(
    of("services: {web: {image: i, volumes: ['/a:/a']}}\nnetworks: {default: {ipam: {options: {a: b}}}}\n"),
  ).toEqual([expect.objectContaining({ from: "2.40.0", to: "5.7.1" })]);
});

test("what every release refuses is one refusal, in whatever words", () => {
  const [only, ...more] = of("services: {web: {image: i, foo: 1}}\n");
  expect(more).toEqual([]);
  expect(only).toMatchObject({ from: "2.40.0", to: "5.7.1", error: expect.stringContaining("foo") });
});
