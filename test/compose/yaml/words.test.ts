import { expect, test } from "vitest";
import { ComposeError } from "../../../lib/compose/error";
import { readDocument } from "../../../lib/compose/loader/document";
import { behaviourOf, type Version } from "../../../lib/compose/version";
import { parseYaml } from "../../../lib/compose/yaml/parser";

/**
 * Texts that are no YAML, and what each release says of them. The answers come from a Go program that calls
 * `loader.LoadModelWithContext` of compose-go, built with the versions that the release has in its go.mod: compose-go 2.9.1
 * and yaml 3.0.4, 2.10.0 and 4.0.0-rc.3, 2.12.1 and 4.0.0-rc.4, 2.16.2 and 4.0.0-rc.6, 2.16.2 and 4.0.0.
 */
const TEXTS: readonly { readonly text: string; readonly words: Readonly<Record<string, string>> }[] = [
  {
    text: "a: [1, 2",
    words: {
      "2.40": "yaml: line 1: did not find expected ',' or ']'",
      "5.0": "yaml: line 1: did not find expected ',' or ']'",
      "5.2": "yaml: while parsing a flow sequence at <unknown position>: line 1: did not find expected ',' or ']'",
      "5.7.0":
        "go-yaml load error in parser (while parsing a flow sequence) at L1.C4-L2.C1: did not find expected ',' or ']'",
      "5.7.1": "yaml: line 2: did not find expected ',' or ']'",
    },
  },
  {
    text: "x: 1\ny: [a\nb: c",
    words: {
      "2.40": "yaml: line 1: did not find expected ',' or ']'",
      "5.0": "yaml: line 1: did not find expected ',' or ']'",
      "5.2":
        "yaml: while parsing a flow sequence at line 1, column 4: line 2, column 2: did not find expected ',' or ']'",
      "5.7.0":
        "go-yaml load error in parser (while parsing a flow sequence) at L2.C4-L3.C2: did not find expected ',' or ']'",
      "5.7.1": "yaml: line 3: did not find expected ',' or ']'",
    },
  },
  {
    text: "a: b\n  c: d\n",
    words: {
      "2.40": "yaml: line 2: mapping values are not allowed in this context",
      "5.0": "yaml: line 2: mapping values are not allowed in this context",
      "5.2": "yaml: line 2, column 4: mapping values are not allowed in this context",
      "5.7.0": "go-yaml load error in scanner at L2.C4: mapping values are not allowed in this context",
      "5.7.1": "yaml: line 2: mapping values are not allowed in this context",
    },
  },
  {
    text: "a: *x",
    words: {
      "2.40": "yaml: unknown anchor 'x' referenced",
      "5.0": "yaml: unknown anchor 'x' referenced",
      "5.2": "yaml: line 1, column 5: unknown anchor 'x' referenced",
      "5.7.0": "go-yaml load error in composer at L1.C4: unknown anchor 'x' referenced",
      "5.7.1": "yaml: line 1: unknown anchor 'x' referenced",
    },
  },
  {
    text: "\n\na: \u0001b",
    words: {
      "2.40": "yaml: control characters are not allowed",
      "5.0": "yaml: control characters are not allowed",
      "5.2": "yaml: offset 5: control characters are not allowed",
      "5.7.0": "go-yaml load error in reader at <unknown position>: control characters are not allowed (value: 1)",
      "5.7.1": "yaml: control characters are not allowed (value: 1)",
    },
  },
  {
    text: "a: 'x",
    words: {
      "2.40": "yaml: found unexpected end of stream",
      "5.0": "yaml: found unexpected end of stream",
      "5.2":
        "yaml: while scanning a quoted scalar at line 1, column 4: line 1, column 6: found unexpected end of stream",
      "5.7.0":
        "go-yaml load error in scanner (while scanning a quoted scalar) at L1.C4-C6: found unexpected end of stream",
      "5.7.1": "yaml: line 1: found unexpected end of stream",
    },
  },
  {
    text: 'a: "\\xZZ"',
    words: {
      "2.40": "yaml: did not find expected hexdecimal number",
      "5.0": "yaml: did not find expected hexadecimal number",
      "5.2":
        "yaml: while scanning a quoted scalar at line 1, column 4: line 1, column 7: did not find expected hexadecimal number",
      "5.7.0":
        "go-yaml load error in scanner (while scanning a quoted scalar) at L1.C4-C7: did not find expected hexadecimal number",
      "5.7.1": "yaml: line 1: did not find expected hexadecimal number",
    },
  },
  {
    text: "a: !foo!bar x",
    words: {
      "2.40": "yaml: found undefined tag handle",
      "5.0": "yaml: found undefined tag handle",
      "5.2": "yaml: while parsing a node at <unknown position>: found undefined tag handle",
      "5.7.0": "go-yaml load error in parser (while parsing a node) at L1.C4: found undefined tag handle",
      "5.7.1": "yaml: line 1: found undefined tag handle",
    },
  },
  {
    text: "a: !x}",
    words: {
      "2.40": "yaml: did not find expected whitespace or line break",
      "5.0": "yaml: did not find expected whitespace or line break",
      "5.2":
        "yaml: while parsing a tag at line 1, column 4: line 1, column 6: found character '}' that is not allowed in a YAML tag",
      "5.7.0":
        "go-yaml load error in scanner (while parsing a tag) at L1.C4-C6: found character '}' that is not allowed in a YAML tag",
      "5.7.1": "yaml: line 1: found character '}' that is not allowed in a YAML tag",
    },
  },
  {
    text: "a: [!x]",
    words: {
      "2.40": "yaml: line 1: did not find expected ',' or ']'",
      "5.0": "yaml: line 1: did not find expected ',' or ']'",
      "5.2":
        "yaml: while parsing a tag at line 1, column 5: line 1, column 7: found character ']' that is not allowed in a YAML tag",
      "5.7.0":
        "go-yaml load error in scanner (while parsing a tag) at L1.C5-C7: found character ']' that is not allowed in a YAML tag",
      "5.7.1": "",
    },
  },
  {
    text: "k: v\nk: v",
    words: {
      "2.40": 'line 2: mapping key "k" already defined at line 1',
      "5.0": 'yaml: unmarshal errors:\n  line 1: line 2: mapping key "k" already defined at line 1',
      "5.2": 'yaml: construct errors:\n  line 1: line 2: mapping key "k" already defined at line 1',
      "5.7.0": 'yaml: construct errors: line 1: line 2: mapping key "k" already defined at line 1',
      "5.7.1": 'yaml: construct errors: line 1: line 2: mapping key "k" already defined at line 1',
    },
  },
  {
    text: "x: !!int z",
    words: {
      "2.40": "yaml: cannot decode !!str `z` as a !!int",
      "5.0": "yaml: unmarshal errors:\n  line 1: yaml: cannot decode !!str `z` as a !!int",
      "5.2": "yaml: construct errors:\n  line 1: yaml: cannot construct !!str `z` as a !!int",
      "5.7.0":
        "yaml: construct errors: line 1: go-yaml load error in resolver at <unknown position>: cannot construct !!str `z` as a !!int",
      "5.7.1":
        "yaml: construct errors: line 1: go-yaml load error in resolver at <unknown position>: cannot construct !!str `z` as a !!int",
    },
  },
  {
    text: "a: {<<: 5}",
    words: {
      "2.40": "yaml: map merge requires map or sequence of maps as the value",
      "5.0": "yaml: unmarshal errors:\n  line 1: yaml: map merge requires map or sequence of maps as the value",
      "5.2": "yaml: construct errors:\n  line 1: yaml: map merge requires map or sequence of maps as the value",
      "5.7.0":
        "yaml: construct errors: line 1: go-yaml load error in constructor at L1.C9: map merge requires map or sequence of maps as the value",
      "5.7.1":
        "yaml: construct errors: line 1: go-yaml load error in constructor at L1.C9: map merge requires map or sequence of maps as the value",
    },
  },
  {
    text: "? {a: b}\n: c\n",
    words: {
      "2.40": 'yaml: invalid map key: map[string]interface {}{"a":"b"}',
      "5.0":
        'yaml: unmarshal errors:\n  line 1: yaml: cannot use \'map[string]interface {}{"a":"b"}\' as a map key; try decoding into yaml.Node',
      "5.2":
        'yaml: construct errors:\n  line 1: yaml: cannot use \'map[string]interface {}{"a":"b"}\' as a map key; try decoding into yaml.Node',
      "5.7.0":
        'yaml: construct errors: line 1: go-yaml load error in constructor at L1.C3: cannot use \'map[string]interface {}{"a":"b"}\' as a map key; try decoding into yaml.Node',
      "5.7.1":
        'yaml: construct errors: line 1: go-yaml load error in constructor at L1.C3: cannot use \'map[string]interface {}{"a":"b"}\' as a map key; try decoding into yaml.Node',
    },
  },
  {
    text: "%TAG x\n---\na: b",
    words: {
      "2.40": "yaml: did not find expected '!'",
      "5.0": "yaml: did not find expected '!'",
      "5.2": "yaml: while parsing a %TAG directive at line 1: line 1, column 6: did not find expected '!'",
      "5.7.0": "go-yaml load error in scanner (while parsing a %TAG directive) at L1.C1-C6: did not find expected '!'",
      "5.7.1": "yaml: line 1: did not find expected '!'",
    },
  },
  {
    text: "---\na: b\n... foo\n",
    words: {
      "2.40": "yaml: line 2: did not find expected <document start>",
      "5.0": "yaml: line 2: did not find expected <document start>",
      "5.2": "yaml: line 2, column 5: did not find expected <document start>",
      "5.7.0": "go-yaml load error in parser at L3.C5: did not find expected <document start>",
      "5.7.1": "yaml: line 3: found unexpected content after document-end marker",
    },
  },
  {
    text: "a: b #c\nd: e#f\ng: [a]#x",
    words: {
      "2.40": "",
      "5.0": "",
      "5.2": "",
      "5.7.0": "",
      "5.7.1": "yaml: line 3: found a comment without preceding whitespace",
    },
  },
  {
    text: "a:\n  b:\n\tc: d",
    words: {
      "2.40": "yaml: line 3: found character that cannot start any token",
      "5.0": "yaml: line 3: found character that cannot start any token",
      "5.2": "yaml: while scanning for the next token at line 3: found character that cannot start any token",
      "5.7.0":
        "go-yaml load error in scanner (while scanning for the next token) at L3.C1: found character that cannot start any token",
      "5.7.1": "yaml: line 3: found character that cannot start any token",
    },
  },
];

function wordsOf(text: string, compose: Version): string {
  const behaviour = behaviourOf(compose);
  const { documents, hasAliases, error } = parseYaml(text, behaviour);
  try {
    for (const document of documents) readDocument(document, "a.yaml", { behaviour, aliases: hasAliases });
  } catch (refusal) {
    if (!(refusal instanceof ComposeError)) throw refusal;
    return refusal.message.replace("failed to parse a.yaml: ", "");
  }
  return error?.words(behaviour) ?? "";
}

test.each(TEXTS)("$text", ({ text, words }) => {
  const releases: readonly Version[] = ["2.40", "5.0", "5.2", "5.7.0", "5.7.1"];
  expect(Object.fromEntries(releases.map((release) => [release, wordsOf(text, release)]))).toEqual(words);
});
