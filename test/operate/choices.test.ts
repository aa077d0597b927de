import { describe, expect, it } from "vitest";
import {
  areChoices,
  CHOICE_LIST,
  choicesAmong,
  type DeploymentChoices,
  mergedChoices,
  readWord,
  wordsOf,
} from "../../lib/operate/choices";
import { choicesIn, planDeployment } from "../../lib/operate/deployment";
import { settingsAmong } from "../../lib/operate/settings";

const filesOf = (choices: DeploymentChoices) => [...planDeployment(choices).synthesis.files];
const textOf = (choices: DeploymentChoices) =>
  filesOf(choices)
    .filter(([name]) => name !== "lamb-init.json")
    .map(([name, text]) => `${name}\n${text}`)
    .join("\n");

/** Each choice, what it needs beside it, and what then stands in the files and does not without it. */
type Effect = [choices: DeploymentChoices, says: RegExp, beside?: DeploymentChoices];
const EFFECTS: readonly Effect[] = [
  [{ release: "0.7" }, /LAMB_VERSION:-v0\.7/, { release: "0.6" }],
  [{ tls: "internal" }, /tls internal/],
  [
    { tls: "proxied", trustedProxies: ["10.1.0.0/16", "private_ranges"] },
    /static 10\.1\.0\.0\/16 private_ranges[\s\S]*proxy_pass/,
  ],
  [{ acmeDirectory: "https://acme.uni.edu/dir" }, /acme_ca https:\/\/acme\.uni\.edu\/dir/],
  [{ acmeRoot: true }, /ACME_ROOT_FILE/],
  [{ httpPort: 8080 }, /8080:8080/],
  [{ httpsPort: 8443 }, /"8443:8443\/udp"|- 8443:8443\/udp/],
  [{ openwebuiPort: 9443 }, /\{\$LAMB_PUBLIC_HOST\}:9443/],
  [{ frames: ["https://moodle.uni.edu"] }, /frame-ancestors 'self' https:\/\/moodle\.uni\.edu"/],
  [{ maxUpload: 1000 }, /max_size 1001MiB/],
  [{ maxUpload: 800 }, /MAX_UPLOAD_SIZE_BYTES: "838860800"/, { release: "0.7" }],
  [{ mcp: true }, /MCP clients say/],
  [{ oldLti: true }, /old_lti/],
  [{ ollama: true }, /ollama\/ollama/],
  [{ gpu: true }, /nvidia/, { ollama: true }],
  [{ library: true }, /library-manager/, { release: "0.7", library: false }],
  [{ alias: true }, /- backend/],
  [{ registry: "mirror.uni.edu/lamb" }, /mirror\.uni\.edu\/lamb\/lamb:[\s\S]*mirror\.uni\.edu\/lamb\/caddy:/],
  [{ ownership: true }, /docker-compose\.next\.ownership\.yaml/],
  [{ sealed: true }, /docker-compose\.next\.sealed\.yaml/],
];

describe("what can be chosen", () => {
  it.each<Effect>(EFFECTS)("stands in the files: %j", (choices, says, beside = {}) => {
    expect(textOf(beside)).not.toMatch(says);
    expect(textOf({ ...beside, ...choices })).toMatch(says);
  });

  it("is all of it in the table above, or takes Caddy away", () => {
    const tried = new Set(EFFECTS.flatMap(([choices]) => Object.keys(choices)));
    expect(CHOICE_LIST.map(([name]) => name).filter((name) => !tried.has(name))).toEqual(["caddy"]);
  });

  it.each<Effect>(EFFECTS)("is kept for the next run, and is a command: %j", (choices, _says, beside = {}) => {
    const all = { ...beside, ...choices };
    const kept = filesOf(all).find(([name]) => name === "lamb-init.json")?.[1] ?? "";
    expect(choicesIn(kept)).toEqual(all);
    expect(JSON.parse(kept).madeBy).toBe(["npx lamb-compose init", ...wordsOf(all)].join(" "));
    const words = wordsOf(all);
    for (const [name, { kind }] of CHOICE_LIST) {
      const value: unknown = new Map<string, unknown>(Object.entries(all)).get(name);
      if (value === undefined || kind === "switch") continue;
      expect(words.some((word) => JSON.stringify(readOr(kind, word)) === JSON.stringify(value))).toBe(true);
    }
  });

  it.each<[DeploymentChoices, string]>([
    [{ trustedProxies: ["10.0.0.1"] }, "--tls proxied"],
    [{ tls: "proxied" }, "--trusted-proxies"],
    [{ tls: "internal", acmeRoot: true }, "--tls acme"],
    [{ caddy: false, acmeDirectory: "https://acme.uni.edu" }, "--tls acme"],
    [{ caddy: false, httpPort: 80 }, "--no-caddy"],
    [{ caddy: false, mcp: true }, "--no-caddy"],
    [{ tls: "proxied", trustedProxies: ["private_ranges"], openwebuiPort: 8443 }, "host name of its own"],
    [{ tls: "proxied", trustedProxies: ["private_ranges"], httpsPort: 8443 }, "end TLS here"],
    [{ acmeDirectory: "acme.uni.edu" }, "whole address"],
    [{ acmeDirectory: "acme.uni.edu:9000/directory" }, "at --acme-directory: this is not an address of the web"],
    [{ acmeDirectory: "ftp://acme.uni.edu/directory" }, "at --acme-directory: this is not an address of the web"],
    [{ httpPort: 70_000 }, "at --http-port: this is not a port"],
    [{ openwebuiPort: 70_000 }, "at --openwebui-port: this is not a port"],
    [{ httpPort: 8080, httpsPort: 8080 }, "at --https-port: port 8080 is for something else"],
    [{ httpsPort: 80 }, "at --https-port: port 80 is for something else"],
    [{ openwebuiPort: 443 }, "at --openwebui-port: port 443 is for something else"],
    [{ httpsPort: 8443, openwebuiPort: 8443 }, "at --openwebui-port: port 8443 is for something else"],
    [{ tls: "proxied", trustedProxies: ["10.0.0.1", "nginx"] }, "at --trusted-proxies: this is not an address"],
    [{ acmeDirectory: "https://acme.uni.edu/a b" }, "at --acme-directory"],
    [{ release: "0.9" }, "at --release: is not a release"],
    [{ maxUpload: 1001 }, "at most 1000"],
    [{ frames: ["a b"] }, "at --frames: this is not a source"],
    [{ registry: "Mirror/X" }, "at --registry: is not the name"],
  ])("is refused where it is of no use, with the way out: %j", (choices, fix) => {
    expect(() => planDeployment(choices)).toThrow(fix);
  });

  it("is dropped with what it was for, and stays where that stays", () => {
    const earlier = { tls: "proxied", trustedProxies: ["10.0.0.1"], mcp: true, ollama: true, gpu: true };
    expect(mergedChoices(earlier, { tls: "internal" })).toMatchObject({ mcp: true, trustedProxies: undefined });
    expect(mergedChoices(earlier, { ollama: false })).toMatchObject({ gpu: undefined, mcp: true });
    expect(mergedChoices(earlier, { caddy: false })).toMatchObject({ tls: undefined, mcp: undefined, gpu: true });
    expect(mergedChoices(earlier, {})).toEqual(earlier);
  });

  it("is read as what it is", () => {
    expect([readWord("list", " a, b,c"), readWord("number", "8080"), readWord("text", " x ")]).toEqual([
      ["a", "b", "c"],
      8080,
      "x",
    ]);
    expect(readWord("registry", " https://mirror.uni.edu/lamb/ ")).toBe("mirror.uni.edu/lamb");
    expect(readWord("origins", "https://moodle.uni.edu/course/view.php?id=1,https://*.uni.edu/ http: uni.edu")).toEqual(
      ["https://moodle.uni.edu", "https://*.uni.edu", "http:", "uni.edu"],
    );
    expect(readWord("origins", "moodle.uni.edu:8443/,moodle.uni.edu/course?id=1 *.uni.edu 'none'")).toEqual([
      ...["moodle.uni.edu:8443", "moodle.uni.edu", "*.uni.edu", "'none'"],
    ]);
    for (const word of ["", "0", "-1", "1.5", "1e3", "x"]) expect(() => readWord("number", word)).toThrow(RangeError);
    expect(choicesAmong({ dir: ".", mcp: true, tls: undefined, set: [] })).toEqual({ mcp: true });
    for (const data of [{ mcp: 1 }, { frames: "x" }, { httpPort: 1.5 }, { nobody: true }, { release: null }]) {
      expect(areChoices(data)).toBe(false);
    }
  });
});

describe("what init asks beside files", () => {
  it.each<[words: object, values: object]>([
    [
      { defaultModel: "ollama/llama3.1:8b" },
      { GLOBAL_DEFAULT_MODEL_PROVIDER: "ollama", GLOBAL_DEFAULT_MODEL_NAME: "llama3.1:8b" },
    ],
    [
      { defaultModel: " openai / gpt-4o " },
      { GLOBAL_DEFAULT_MODEL_PROVIDER: "openai", GLOBAL_DEFAULT_MODEL_NAME: "gpt-4o" },
    ],
    [
      { defaultModel: "openai/org/model" },
      { GLOBAL_DEFAULT_MODEL_PROVIDER: "openai", GLOBAL_DEFAULT_MODEL_NAME: "org/model" },
    ],
    [
      { chat: "tags, queries" },
      {
        ENABLE_TAGS_GENERATION: "true",
        ENABLE_RETRIEVAL_QUERY_GENERATION: "true",
        ENABLE_AUTOCOMPLETE_GENERATION: "false",
      },
    ],
    [
      { chat: "none" },
      {
        ENABLE_TAGS_GENERATION: "false",
        ENABLE_RETRIEVAL_QUERY_GENERATION: "false",
        ENABLE_AUTOCOMPLETE_GENERATION: "false",
      },
    ],
    [{}, {}],
  ])("is variables: %j", (words, values) => {
    expect(Object.fromEntries(settingsAmong(words))).toEqual(values);
  });

  it.each([{ defaultModel: "gpt" }, { defaultModel: "/x" }, { chat: "titles" }])("refuses %j", (words) => {
    expect(() => settingsAmong(words)).toThrow(/^--(default-model|chat): It must be/);
  });
});

function readOr(kind: Parameters<typeof readWord>[0], word: string): unknown {
  try {
    return readWord(kind, word);
  } catch {
    return undefined;
  }
}
