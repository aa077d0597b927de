import { load } from "js-yaml";
import { describe, expect, it, vi } from "vitest";
import {
  Commented,
  EmitError,
  emit,
  isCommented,
  isTagged,
  plain,
  Tagged,
  type YamlNode,
} from "../../../lib/compose/emit/emit";
import { MAX_DEPTH } from "../../../lib/compose/emit/error";

/** What people write without quotes in Compose files, and every reader takes for text. */
const PLAIN = [
  "ghcr.io/lamb-project/lamb:v0.6",
  "CMD-SHELL",
  "/status",
  "http://kb:9090",
  "${LAMB_PORT:-9099}",
  "${LAMB_PORT:-9099}:9099",
  "${SIGNUP_KEY:?set it}",
  "curl -f http://localhost:9099/status || exit 1",
  "unless-stopped",
  "lamb-data:/data:ro",
  "./data:/data",
  "../.env",
  ".env",
  "30s",
  "1m30s",
  "512m",
  "8080/tcp",
  "Universität Köln",
  "数据",
  "a#b",
  "it's",
  "_private",
];

/** Text that one reader or another takes for something else, in the quotes that it gets. */
const QUOTED = [
  ...[
    "",
    " a",
    "a ",
    "yes",
    "No",
    "ON",
    "off",
    "y",
    "N",
    "true",
    "False",
    "null",
    "NULL",
    "~",
    "nan",
    "Inf",
    ".inf",
    ".NaN",
  ],
  ...["1", "-1", "+1", "017", "0o17", "0x1F", "0b1", "1_000", "0.6", "0.6.1", ".5", "1e3", "e3", "1:30", "22:22"],
  ...[
    "8080:80",
    "127.0.0.1:9099:9099",
    "443:443/udp",
    "127.0.0.1:${PORT}:80",
    "127.0.0.1",
    "2024-01-01",
    "2024-01-01T00:00:00Z",
  ],
  ...[
    "-",
    "--flag",
    "=",
    "<<",
    "?",
    "*",
    "&a",
    "!tag",
    "%a",
    "@a",
    "`a`",
    "[a]",
    "{a}",
    "'a'",
    "#a",
    "a: b",
    "a:",
    "a #b",
    "|",
    ">",
    "---",
    "...",
  ],
];

const ESCAPED: readonly (readonly [text: string, written: string])[] = [
  ['say "hi": now', '"say \\"hi\\": now"'],
  ["a\\b: c", '"a\\\\b: c"'],
  ["a\tb", '"a\\tb"'],
  ["a\rb", '"a\\rb"'],
  ["\0\x1b\x7f", '"\\u0000\\u001b\\u007f"'],
  ["\x85\u2028\u2029\ufeff", '"\\u0085\\u2028\\u2029\\ufeff"'],
  ["\u202eabc", '"\\u202eabc"'],
  ["a\xa0b", '"a\\u00a0b"'],
  ["😀", '"😀"'],
];

/** Texts of several lines, below the key `k`. */
const LINES: readonly (readonly [text: string, written: string])[] = [
  ["a\nb", "k: |-\n  a\n  b\n"],
  ["a\nb\n", "k: |\n  a\n  b\n"],
  ["a\n\n\tb\n", "k: |\n  a\n\n  \tb\n"],
  [" a\nb", "k: |2-\n   a\n  b\n"],
  ["# a\n- b: c\n", "k: |\n  # a\n  - b: c\n"],
  ["a\n\n", 'k: "a\\n\\n"\n'],
  ["\na", 'k: "\\na"\n'],
  ["a \nb", 'k: "a \\nb"\n'],
  ["a\r\nb", 'k: "a\\r\\nb"\n'],
  ["\ta\nb", 'k: "\\ta\\nb"\n'],
  ["\n", 'k: "\\n"\n'],
];

const NUMBERS: readonly (readonly [number: number, written: string])[] = [
  [0, "0"],
  [-0, "-0.0"],
  [9099, "9099"],
  [0.5, "0.5"],
  [1e21, "1.0e+21"],
  [1.5e-7, "1.5e-7"],
  [1e-7, "1.0e-7"],
  [2 ** 60, "1152921504606846976"],
  [-(2 ** 68), "-295147905179352825856"],
];

describe("a text", () => {
  it.each(PLAIN)("stands without quotes: %s", (text) => {
    expect(emit({ [text]: [text] })).toBe(`${text}:\n  - ${text}\n`);
  });

  it.each(QUOTED)("stands in double quotes: %s", (text) => {
    expect(emit({ k: text })).toBe(`k: "${text}"\n`);
    expect(emit({ [text]: null })).toBe(`"${text}": null\n`);
  });

  it.each(ESCAPED)("has escapes that every reader knows: %j", (text, written) => {
    expect(emit({ k: text })).toBe(`k: ${written}\n`);
  });

  it.each(LINES)("has its lines below the key, or escapes: %j", (text, written) => {
    expect(emit({ k: text })).toBe(written);
  });

  it("is never folded", () => {
    const text = `${"word ".repeat(1000)}end`;
    expect(emit({ k: text })).toBe(`k: ${text}\n`);
  });

  it("stands alone in a document", () => {
    expect(["a", "yes", "a\nb\n"].map((text) => emit(text))).toEqual(["a\n", '"yes"\n', '"a\\nb\\n"\n']);
  });
});

