import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { Commented, emit, plain, Tagged, type YamlNode } from "../../../lib/compose/emit/emit";
import { SEED } from "../../support/property";
import { describeWith } from "../../support/tools";
import { anyNumber, anyText } from "../../support/yaml-documents";
import { composeConfig, npmYaml, reading } from "../../support/yaml-readers";

interface Shapes {
  readonly untagged: YamlNode;
  readonly list: YamlNode;
  readonly map: YamlNode;
  readonly node: YamlNode;
}

/** Documents with a comment or a tag on many of their values. A tagged scalar is text, as readers take it for text. */
function annotated(text: fc.Arbitrary<string>, options: { tags: boolean }): fc.Arbitrary<YamlNode> {
  const tag = fc.constantFrom<"!reset" | "!override">("!reset", "!override");
  return fc.letrec((tie: fc.LetrecTypedTie<Shapes>) => {
    const taggable = fc.oneof(text, tie("list"), tie("map"));
    const commented = fc.tuple(anyText, tie("untagged")).map(([comment, value]) => new Commented(comment, value));
    const tagged = fc
      .tuple(tag, taggable, anyText)
      .map(([name, value, comment]) => new Tagged(name, new Commented(comment, value)));
    return {
      untagged: fc.oneof({ maxDepth: 4 }, text, anyNumber, fc.constant(null), tie("list"), tie("map"), commented),
      node: options.tags ? fc.oneof(tie("untagged"), tagged) : tie("untagged"),
      list: fc.array(tie("node"), { maxLength: 4 }),
      map: fc.dictionary(text, tie("node"), { maxKeys: 4 }),
    };
  }).map;
}

const oneLine = anyText.filter((text) => !text.includes("\n"));

describe("comments", () => {
  it("are whole lines: without them the text is that of the plain data", () => {
    fc.assert(
      fc.property(annotated(oneLine, { tags: false }), (document) => {
        const lines = emit(document).split("\n");
        expect(lines.filter((line) => !/^ *#/.test(line)).join("\n")).toBe(emit(plain(document)));
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it("change nothing for a reader", () => {
    const read = npmYaml("1.2");
    fc.assert(
      fc.property(annotated(anyText, { tags: false }), anyText, (document, header) => {
        expect(read([emit(document, { header })])).toEqual([reading(plain(document))]);
      }),
      { ...SEED, numRuns: 1000 },
    );
  });
});

describe("tags", () => {
  it("change nothing for a reader that ignores them", () => {
    fc.assert(
      fc.property(annotated(anyText, { tags: true }), (document) => {
        const parsed = parseDocument(emit(document), { logLevel: "silent" });
        expect(parsed.errors).toEqual([]);
        expect(reading(parsed.toJS({ mapAsMap: true }))).toEqual(reading(plain(document)));
      }),
      { ...SEED, numRuns: 1000 },
    );
  });
});

describe("empty lines", () => {
  it("are whole lines above entries: without them the text is the same", () => {
    fc.assert(
      fc.property(annotated(oneLine, { tags: true }), fc.nat(4), (document, level) => {
        const seen: number[] = [];
        const text = emit(document, {
          apart: (path) => {
            seen.push(path.length);
            return path.length <= level;
          },
        });
        expect(text.split("\n").filter((line) => line !== "")).toEqual(emit(document).split("\n").slice(0, -1));
        expect(text.split("\n").filter((line) => line === "")).toHaveLength(
          seen.filter((length) => length <= level).length + 1,
        );
      }),
      { ...SEED, numRuns: 1000 },
    );
  });

  it("stand above the comment of an entry, and never above the first", () => {
    const document = { name: "a", jobs: { one: new Commented("why", { steps: [1, 2] }), two: "x\ny\n" } };
    expect(emit(document, { apart: (path) => path.length !== 3 })).toBe(
      "name: a\n\njobs:\n  # why\n  one:\n    steps:\n      - 1\n\n      - 2\n\n  two: |\n    x\n    y\n",
    );
  });

  it("change nothing for a reader", () => {
    const read = npmYaml("1.2");
    fc.assert(
      fc.property(annotated(anyText, { tags: false }), (document) => {
        expect(read([emit(document, { apart: () => true })])).toEqual([reading(plain(document))]);
      }),
      { ...SEED, numRuns: 500 },
    );
  });
});

describe("emit", () => {
  it("gives the same text for the same document, and leaves it as it was", () => {
    fc.assert(
      fc.property(annotated(anyText, { tags: true }), (document) => {
        const before = plain(document);
        const text = emit(document);
        expect(emit(document)).toBe(text);
        expect(plain(document)).toEqual(before);
        expect(plain(before)).toEqual(before);
      }),
      { ...SEED, numRuns: 500 },
    );
  });
});

describeWith("docker-compose", "docker compose merges by the tags that are written", () => {
  const base = {
    name: "t",
    services: {
      a: {
        image: "a",
        ports: ["80:80", "81:81"],
        labels: { keep: "1", drop: "2" },
        environment: { A: "1" },
        command: ["run"],
        cap_add: ["NET_ADMIN"],
        healthcheck: { test: ["CMD", "true"], retries: 3 },
      },
      b: { image: "b" },
    },
  };

  function merged(service: Record<string, YamlNode>, others: Record<string, YamlNode> = {}): Record<string, unknown> {
    const overlay = emit({ services: { a: new Commented("what changes", service), ...others } });
    const { services } = composeConfig([emit(base), overlay], { interpolate: true });
    if (typeof services !== "object" || services === null) throw new Error("no services");
    return { ...services };
  }

  it("removes what is reset", () => {
    const services = merged(
      {
        ports: new Commented("nothing is published", new Tagged("!reset", null)),
        labels: { drop: new Tagged("!reset", null) },
        environment: new Tagged("!reset", { X: "ignored" }),
        cap_add: [new Tagged("!reset", "SYS_TIME"), new Commented("why", "CHOWN")],
      },
      { b: new Tagged("!reset", null) },
    );
    expect(Object.keys(services)).toEqual(["a"]);
    expect(services.a).toMatchObject({ labels: { keep: "1" }, cap_add: ["NET_ADMIN", "CHOWN"] });
    for (const gone of ["ports", "environment", "labels.drop"]) expect(services.a).not.toHaveProperty(gone);
  });

  it("replaces what is overridden", () => {
    const script = '#!/bin/sh\n  set -e\n\nrun "$$@"\n';
    const services = merged({
      ports: new Tagged("!override", ["82:82"]),
      labels: new Tagged("!override", { only: "yes" }),
      environment: new Tagged("!override", {}),
      healthcheck: new Tagged("!override", { test: ["CMD-SHELL", script] }),
      command: new Tagged("!override", [script, "1e3"]),
    });
    expect(services.a).toMatchObject({
      ports: [{ target: 82, published: "82" }],
      labels: { only: "yes" },
      healthcheck: { test: ["CMD-SHELL", script] },
      command: [script, "1e3"],
    });
    expect(services.a).not.toHaveProperty("environment.A");
    expect(services.a).not.toHaveProperty("healthcheck.retries");
  });

  it("reads a tagged text as text", () => {
    const services = merged({ image: new Tagged("!override", "1e3"), hostname: new Tagged("!override", "yes") });
    expect(services.a).toMatchObject({ image: "1e3", hostname: "yes" });
  });
});
