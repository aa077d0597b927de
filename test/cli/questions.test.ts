import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { CHOICE_LIST, dashed, SETTINGS, TLS } from "../../lib/operate/choices";
import { type Answers, CTRL_C, DOWN, ENTER, inTerminal as runInTerminal, typed } from "../support/terminal";
import { describeWith } from "../support/tools";

const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-questions-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const inTerminal = (words: readonly string[], answers: Answers) => runInTerminal(words, answers, scratch);
const valuesIn = (dir: string) => parseDotenv(readFileSync(join(scratch, dir, ".env"), "utf8")).values;
const choicesIn = (dir: string) => JSON.parse(readFileSync(join(scratch, dir, "lamb-init.json"), "utf8"));

const BACKSPACE = "\u007f";

const NAMES: Answers = [
  ["reach LAMB", typed("https://lamb.uni.edu/")],
  ["reach Open WebUI", typed("chat.uni.edu")],
];
const ADMINISTRATOR: Answers = [["first administrator", typed("me@uni.edu")]];
const MODELS: Answers = [
  ["provider/model", [ENTER]],
  ["at their price", [ENTER]],
];

const CERTIFICATES: Answers = [["certificates come from", [ENTER]]];
const MAIL: Answers = [["certificate authority", typed("me@uni.edu")]];

/** Words of the command, and what is asked beside them: each choice is in one of them. */
const PATHS: readonly { readonly words: readonly string[]; readonly answers: Answers; readonly choices: object }[] = [
  {
    words: [
      "--openwebui-port",
      "9443",
      "--frames",
      "https://moodle.uni.edu",
      "--max-upload",
      "800",
      "--mcp",
      "--old-lti",
    ],
    answers: [...CERTIFICATES, ...ADMINISTRATOR, ...NAMES.slice(0, 1), ...MAIL, ...MODELS],
    choices: { tls: "acme", openwebuiPort: 9443, maxUpload: 800 },
  },
  {
    words: ["--tls", "acme", "--acme-directory", "https://acme.uni.edu/dir", "--acme-root", "--http-port", "8080"],
    answers: [...ADMINISTRATOR, ...NAMES, ...MAIL, ["Folder on this host", typed("./certs")], ...MODELS],
    choices: { acmeDirectory: "https://acme.uni.edu/dir", acmeRoot: true, httpPort: 8080 },
  },
  {
    words: ["--no-caddy", "--release", "v0.7", "--ollama", "--gpu", "--library", "--registry", "mirror.uni.edu/lamb"],
    answers: [...ADMINISTRATOR, ...MODELS],
    choices: { caddy: false, release: "0.7", ollama: true, gpu: true, library: true },
  },
  {
    words: ["--tls", "internal", "--https-port", "8443", "--alias", "--ownership", "--sealed"],
    answers: [...ADMINISTRATOR, ...NAMES, ...MODELS],
    choices: { tls: "internal", alias: true, ownership: true, sealed: true },
  },
];

/** What is asked for each kind of TLS but the first, in the order in which they are shown. */
const KINDS_OF_TLS: readonly (readonly [name: string, down: number, more: Answers, choices: object])[] = [
  ["internal", 1, NAMES, { tls: "internal" }],
  ["certificate", 2, [...NAMES, ["files of certificates", typed("./certs")]], { tls: "certificate" }],
  ["proxied", 3, NAMES, { tls: "proxied", trustedProxies: ["private_ranges"] }],
  ["none", 4, [], { caddy: false }],
];

