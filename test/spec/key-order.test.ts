import { describe, expect, it } from "vitest";
import { formatPath, keyOrder, type YamlPath } from "../../lib/spec";
import { alternatives, entriesOf, type SchemaNode } from "../../schema/node";
import { officialSchema } from "./judges";

/** Keys that are newer than dclint's copy of the official schema. */
const NEWER = [
  ...["provenance", "sbom", "initial_sync", "pre_start"],
  ...["jobs", "umask", "use_service_name_alias", "no_cache_filter"],
];

/** Every mapping of a schema that has keys of its own, with a document's path to it. */
function mappingsOf(root: SchemaNode): { path: YamlPath; keys: string[] }[] {
  const found: { path: YamlPath; keys: string[] }[] = [];
  const visit = (node: SchemaNode, path: YamlPath) => {
    for (const one of alternatives(root, node)) {
      const properties = Object.entries(one.properties ?? {});
      if (properties.length > 0) found.push({ path, keys: properties.map(([key]) => key) });
      for (const [key, value] of properties) visit(value, [...path, key]);
      const free = entriesOf(one);
      if (free !== undefined) visit(free[1], [...path, "constructor"]);
      if (one.items !== undefined) visit(one.items, [...path, 7]);
    }
  };
  visit(root, []);
  return found;
}

describe("the order of keys", () => {
  const mappings = mappingsOf(officialSchema()).map(({ path, keys }) => ({ path, keys, place: formatPath(path) }));

  it("is asked of every mapping", () => {
    expect(mappings.length).toBeGreaterThan(50);
  });

  it.each(mappings)("of $place has each of its keys once", ({ path, keys }) => {
    const ordered = keyOrder(path) ?? [];
    expect(ordered.filter((key) => !NEWER.includes(key)).toSorted()).toEqual(keys.toSorted());
    expect(new Set(ordered).size).toBe(ordered.length);
  });

  // Expected values: the examples and headings of the specification's chapters.
  it.each<[place: string, path: YamlPath, keys: string[]]>([
    ["the document: chapters 4 to 9", [], ["version", "name", "services", "networks", "volumes", "configs", "secrets"]],
    [
      "a service: headings of chapter 5",
      ["services", "web"],
      [
        "build",
        "cap_add",
        "command",
        "depends_on",
        "environment",
        "healthcheck",
        "image",
        "networks",
        "ports",
        "restart",
        "volumes",
        "working_dir",
      ],
    ],
    [
      "a healthcheck: its example",
      ["services", "web", "healthcheck"],
      ["test", "interval", "timeout", "retries", "start_period", "start_interval"],
    ],
    [
      "a port: its list",
      ["services", "web", "ports", 0],
      ["target", "published", "host_ip", "protocol", "app_protocol", "mode", "name"],
    ],
    [
      "a mount: its list",
      ["services", "web", "volumes", 0],
      ["type", "source", "target", "read_only", "bind", "volume", "tmpfs", "image", "consistency"],
    ],
    [
      "a build: headings of its chapter",
      ["services", "web", "build"],
      ["additional_contexts", "args", "context", "dockerfile", "labels", "target", "ulimits"],
    ],
    [
      "a restart policy: its list",
      ["services", "web", "deploy", "restart_policy"],
      ["condition", "delay", "max_attempts", "window"],
    ],
    [
      "an address pool: its list",
      ["networks", "back", "ipam", "config", 0],
      ["subnet", "ip_range", "gateway", "aux_addresses"],
    ],
  ])("of %s", (_, path, keys) => {
    expect(keyOrder(path)?.filter((key) => keys.includes(key))).toEqual(keys);
  });

  it.each<[YamlPath]>([
    [["services"]],
    [["services", "web", "environment"]],
    [["services", "web", "image"]],
    [["services", "web", "ports"]],
    [["x-note"]],
    [["services", "web", "x-note", "image"]],
    [["services", 0, "image"]],
    [["nothing", "below"]],
  ])("of %j is nobody's business", (path) => {
    expect(keyOrder(path)).toBeUndefined();
  });
});
