import { describe, expect, test } from "vitest";
import {
  compareVersions,
  type Project,
  type ResolveOptions,
  releaseOf,
  releases,
  resolve,
  type Version,
} from "../../lib/compose";

const run = (compose: Version, text: string, files: Record<string, string> = {}, more: ResolveOptions = {}): Project =>
  resolve([{ path: "/p/compose.yaml", text }], { compose, read: (path) => files[path], ...more });

const service = (project: Project, name = "web"): unknown => Reflect.get(Object(project.model.services), name);

describe("versions", () => {
  test("a line is its newest release, a tag's v is allowed", () => {
    expect(["2.40", "5.5", "v5.6.0", "2.24.4"].map(releaseOf)).toEqual(["2.40.3", "5.5.1", "5.6.0", "2.24.4"]);
  });

  test("releases are in order, each is itself", () => {
    const all = releases();
    expect([...all].sort(compareVersions)).toEqual(all);
    expect(all.map(releaseOf)).toEqual(all);
  });

  test.each([
    ["6", "the nearest are 5.7.1"],
    ["5.6.3", "the nearest are 5.6.0 and 5.7.0"],
    ["2.1", "the nearest are 2.24.4"],
    ["3.8", "the nearest are 2.40.3 and 5.0.0"],
    ["new", '"new" is not a version of Docker Compose'],
  ])("%s is refused", (version, reason) => {
    expect(() => releaseOf(version)).toThrow(reason);
  });
});

/** What compose-go 2.13 changed against 2.9, one test a point. */
describe("Compose 5 against Compose 2.40", () => {
  test("operands are expanded when they are used", () => {
    const text = "services: {web: {image: '${A:-${U:?gone}}'}}\n";
    const options = { environment: { A: "a" } };
    expect(() => run("2.40", text, {}, options)).toThrow("required variable U is missing a value: gone");
    expect(service(run("5.3", text, {}, options))).toMatchObject({ image: "a" });
  });

  // What MarshalYAML of compose-go 2.9.1, 2.10.0, 2.10.1 and 2.16.2 prints; steps of pre_start are asked of 5.7.0.
  test.each<[Version, string, unknown]>([
    ["2.40", "bind: {}", {}],
    ["5.0.1", "bind: {}", { create_host_path: false }],
    ["5.0.2", "bind: {}", {}],
    ["5.0.1", "bind: {create_host_path: true}", {}],
    ["2.40", "bind: {create_host_path: true}", { create_host_path: true }],
  ])("%s: of a path that a bind mount with %s needs", (version, settings, bind) => {
    const text = `services: {web: {image: i, volumes: [{type: bind, source: /a, target: /b, ${settings}}]}}\n`;
    expect(service(run(version, text))).toHaveProperty("volumes.0.bind", bind);
  });

  test("a step's bind mount creates no path unless it says so", () => {
    const text =
      "services: {web: {image: i, pre_start: [{command: a, volumes: [{type: bind, source: /a, target: /b, bind: {}}]}]}}\n";
    expect(service(run("5.7.0", text))).toHaveProperty("pre_start.0.volumes.0.bind", { create_host_path: false });
  });

  test("a port as a number and as a text is two items from 5.6 on", () => {
    const ports = "[{target: 80, published: '8080'}, {target: 80, published: 8080}]";
    const text = `services: {web: {image: i, ports: ${ports}}}\n`;
    expect(() => run("5.5", text)).toThrow("services.web.ports items at 0 and 1 are equal");
    expect(service(run("5.6", text))).toHaveProperty("ports.length", 2);
  });

  test("an included service can be extended", () => {
    const text = "include: [s/c.yaml]\nservices: {web: {extends: db}}\n";
    const files = { "/p/s/c.yaml": "services: {db: {image: i}}\n" };
    expect(() => run("2.40", text, files)).toThrow('service "db" not found');
    expect(service(run("5.3", text, files))).toMatchObject({ image: "i" });
  });

  test("the including file goes over what it includes", () => {
    const text = "include: [s/c.yaml]\nservices: {web: {image: own}}\n";
    const files = { "/p/s/c.yaml": "services: {web: {image: included, user: u}}\n" };
    expect(() => run("2.40", text, files)).toThrow("services.web conflicts with imported resource");
    expect(service(run("5.3", text, files))).toMatchObject({ image: "own", user: "u" });
  });

  test("a reset in an anchor holds at every use", () => {
    const base = "services: {web: {image: i, user: a}, db: {image: i, user: b}}\n";
    const text = `${base}---\nx-a: &a {user: !reset null}\nservices: {web: *a, db: *a}\n`;
    expect(service(run("2.40", text), "db")).toHaveProperty("user");
    expect(service(run("5.3", text), "db")).not.toHaveProperty("user");
    expect(service(run("5.3", text))).not.toHaveProperty("user");
  });

  test("depends_on takes words for booleans, sizes a sign", () => {
    const depends =
      "services: {web: {image: i, depends_on: {db: {condition: service_started, required: 'no'}}}, db: {image: i}}\n";
    expect(service(run("5.3", depends))).toMatchObject({ depends_on: { db: { required: false } } });
    const swap = "services: {web: {image: i, memswap_limit: '-1'}}\n";
    expect(() => run("2.40", swap)).toThrow("invalid size: '-1'");
    expect(service(run("5.3", swap))).toMatchObject({ memswap_limit: "-1" });
  });

  test("a bind mount creates its path, and only no is printed", () => {
    const text =
      "services: {web: {image: i, volumes: ['./a:/a', {type: bind, source: ./b, target: /b, bind: {create_host_path: false}}]}}\n";
    expect(service(run("2.40", text))).toMatchObject({ volumes: [{ bind: { create_host_path: true } }, { bind: {} }] });
    expect(service(run("5.3", text))).toMatchObject({ volumes: [{ bind: {} }, { bind: { create_host_path: false } }] });
    expect(JSON.stringify(service(run("5.3", text)))).not.toContain("true");
  });

  test("options of ipam and steps before the start are kept", () => {
    const ipam = "services: {web: {image: i, networks: [n]}}\nnetworks: {n: {ipam: {options: {a: b}}}}\n";
    expect(run("2.40", ipam).model.networks).toMatchObject({ n: { ipam: {} } });
    expect(run("2.40", ipam).toJson()).not.toContain("options");
    expect(run("5.3", ipam).model.networks).toMatchObject({ n: { ipam: { options: { a: "b" } } } });
    const step = "services: {web: {image: i, pre_start: [{command: a b}]}}\n";
    expect(() => run("2.40", step)).toThrow("additional properties 'pre_start' not allowed");
    expect(service(run("5.3", step))).toMatchObject({ pre_start: [{ command: ["a", "b"], image: "i" }] });
  });

  test("an empty list of the untyped model stays one", () => {
    const text = "services: {web: {image: i, security_opt: []}}\n";
    expect(service(run("2.40", text, {}, { interpolate: false }))).toMatchObject({ security_opt: null });
    expect(service(run("5.3", text, {}, { interpolate: false }))).toMatchObject({ security_opt: [] });
  });
});
