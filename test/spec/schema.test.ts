import { describe, expect, it } from "vitest";
import { amend } from "../../schema/amend";
import { AMENDMENTS, engineSchema, schemaOf2021, specification } from "../../schema/load";
import { locate } from "../../schema/place";
import { beyond, facts } from "./facts";
import { embeddedSchema, officialSchema } from "./judges";

/** What the specification of 2026-06-23 has and dclint 3.1.0's copy of the official schema has not. */
const NEWER = [
  {
    at: "/definitions/service/properties/build/oneOf/1/properties/provenance",
    reason: "in the official schema since 824fec8 of 2025-09-02, after dclint took its copy",
  },
  {
    at: "/definitions/service/properties/build/oneOf/1/properties/sbom",
    reason: "in the official schema since 824fec8 of 2025-09-02, after dclint took its copy",
  },
  {
    at: "/definitions/development/properties/watch/items/properties/initial_sync",
    reason: "in the official schema since a08f8d5 of 2025-10-28, after dclint took its copy",
  },
  ...[
    "/definitions/service/properties/pre_start",
    "/definitions/service/properties/umask",
    "/definitions/service/properties/networks/oneOf/1/patternProperties/^[a-zA-Z0-9._-]+$/oneOf/0/properties/use_service_name_alias",
    "/definitions/service/properties/build/oneOf/1/properties/no_cache_filter",
    "/definitions/job",
    "/properties/jobs",
  ].map((at) => ({ at, reason: "in compose-go's schema, of Docker Compose 5, not yet in the official one" })),
];

const under = (pointer: string, at: string) => pointer === at || pointer.startsWith(`${at}/`);

describe("the amended schema", () => {
  const ours = facts(specification());
  const official = facts(officialSchema());

  it("says all that the official schema says, path by path", () => {
    expect(official.size).toBeGreaterThan(1000);
    expect(beyond(official, ours)).toEqual([]);
  });

  it("says nothing else, but what is listed as newer", () => {
    const more = [...ours.keys()].filter((pointer) => !NEWER.some(({ at }) => under(pointer, at)));
    expect(beyond(new Map(more.map((pointer) => [pointer, ours.get(pointer) ?? ""])), official)).toEqual([]);
  });

  it.each(NEWER)("has $at, which the copy has not: $reason", ({ at }) => {
    expect(ours.has(at)).toBe(true);
    expect([...official.keys()].filter((pointer) => under(pointer, at))).toEqual([]);
  });

  it("describes every key in words of its own", () => {
    const official = new Set(JSON.stringify(officialSchema()).match(/"description":"[^"]*"/g));
    const silent: string[] = [];
    const copied: string[] = [];
    const walk = (value: unknown, pointer: string) => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        if (pointer.endsWith("/properties") && inner.description === undefined) silent.push(`${pointer}/${key}`);
        if (official.has(`"description":${JSON.stringify(inner?.description)}`)) copied.push(`${pointer}/${key}`);
        walk(inner, `${pointer}/${key}`);
      }
    };
    walk(specification(), "");
    expect(silent).toEqual([]);
    expect(copied).toEqual([]);
  });
});

describe("the schema of Docker Compose 2.40", () => {
  const embedded = embeddedSchema();

  it("is there to compare with", (context) => {
    if (embedded === undefined && !process.env.CI) context.skip("Docker Compose 2.40 is not installed");
    expect(embedded).toBeDefined();
  });

  it.skipIf(embedded === undefined)("is what the amendments without those ahead of it make, path by path", () => {
    const theirs = facts(embedded ?? {});
    const ours = facts(engineSchema());
    expect(theirs.size).toBeGreaterThan(1000);
    expect(beyond(theirs, ours)).toEqual([]);
    expect(beyond(ours, theirs)).toEqual([]);
  });
});

describe("an amendment", () => {
  it("is dated, and names the commit or the release of compose-go that it comes from", () => {
    for (const { date, source } of AMENDMENTS) {
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(source).toMatch(/\b[0-9a-f]{7}\b|compose-go v2\.\d+\.\d+$/);
    }
  });

  it.each(AMENDMENTS.map((amendment, index) => ({ ...amendment, index })))(
    "of $date ($source) is needed",
    ({ index }) => {
      const root = schemaOf2021();
      const without = () => {
        amend(root, AMENDMENTS.toSpliced(index, 1));
        return JSON.stringify([...facts(root)]);
      };
      const whole = schemaOf2021();
      amend(whole, AMENDMENTS);
      let result: string;
      try {
        result = without();
      } catch (error) {
        result = String(error);
      }
      expect(result).not.toBe(JSON.stringify([...facts(whole)]));
    },
  );

  const dated = { date: "2026-01-01", source: "nowhere; 0000000" };
  it.each([
    [{ at: "services.*.nothing", change: { drop: ["format"] } }, /there is no place "services\.\*\.nothing"/],
    [{ at: "#nothing", change: { widen: ["string"] } }, /there is no place "#nothing"/],
    [{ at: "services.*", change: { add: { image: { type: "string" } } } }, /"image" is there already/],
    [{ at: "services.*.image", change: { drop: ["format"] } }, /there is no "format"/],
    [{ at: "services.*.image", change: { widen: ["string"] } }, /of type string already/],
    [{ at: "services.*.build", change: { widen: ["string"] } }, /no type to widen/],
    [{ at: "services.*.image", change: { set: { type: "string" } } }, /it is so already/],
    [{ at: "services.*.image", change: { become: { type: "string" } } }, /it is so already/],
    [{ at: "services.*.image", change: { add: { tag: {} } } }, /never of type object/],
    [{ at: "", change: { define: { service: {} } } }, /"service" is there already/],
    [{ at: "", change: { undefine: ["nothing"] } }, /there is no definition "nothing"/],
  ] as const)("that hits nothing is an error: %j", (amendment, message) => {
    const amended = { ...dated, at: amendment.at, change: structuredClone(amendment.change) };
    expect(() => amend(schemaOf2021(), [amended])).toThrow(message);
    expect(() => amend(schemaOf2021(), [amended])).toThrow(/^amendment of 2026-01-01 \(nowhere/);
  });

  it("changes its own place only, and leaves its data alone", () => {
    const data = { kind: { type: "string" } };
    const root = schemaOf2021();
    const before = facts(root);
    amend(root, [{ ...dated, at: "services.*.logging", change: { add: data } }]);
    const after = facts(root);
    expect(
      beyond(after, before).every((line) => line.startsWith("/definitions/service/properties/logging/properties/kind")),
    ).toBe(true);
    expect(beyond(before, after)).toEqual([]);
    locate(root, "services.*.logging.kind").node.type = "number";
    expect(data.kind.type).toBe("string");
  });
});
