import { describe, expect, it } from "vitest";
import { formatPath, keyOrder, validate } from "../../lib/spec";

const kinds = (document: unknown) => validate(document).map(({ path, reason }) => `${formatPath(path)}: ${reason}`);

/** A list inside a list, as deep as said. */
function nested(depth: number): unknown {
  let value: unknown = "end";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

describe("odd input is judged like any other", () => {
  it.each<[string, unknown, string]>([
    ["nothing at all", undefined, "nothing"],
    ["a symbol", Symbol("s"), "a symbol"],
    ["a bigint", 10n, "a bigint"],
    ["a function", () => 1, "a function"],
    ["a date", new Date(0), "a date"],
    ["not a number", Number.NaN, "a number that is not finite"],
  ])("%s in place of a string", (_, value, kind) => {
    const expected = value === undefined ? [] : [`services.web.image: must be a string, got ${kind}`];
    expect(kinds({ services: { web: { image: value } } })).toEqual(expected);
    expect(kinds({ services: { web: { cap_add: [value] } } })).toEqual([
      `services.web.cap_add[0]: must be a string, got ${kind}`,
    ]);
  });

  it("keys that objects have by themselves", () => {
    const document: unknown = JSON.parse(
      '{"services": {"__proto__": {"image": 3}, "constructor": {"toString": 1}}, "__proto__": {"name": 3}}',
    );
    expect(kinds(document)).toEqual([
      "services.__proto__.image: must be a string, got a number",
      "services.constructor.toString: `toString` is not a key of a service",
      "__proto__: `__proto__` is not a key of a Compose document",
    ]);
    expect(keyOrder(["constructor"])).toBeUndefined();
    expect(keyOrder(["services", "constructor"])).toEqual(keyOrder(["services", "web"]));
  });

  it("mappings without a prototype", () => {
    const web = Object.assign(Object.create(null), { image: 3 });
    expect(kinds(Object.assign(Object.create(null), { services: { web } }))).toHaveLength(1);
  });

  it("objects that contain themselves", () => {
    const port: Record<string, unknown> = { target: 80 };
    port["x-self"] = port;
    const volumes: unknown[] = [port];
    volumes.push(volumes);
    expect(kinds({ services: { web: { ports: [port, { target: 80 }], volumes } } })).toEqual([
      "services.web.volumes[0]: `type` is missing: a mount needs it",
      "services.web.volumes[0].target: must be a string, got a number",
      "services.web.volumes[1]: must be a string or a mapping, got a list",
    ]);
  });

  it("nesting that no stack would hold, and parts that stand in many places", () => {
    const deep = (): unknown => ({ target: 80, "x-deep": nested(200_000) });
    expect(kinds({ "x-deep": nested(200_000), services: { web: { ports: [deep(), deep()] } } })).toEqual([
      "services.web.ports[1]: is the same as item 0 of the list",
    ]);
    let shared: unknown = ["end"];
    for (let level = 0; level < 100; level++) shared = [shared, shared];
    expect(kinds({ services: { web: { ports: [{ "x-a": shared }, { "x-a": [shared] }] } } })).toEqual([]);
  });
});

describe("time grows with the size of the document", () => {
  const many = (count: number, service: (index: number) => unknown) => ({
    services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, service(index)])),
  });
  const good = (index: number) => ({
    image: "nginx",
    environment: { A: "1", B: "2" },
    ports: [`${index}:80`, { target: 81, published: String(index) }],
    depends_on: { [`s${index - 1}`]: { condition: "service_healthy" } },
  });
  const bad = () => ({ imag: "nginx", ports: [[]], command: { a: 1 }, pre_start: 1 });
  const time = (action: () => void): number => {
    const start = process.cpuUsage().user;
    action();
    return process.cpuUsage().user - start;
  };
  const TIMES = 20;

  // The same work in one document and in twenty: quadratic code needs twenty times as long for the one.
  it.each([
    ["valid services", (count: number) => many(count, good), 0],
    ["bad services", (count: number) => many(count, bad), 4],
    [
      "one list of ports",
      (count: number) => ({ services: { web: { ports: Array.from({ length: count }, (_, i) => ({ target: i })) } } }),
      0,
    ],
    [
      "one list of the same port",
      (count: number) => ({ services: { web: { ports: Array.from({ length: count }, () => 80) } } }),
      1,
    ],
  ])("%s", (_, make, problems) => {
    const [small, large] = [make(1_000), make(1_000 * TIMES)];
    expect(Math.round(validate(large).length / (1_000 * TIMES))).toBe(problems);
    let least = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && least >= 7; attempt++) {
      const apart = time(() => {
        for (let times = 0; times < TIMES; times++) validate(small);
      });
      least = Math.min(least, time(() => void validate(large)) / apart);
    }
    expect(least).toBeLessThan(7);
  });
});