describe("a number", () => {
  it.each(NUMBERS)("%d is written as %s", (number, written) => {
    expect(emit({ k: number })).toBe(`k: ${written}\n`);
  });
});

describe("a document", () => {
  it("is in block style, in the order of the program", () => {
    const document = {
      name: "next",
      services: {
        web: { image: "web:1", ports: ["80:80"], environment: { B: null, A: "1", C: true }, deploy: {}, profiles: [] },
      },
      "x-lists": [[1, [2, { a: 3, b: [4] }]], [], {}, null, "a\nb\n"],
    };
    expect(emit(document)).toBe(`name: next
services:
  web:
    image: web:1
    ports:
      - "80:80"
    environment:
      B: null
      A: "1"
      C: true
    deploy: {}
    profiles: []
x-lists:
  - - 1
    - - 2
      - a: 3
        b:
          - 4
  - []
  - {}
  - null
  - |
    a
    b
`);
  });

  it("is empty braces, brackets or a scalar when it holds nothing else", () => {
    expect([emit({}), emit([]), emit(null), emit(1)]).toEqual(["{}\n", "[]\n", "null\n", "1\n"]);
  });

  it("announces a key that is too long for readers with a question mark", () => {
    const key = "k".repeat(2000);
    expect(emit({ [key]: 1, a: [{ [key]: { b: 1 } }] })).toBe(`? ${key}\n: 1\na:\n  - ? ${key}\n    :\n      b: 1\n`);
  });

  it("keeps an own key __proto__, and an object without prototype", () => {
    expect(emit(JSON.parse('{"__proto__": {"a": 1}}'))).toBe("__proto__:\n  a: 1\n");
    expect(emit(Object.assign(Object.create(null), { a: 1 }))).toBe("a: 1\n");
  });

  it("writes an object that stands in two places twice", () => {
    const shared = { a: [1] };
    expect(emit({ one: shared, two: shared })).toBe("one:\n  a:\n    - 1\ntwo:\n  a:\n    - 1\n");
  });
});

describe("a comment", () => {
  it("stands above its key or its item, at the same indentation", () => {
    const document = {
      services: new Commented("all of them", {
        web: new Commented("one line\nand another\n\nlast", {
          ports: [new Commented("only here", "80:80"), new Commented("long", { target: new Commented("inside", 80) })],
          cap_drop: new Commented("outer", new Tagged("!override", new Commented("inner", ["ALL"]))),
        }),
      }),
    };
    expect(emit(new Commented("top", document), { header: "Generated.\nDo not edit." })).toBe(`# Generated.
# Do not edit.

# top
# all of them
services:
  # one line
  # and another
  #
  # last
  web:
    ports:
      # only here
      - "80:80"
      # long
      # inside
      - target: 80
    # outer
    # inner
    cap_drop: !override
      - ALL
`);
  });

  it.each(["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "\v", "\f"])("cannot end early: %j", (separator) => {
    expect(emit({ a: new Commented(`x${separator}b: 1`, 1) })).toBe("# x\n# b: 1\na: 1\n");
  });

  it("holds no control characters, nothing invisible and no half characters", () => {
    expect(emit({ a: new Commented("x\0y\x1bz\u202e\ufeff!\t\ud800", 1) }, { header: "\x07h" })).toBe(
      "#  h\n\n# x y z  ! \ufffd\na: 1\n",
    );
  });
});

describe("a tag", () => {
  it("stands before its value", () => {
    const document = {
      a: new Tagged("!reset", null),
      b: new Tagged("!override", { c: 1 }),
      d: new Tagged("!override", []),
      e: [new Tagged("!reset", "80:80"), new Tagged("!override", { f: 1 }), new Tagged("!override", ["g"])],
      h: new Tagged("!override", "x\ny\n"),
    };
    expect(emit(document)).toBe(`a: !reset null
b: !override
  c: 1
d: !override []
e:
  - !reset "80:80"
  - !override
    f: 1
  - !override
    - g
h: !override |
  x
  y
`);
  });
});