describeWith("python", "init at a terminal", () => {
  it.concurrent("asks a server's questions, and says how many, the address and the login", async () => {
    const { status, text } = await inTerminal(
      ["init", "--dir", "server"],
      [
        ["certificates come from", [ENTER]],
        ...ADMINISTRATOR,
        ["reach LAMB", typed("lamb")],
        // What was typed stays: only the rest is added.
        ["must be a full name", typed(".uni.edu")],
        ["reach Open WebUI", typed("lamb.uni.edu")],
        ["names the same host", [...BACKSPACE.repeat(12), ...typed("chat.uni.edu")]],
        ["certificate authority", typed("Me <me@uni.edu>")],
        ["provider/model", [ENTER]],
        ["at their price", [" ", ENTER]],
      ],
    );
    expect([status, text]).toEqual([0, expect.stringContaining("7 questions")]);
    expect(text).toContain("7 of 7");
    expect(text).toMatch(/then open https:\/\/lamb\.uni\.edu and log in as me@uni\.edu; the password is in \.env/);
    const values = valuesIn("server");
    const names = ["LAMB_PUBLIC_HOST", "OWI_PUBLIC_HOST", "CADDY_EMAIL", "GLOBAL_DEFAULT_MODEL_PROVIDER"];
    expect(names.map((name) => values.get(name))).toEqual(["lamb.uni.edu", "chat.uni.edu", "me@uni.edu", "openai"]);
    expect([values.get("ENABLE_TAGS_GENERATION"), values.get("ENABLE_AUTOCOMPLETE_GENERATION")]).toEqual([
      "true",
      "false",
    ]);
    expect(choicesIn("server")).toMatchObject({ tls: "acme" });
  });

  it.concurrent.each(KINDS_OF_TLS)(
    "asks what belongs to the kind of TLS, and nothing else: %s",
    async (name, down, more, choices) => {
      const proxies: Answers = [
        ["Addresses of your proxy", typed("x")],
        ["give an address such as", [BACKSPACE, ENTER]],
      ];
      const { status, text } = await inTerminal(
        ["init", "--dir", name],
        [
          ["certificates come from", [...Array<string>(down).fill(DOWN), ENTER]],
          ...(name === "proxied" ? proxies : []),
          ...ADMINISTRATOR,
          ...more,
          ["provider/model", typed(" x")],
          ["must be a provider", [BACKSPACE, BACKSPACE, ENTER]],
          ...MODELS.slice(1),
        ],
      );
      // Files that are not there yet are an error of the certificate's.
      expect([status, text]).toEqual([
        name === "certificate" ? 1 : 0,
        expect.not.stringContaining("certificate authority"),
      ]);
      expect(choicesIn(name)).toMatchObject(choices);
    },
  );

  it.concurrent.each(PATHS)("asks what is left beside %j", async ({ words, answers, choices }) => {
    const dir = `path-${words.join("").replaceAll(/\W+/g, "-").slice(0, 40)}`;
    const { status, text } = await inTerminal(["init", "--dir", dir, ...words], answers);
    // Files that are not there yet are an error of the certificate's.
    const ends = words.includes("--acme-root") ? 1 : 0;
    expect([status, text]).toEqual([ends, expect.stringContaining(`${answers.length} of ${answers.length}  `)]);
    expect(choicesIn(dir)).toMatchObject(choices);
  });

  it("is tried with each choice, asked or said", () => {
    const said = new Set(PATHS.flatMap(({ words }) => words).map((word) => word.replace(/^--(no-)?/, "")));
    const left = CHOICE_LIST.map(([name]) => dashed(name)).filter((name) => !said.has(name));
    // Asked for in the other tests: all kinds of TLS, and who the proxy is.
    expect(left).toEqual(["trusted-proxies"]);
    expect(["acme", ...KINDS_OF_TLS.map(([name]) => name)]).toEqual([...Object.keys(TLS), "none"]);
    const asked = [...CHOICE_LIST, ...Object.entries<{ readonly question?: string }>(SETTINGS)];
    const questions = asked.flatMap(([, { question }]) => question ?? []);
    const answered = [...CERTIFICATES, ...MODELS, ["Addresses of your proxy"] as const].map(([words]) => words);
    expect(questions.filter((one) => !answered.some((words) => one.includes(words)))).toEqual([]);
  });

  it.concurrent("asks for what an .env lacks, when a later choice needs it", async () => {
    const words = ["--no-caddy", "--default-model", "openai/x", "--chat", "none"];
    expect((await inTerminal(["init", "--dir", "later", ...words], ADMINISTRATOR)).status).toBe(0);
    const { status, text } = await inTerminal(["init", "--dir", "later", "--caddy", "--tls", "internal"], NAMES);
    expect([status, text]).toEqual([0, expect.stringContaining("2 of 2  ")]);
    expect(valuesIn("later").get("OWI_PUBLIC_HOST")).toBe("chat.uni.edu");
  });

  it.concurrent("asks for what a first run could not write: an .env is written last", async () => {
    const words = ["init", "--dir", "broken", "--ollama", "--no-caddy"];
    // As with a full disk: the files are there, and the .env is not.
    expect((await inTerminal(words, [...ADMINISTRATOR, ...MODELS])).status).toBe(0);
    rmSync(join(scratch, "broken", ".env"));
    const { status, text } = await inTerminal(["init", "--dir", "broken"], [...ADMINISTRATOR, ...MODELS]);
    expect([status, text]).toEqual([0, expect.stringContaining("3 of 3  ")]);
    // What was chosen holds: the model is one of Ollama's.
    expect(valuesIn("broken").get("GLOBAL_DEFAULT_MODEL_PROVIDER")).toBe("ollama");
    expect(choicesIn("broken")).toMatchObject({ caddy: false, ollama: true });
  });

  it.concurrent("asks nothing of what words say, and writes nothing when somebody stops", async () => {
    const atTheLast: Answers = [...ADMINISTRATOR, ...MODELS.slice(0, 1), ["at their price", [CTRL_C]]];
    const stopped = await inTerminal(["init", "--dir", "stopped", "--no-caddy"], atTheLast);
    expect([stopped.status, stopped.text]).toEqual([1, expect.stringContaining("nothing was written")]);
    expect(existsSync(join(scratch, "stopped"))).toBe(false);
    const words = [
      "--no-caddy",
      "--set",
      "OWI_ADMIN_EMAIL=me@uni.edu",
      "--chat",
      "none",
      "--default-model",
      "openai/x",
    ];
    const said = await inTerminal(["init", "--dir", "said", ...words], []);
    expect([said.status, said.text]).toEqual([0, expect.not.stringMatching(/\d of \d/)]);
    const again = await inTerminal(["init", "--dir", "said"], []);
    expect([again.status, again.text]).toEqual([0, expect.not.stringMatching(/\d of \d/)]);
  });

  it.concurrent("asks for a value without showing it, and again for a yes before a secret is drawn anew", async () => {
    const words = [
      "--no-caddy",
      "--set",
      "OWI_ADMIN_EMAIL=me@uni.edu",
      "--chat",
      "none",
      "--default-model",
      "openai/x",
    ];
    await inTerminal(["init", "--dir", "key", ...words], []);
    const set = await inTerminal(
      ["env", "set", "OPENAI_API_KEY", "--dir", "key"],
      [["Value of OPENAI_API_KEY", typed("sk-4711-typed")]],
    );
    expect([set.status, set.text]).toEqual([0, expect.not.stringContaining("4711")]);
    expect(valuesIn("key").get("OPENAI_API_KEY")).toBe("sk-4711-typed");
    const secret = valuesIn("key").get("LTI_SECRET");
    const rotated = await inTerminal(
      ["env", "rotate", "LTI_SECRET", "--dir", "key"],
      [["Give LTI_SECRET a new value?", [ENTER]]],
    );
    expect([rotated.status, rotated.text]).toEqual([0, expect.stringContaining("nothing was changed")]);
    expect(valuesIn("key").get("LTI_SECRET")).toBe(secret);
  });

  it.concurrent("answers an edited file with what was edited, and where it belongs", async () => {
    const words = ["init", "--dir", "edited", "--no-caddy", "--set", "OWI_ADMIN_EMAIL=me@uni.edu", "--chat", "none"];
    expect((await inTerminal([...words, "--default-model", "openai/x"], [])).status).toBe(0);
    const file = join(scratch, "edited", "docker-compose.next.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("name: lamb\n", "name: mine\n"));
    const { status, text } = await inTerminal(["init", "--dir", "edited"], []);
    expect(status).toBe(1);
    expect(text).toMatch(/-name: mine\s+\+name: lamb/);
    expect(text).toContain("docker-compose.own.yaml");
  });
});

describeWith("python", "a command at a terminal, where another one was cut off", () => {
  const cutOff = (dir: string, operation = "upgrade") => {
    mkdirSync(join(scratch, dir, ".lamb-compose"), { recursive: true });
    const record = { version: 1, operation, began: "x", direction: "forward", step: "copy", facts: {} };
    writeFileSync(join(scratch, dir, ".lamb-compose", "operation.json"), JSON.stringify(record));
  };

  it.concurrent.each([
    ["upgrade", [ENTER], "first: continue it: lamb-compose upgrade"],
    ["relink", [DOWN, ENTER], "first: take it back: lamb-compose relink"],
  ] as const)("asks what becomes of that, and does it first: %s", async (operation, keys, first) => {
    cutOff(operation, operation);
    const { status, text } = await inTerminal(["up", "--dir", operation], [["was interrupted at", keys]]);
    expect(text).toContain(`lamb-compose ${operation} was interrupted at "copy"`);
    expect([text, text]).toEqual([expect.stringContaining("continue it"), expect.stringContaining("take it back")]);
    // This one was written by hand, and does not come to its end: then `up` does not begin.
    expect(status).toBe(1);
    expect(text.slice(text.indexOf(first)).split(/\s*\n/)).toEqual([
      first,
      expect.stringContaining(`\`${operation}\` was interrupted at "copy", and`),
      expect.stringContaining("bad-journal at .lamb-compose/operation.json: "),
      expect.stringContaining("fix: "),
      "",
    ]);
  });

  it.concurrent("begins nothing when somebody stops", async () => {
    cutOff("neither");
    const { status, text } = await inTerminal(["up", "--dir", "neither"], [["was interrupted at", [CTRL_C]]]);
    expect([status, text]).toEqual([4, expect.stringContaining("or add --cut-off resume, or --cut-off abort, here")]);
  });
});
