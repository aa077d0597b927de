import { expect, test } from "vitest";
import { readings } from "../../../lib/compose";

const of = (text: string) => readings([{ path: "/p/compose.yaml", text }]);

test("what all releases read alike is one reading", () => {
  expect(of("services: {web: {image: i}}\n")).toEqual([
    { from: "2.40.3", to: "5.7.1", json: expect.stringContaining('"image": "i"') },
  ]);
});

test("a key that only newer releases know", () => {
  expect(of("services: {web: {image: i, pre_start: [{command: a}]}}\n")).toEqual([
    { from: "2.40.3", to: "5.2.0", error: expect.stringContaining("pre_start") },
    { from: "5.3.0", to: "5.5.1", json: expect.stringContaining('"pre_start"') },
    // From then on a step has the networks of its service, too.
    { from: "5.6.0", to: "5.7.1", json: expect.stringMatching(/"pre_start"[^\]]*\][^\]]*"networks"/) },
  ]);
});

test("a file that newer releases read in another way has both readings", () => {
  const [before, after] = of("services: {web: {image: i, volumes: ['./a:/a']}}\n");
  expect(before).toMatchObject({ from: "2.40.3", json: expect.stringContaining('"create_host_path": true') });
  expect(after).toMatchObject({ from: "5.0.0", json: expect.not.stringContaining("create_host_path") });
});

test("what every release refuses is one refusal, in whatever words", () => {
  const [only, ...more] = of("services: {web: {image: i, foo: 1}}\n");
  expect(more).toEqual([]);
  expect(only).toMatchObject({ from: "2.40.3", to: "5.7.1", error: expect.stringContaining("foo") });
});
