import { expect, test } from "vitest";
import { needs, parseRange } from "../../../lib/compose";

const of = (text: string, others: Readonly<Record<string, string>> = {}) =>
  needs([{ path: "/p/compose.yaml", text }], { read: (path) => others[path] });

test("a file without newer keys runs with the oldest release that is known", () => {
  expect(of("services: {web: {image: i}}\n")).toMatchObject({ lowest: "2.24.4", keys: [] });
});

test("each newer key is said with its place, its first release and what does the same before", () => {
  const { lowest, keys } = of(
    "services:\n  web:\n    image: i\n    umask: '0027'\n    use_api_socket: true\njobs:\n  j: {image: i, triggers: {manual: true}}\n",
  );
  expect(lowest).toBe("5.7.0");
  expect(keys.map(({ path, line, since }) => [path, line, since])).toEqual([
    ["jobs", 7, "5.6.0"],
    ["services.web.umask", 4, "5.7.0"],
    ["services.web.use_api_socket", 5, "2.37.1"],
  ]);
  expect(keys.map(({ instead }) => instead !== undefined)).toEqual([true, true, false]);
});

test("keys of included and extended files count, each at its own place", () => {
  const included = "services: {db: {image: i, gpus: all}}\n";
  const { keys } = of("include: [other.yaml]\n", { "/p/other.yaml": included });
  expect(keys).toEqual([{ file: "/p/other.yaml", line: 1, path: "services.db.gpus", since: "2.30.0" }]);
});

test("what an older release refuses for another reason needs the first that takes it", () => {
  const { lowest, keys } = of("services: {web: {image: i, ports: ['::1:80:80']}}\n");
  expect({ lowest, keys }).toEqual({ lowest: "5.0.0", keys: [] });
});

test.each([
  [">=2.40", { from: "2.40.0", to: "5.7.1" }],
  ["2.40", { from: "2.40.0", to: "2.40.3" }],
  [">=5.6 <5.7", { from: "5.6.0", to: "5.6.0" }],
  [">2.40 <=5.0", { from: "5.0.0", to: "5.0.2" }],
  ["v5.5.1", { from: "5.5.1", to: "5.5.1" }],
])("the range %s", (text, range) => {
  expect(parseRange(text)).toEqual(range);
});

test.each(["", "new", ">=2.40,", ">=6", "<2.24.4", "~5", ">=5.6 <5.6"])("%j is no range", (text) => {
  expect(() => parseRange(text)).toThrow(/not a range of versions|no release of Docker Compose/);
});

test("a variable that has to be set and is not is no reason to refuse", () => {
  const text =
    "services: {web: {image: 'i:${TAG:?}', ports: ['${PORT:?}:80'], mem_limit: '${LIMIT:?}', umask: '0027'}}\n";
  const { lowest, readings } = of(text);
  expect(lowest).toBe("5.7.0");
  expect(readings.at(-1)).not.toHaveProperty("error");
});