describe("tags and comments", () => {
  it("are known across two copies of the package", async () => {
    vi.resetModules();
    const other = await import("../../../lib/compose/emit/emit");
    expect(other.Tagged).not.toBe(Tagged);
    const document = { a: new other.Tagged("!reset", null), b: new other.Commented("why", 1) };
    expect([isTagged(document.a), isCommented(document.b), isTagged(document.b), isCommented({})]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(emit(document)).toBe("a: !reset null\n# why\nb: 1\n");
    expect(plain(document)).toEqual({ a: null, b: 1 });
  });

  it("are gone from plain data, which is a copy", () => {
    const list = [1, new Commented("c", new Tagged("!override", { a: new Commented("d", null) }))];
    const copy = plain({ list });
    list.push(2);
    expect(copy).toEqual({ list: [1, { a: null }] });
    const odd = plain(JSON.parse('{"__proto__": {"a": 1}}'));
    expect(Object.entries(odd ?? {})).toEqual([["__proto__", { a: 1 }]]);
    expect(Object.getPrototypeOf(odd)).toBe(Object.prototype);
  });
});

function nested(levels: number): YamlNode {
  let node: YamlNode = 1;
  for (let level = 0; level < levels; level++) node = level % 2 === 0 ? { a: node } : [node];
  return node;
}

function failure(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    if (error instanceof EmitError) return { code: error.code, path: error.path, message: error.message };
    throw error;
  }
  return undefined;
}

/** A value that a JavaScript program can pass and TypeScript would refuse. */
function untyped(value: unknown): YamlNode {
  const box: { node: YamlNode } = { node: null };
  Object.assign(box, { node: value });
  return box.node;
}

describe("bad input", () => {
  it.each([
    ["nothing", undefined, "of type undefined"],
    ["a function", () => 1, "of type function"],
    ["a symbol", Symbol("s"), "of type symbol"],
    ["a bigint", 1n, "of type bigint"],
    ["a date", new Date(0), "an instance of a class"],
    ["a map", new Map(), "an instance of a class"],
  ])("%s is refused, with its place", (_, value, what) => {
    const message = `services.a[1]: the value is ${what}; YAML has text, numbers, true, false, null, lists and mappings`;
    const document = { services: { a: [1, untyped(value)] } };
    const expected = { code: "yaml-type", path: ["services", "a", 1], message };
    expect(failure(() => emit(document))).toEqual(expected);
    expect(failure(() => plain(document))).toEqual(expected);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("%d is refused", (number) => {
    expect(failure(() => emit({ a: { b: number } }))).toMatchObject({
      code: "yaml-number",
      message: "a.b: the number is not finite",
    });
  });

  it("half a surrogate pair is refused in values and keys, without showing the text", () => {
    const error = {
      code: "yaml-text",
      message: "a[0]: the text has half of a surrogate pair, which UTF-8 cannot hold",
    };
    expect(failure(() => emit({ a: ["hunter2\udc00"] }))).toMatchObject(error);
    expect(failure(() => emit({ a: ["hunter2\n\ud83d x"] }))).toMatchObject(error);
    expect(failure(() => emit({ a: { "\ud83d": 1 } }))).toMatchObject({ code: "yaml-text", path: ["a", "\ud83d"] });
    expect(failure(() => emit("\ud83d"))).toMatchObject({ code: "yaml-text", path: [] });
  });

  it("a second tag, an unknown tag and a tag on the document are refused", () => {
    const twice = { a: new Tagged("!reset", new Commented("c", new Tagged("!override", 1))) };
    const unknown = { a: Object.assign(new Tagged("!reset", 1), { tag: "!reset\nb: 1" }) };
    for (const document of [twice, unknown]) {
      expect(failure(() => emit(document))).toMatchObject({ code: "yaml-tag", path: ["a"] });
    }
    expect(failure(() => emit(new Tagged("!override", {})))).toMatchObject({ code: "yaml-tag", path: [] });
  });

  it("a value that contains itself is refused, with both places", () => {
    const inner: Record<string, YamlNode> = { x: 1 };
    inner.list = [{ again: new Commented("c", inner) }, inner];
    const expected = {
      code: "yaml-cycle",
      path: ["a", "b", "list", 0, "again"],
      message: "a.b.list[0].again: the value contains itself: it is the same object as a.b",
    };
    expect(failure(() => emit({ a: { b: inner } }))).toEqual(expected);
    expect(failure(() => plain({ a: { b: inner } }))).toEqual(expected);
  });

  it("nesting beyond the limit is refused at any depth", () => {
    for (const levels of [MAX_DEPTH + 1, 10_000, 100_000]) {
      const document = nested(levels);
      for (const action of [() => emit(document), () => plain(document)]) {
        const error = failure(action);
        expect(error).toMatchObject({ code: "yaml-depth" });
        expect(error).toHaveProperty("path.length", MAX_DEPTH);
      }
    }
  });

  it("has the limit that js-yaml has", () => {
    const deepest = nested(MAX_DEPTH);
    expect(load(emit(deepest))).toEqual(deepest);
    const text = Array.from({ length: MAX_DEPTH + 1 }, (_, level) => `${"  ".repeat(level)}a:\n`).join("");
    expect(() => load(text)).toThrow(/nesting exceeded/);
  });
});
