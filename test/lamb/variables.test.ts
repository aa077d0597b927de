import { readFileSync } from "node:fs";
import { EnvVar, LambRelease } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { checkEnv } from "../../lib/env/check";
import { initEnv } from "../../lib/env/init";
import { KNOWLEDGE_STORE } from "../../lib/lamb/facts/knowledge-store";
import { hasPlace } from "../../lib/lamb/left-out";
import { planDeployment } from "../../lib/operate/deployment";
// `lamb-compose variables --json --checkout lamb` at a4836f14; v0.6 reads the same but for the two names of NOT_IN_06. Of
// the knowledge store at 4344732a, and what `config.py` of the branch for its graph reads besides.
import READ from "./variables-read.json" with { type: "json" };

const NOT_IN_06 = ["LAMB_LIBRARY_SERVER_ENABLE", "LAMB_WORKERS"];
const SERVICES = [
  ["lamb", "lamb"],
  ["kb", "kb"],
  ["libraryManager", "library-manager"],
  ["openwebui", "openwebui"],
] as const;

/** Read by libraries of the program: LangSmith's client, uvicorn. */
const BY_LIBRARIES = [
  ...["LANGCHAIN_API_KEY", "LANGCHAIN_ENDPOINT"],
  ...["UVICORN_ACCESS_LOG", "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN"],
];

/** What came to 0.7 after that commit: `moodle/secrets.py` at 7516f577, `config.py` at 13e3e422. */
const LATER = ["LAMB_MOODLE_ENCRYPTION_KEY", "DOCUMENT_RAG_CACHE_ENABLED", "DOCUMENT_RAG_CACHE_TTL_SECONDS"];

describe("what a service's program reads", () => {
  it.each(SERVICES)("has a place: %s", (service, key) => {
    const facts = new LambRelease(LambRelease.upcoming).service(service);
    expect(READ[key].split(" ").filter((name) => !hasPlace(facts, name))).toEqual([]);
  });

  it("has a place: the knowledge store, which gets nothing that it does not read", () => {
    const read = READ["kb-v2"].split(" ");
    expect(read.filter((name) => !hasPlace(KNOWLEDGE_STORE, name))).toEqual([]);
    const isRead = (name: string) => [...read, ...BY_LIBRARIES].includes(name) || PLUGIN_OF_STORE.test(name);
    expect(Object.keys(KNOWLEDGE_STORE.environment).filter((name) => !isRead(name))).toEqual([]);
  });

  it.each(["0.6", "0.7"])("is no name that nothing reads, in the .env of any deployment: LAMB %s", async (release) => {
    const names = Object.values(READ)
      .flatMap((read) => read.split(" "))
      .concat(LATER, LATER_PLACES);
    const said = await saidOf(names.filter((name) => !name.includes("*")).join(" "), { release, tls: "internal" });
    expect([...said].filter(([, text]) => text.includes("unknown-name")).map(([name]) => name)).toEqual([]);
  });

  it.each(
    LambRelease.versions.flatMap((version) => SERVICES.map(([service, key]) => [version, service, key] as const)),
  )("is all that its container gets: LAMB %s, %s", (version, service, key) => {
    const release = new LambRelease(version);
    if (!release.has(service)) return;
    const read = READ[key].split(" ").filter((name) => version !== "0.6" || !NOT_IN_06.includes(name));
    const isRead = (name: string) =>
      read.some((one) => one === name || (one.includes("*") && new RegExp(`^${one.replace("*", ".*")}$`).test(name)));
    const names = Object.keys(release.service(service).environment);
    expect(
      names.filter((name) => !isRead(name) && ![...BY_LIBRARIES, ...(version === "0.6" ? [] : LATER)].includes(name)),
    ).toEqual([]);
  });

  it("has secrets for what is named like one", () => {
    const variables = Object.values(new LambRelease("0.7").service("lamb").environment);
    const open = variables.filter((one) => EnvVar.isEnvVar(one) && /(_KEY|_SECRET|_PASSWORD|TOKEN)$/.test(one.name));
    expect(open.filter((one) => EnvVar.isEnvVar(one) && !one.secret && one.name !== "LTI_GLOBAL_CONSUMER_KEY")).toEqual(
      [],
    );
  });
});

/** What its program puts together: the category of a plugin, and the plugin's name. */
const PLUGIN_OF_STORE = /^(VECTOR_DB|CHUNKING|EMBEDDING)_/;

/** Folders that 0.7 can have elsewhere: `aac/pack_loader.py` at 6132b560. */
const LATER_PLACES = ["LAMB_AAC_PACKS_DIR", "LAMB_AGENT_DOCS_DIR"];

/** LAMB's templates at a4836f14, all lines active, and what of their own values is not of the right form. */
const TEMPLATES: readonly (readonly [file: string, of: string, wrong: readonly string[]])[] = [
  ["backend.env", "backend/.env.example", []],
  // The pages' own address of old, which the browser makes a wrong one of.
  ["next.env", ".env.next.example", ["LAMB_FRONTEND_BASE_URL"]],
  // With a `/` at its end all links of the knowledge base would have two.
  ["kb.env", "lamb-kb-server-stable/backend/.env.example", ["HOME_URL"]],
  ["library.env", "library-manager/backend/.env.example", []],
  ["project.env", ".env.example", []],
];
const template = (file: string) => readFileSync(new URL(`templates/${file}`, import.meta.url), "utf8");

/** What the check of an `.env` says of names, for a deployment that an operator chose. */
async function saidOf(names: string, choices: Parameters<typeof planDeployment>[0]): Promise<Map<string, string>> {
  const { contract } = planDeployment(choices);
  const text = names.replaceAll(" ", "=x\n");
  const problems = await checkEnv(contract, `${text}=x\n`);
  const said = new Map<string, string>();
  for (const { code, name, reason } of problems) said.set(name, `${said.get(name) ?? ""}${code}: ${reason}\n`);
  return said;
}

const DEPLOYMENTS = [
  { release: "0.6", caddy: false },
  { release: "0.6", tls: "internal" },
  { release: "0.7", library: true, ollama: true },
];

describe.each(TEMPLATES)("LAMB's template %s, %s, with all lines active", (file, _, wrong) => {
  it.each(DEPLOYMENTS)("has no name that nothing reads, when LAMB reads it: %j", async (choices) => {
    const problems = await checkEnv(planDeployment(choices).contract, template(file));
    const named = (code: string) => problems.filter((one) => one.code === code).map(({ name }) => name);
    // This one no program ever read.
    expect(named("unknown-name")).toEqual(file === "kb.env" ? ["LAMB_KB_LOG_LEVEL"] : []);
    expect(named("wrong-type")).toEqual(wrong);
  });
});

describe("the mode of a plugin, and a level of a log", () => {
  it.each([
    ["PLUGIN_SIMPLE_INGEST", "ENABLE", undefined],
    ["PLUGIN_SIMPLE_INGEST", "simplified", undefined],
    ["PLUGIN_SIMPLE_INGEST", "ON", "must be DISABLE, SIMPLIFIED or ADVANCED"],
    ["PLUGIN_URL_IMPORT", "ENABLE", undefined],
    ["PLUGIN_OPENAI", "disable", undefined],
    ["PLUGIN_OPENAI", "ADVANCED", "must be DISABLE or ENABLE"],
    ["GLOBAL_LOG_LEVEL", "info", undefined],
    ["RAG_LOG_LEVEL", "LOUD", "must be DEBUG, INFO, WARNING, ERROR or CRITICAL"],
    ["DB_CHECKPOINT_CRON", "*/10", undefined],
    ["DB_CHECKPOINT_CRON", "0 3 * * *", "must be a number of minutes, such as */30 or 30"],
  ])("is one that its program knows, in any case: %s=%s", async (name, value, reason) => {
    const { contract } = planDeployment({ release: "0.7", caddy: false });
    const found = (await checkEnv(contract, `${name}=${value}\n`)).find((one) => one.name === name);
    expect(found?.reason).toBe(reason);
  });
});

describe("a name that means something elsewhere", () => {
  it.each([
    ["LAMB_WORKERS", "from LAMB 0.7 on"],
    ["LAMB_LIBRARY_TOKEN", "The library manager reads it, from LAMB 0.7 on"],
    ["PLUGIN_URL_IMPORT", "The library manager reads it"],
    ["LIBRARY_MANAGER_TOKEN", "The library manager reads it, from LAMB 0.7 on"],
    ["MAX_UPLOAD_SIZE_BYTES", "The library manager gets it from LIBRARY_MANAGER_MAX_UPLOAD_BYTES"],
    ["WEBUI_URL", "Open WebUI gets it from OWI_PUBLIC_BASE_URL"],
    ["DATA_DIR", "the data of each service have their place"],
    ["OPENAI_API_BASE_URLS", "their address is OPENAI_BASE_URL"],
    ["PERMALINK_PREFIX", "The library manager gets its value from these files"],
    ["LAMB_AAC_PACKS_DIR", "must be mounted, too"],
    ["CHUNKING_SIMPLE", "a part of LAMB's deployment reads it that these files do not have"],
    ["PLUGIN_OF_MINE", "no service of these releases has such a plugin"],
    ["LAMB_PUBLIC_HOST", "a part of LAMB's deployment reads it that these files do not have"],
    ["AAC_LOG_PATH", "in its volume"],
    ["WEBUI_NAME", "Open WebUI reads it"],
    ["OAUTH_CLIENT_SECRET", "people come to Open WebUI from LAMB"],
    ["ENABLE_RAG_WEB_SEARCH", "an administrator sets it in Open WebUI"],
    ["OLLAMA_HOST", "LAMB hands keys and addresses of models to the knowledge store"],
    ["JWT_SECRET_KEY", "no part of LAMB"],
  ])("is answered with the reason: %s", async (name, reason) => {
    const said = await saidOf(name, { release: "0.6", caddy: false });
    expect(said.get(name)).toMatch(/^left-out: is a name that these files do not pass on: /);
    expect(said.get(name)).toContain(reason);
  });

  it.each([
    ["0.6", "LAMB_MOODLE_ENCRYPTION_KEY", /^keep the line, if what reads it has ever run here: its data need the same/],
    ["0.6", "LIBRARY_MANAGER_TOKEN", /^keep the line/],
    ["0.7", "KG_RAG_NEO4J_PASSWORD", /^keep the line/],
    ["0.6", "LAMB_WORKERS", /^remove the line/],
    ["0.7", "WEBUI_NAME", /^remove the line, or pass it in a file of your own$/],
  ])("is not advised to be thrown away where data need it again: LAMB %s, %s", async (release, name, fix) => {
    const { contract } = planDeployment({ release, caddy: false });
    const found = (await checkEnv(contract, `${name}=x\n`)).find((one) => one.name === name);
    expect(found).toMatchObject({ code: "left-out", fix: expect.stringMatching(fix) });
  });

  it("is a slip, when it only looks like others and one that is passed on is close", async () => {
    const { contract } = planDeployment({ release: "0.7", caddy: false });
    const [found] = (await checkEnv(contract, "PLUGIN_BANANA_IMGS=DISABLE\n")).filter(({ line }) => line === 1);
    expect(found).toMatchObject({ code: "unknown-name", fix: "did you mean PLUGIN_BANANA_IMG?" });
  });

  it("is told where it belongs, when it is the address of a service that runs elsewhere", async () => {
    const { contract } = planDeployment({ release: "0.6", caddy: false });
    const fixOf = async (name: string, value: string) =>
      (await checkEnv(contract, `${name}=${value}\n`)).find((one) => one.name === name)?.fix;
    expect(await fixOf("LAMB_KB_SERVER", "http://kb2:9090")).toMatch(
      /^remove the line, if .*; one that runs elsewhere is/,
    );
    expect(await fixOf("LAMB_DB_PATH", "/opt/lamb")).toMatch(/whatever stands here$/);
    expect(await fixOf("LAMB_KB_SERVER", "http://kb:9090")).toBe("remove the line");
  });

  it.each([
    ["PIPELINES_BEARER_TOKEN", "LAMB_BEARER_TOKEN"],
    ["PIPELINES_HOST", "LAMB_WEB_HOST"],
    ["LAMB_API_KEY", "LAMB_KB_SERVER_TOKEN"],
  ])("is a former name: %s of %s", async (former, name) => {
    const said = await saidOf(former, { release: "0.6", caddy: false });
    expect(said.get(former)).toContain(`is a former name of ${name}`);
  });
});

describe("the key for tokens of Moodle", () => {
  const choices = { release: "0.7", caddy: false };

  it("is made by init as Fernet reads it, and is not there before 0.7", () => {
    const options = { random: (bytes: number) => new Uint8Array(bytes).map((_, at) => at * 7) };
    const { text } = initEnv(planDeployment(choices).contract, undefined, options);
    expect(text).toMatch(/^LAMB_MOODLE_ENCRYPTION_KEY='?[A-Za-z0-9_-]{43}='?$/m);
    expect(initEnv(planDeployment({ ...choices, release: "0.6" }).contract, undefined, options).text).not.toContain(
      "MOODLE",
    );
  });

  it.each([
    ["4e7f41b2c06f4a0d9b1d7c3a58e2f6904e7f41b2c06f4a0d9b1d7c3a58e2f690", "wrong-type"],
    ["", "openssl rand -base64 32"],
    ["lamb-kg-rag-password", "openssl rand -base64 32"],
  ])("is checked: %j", async (value, expected) => {
    const problems = await checkEnv(planDeployment(choices).contract, `LAMB_MOODLE_ENCRYPTION_KEY=${value}\n`);
    const own = problems.filter(({ name }) => name === "LAMB_MOODLE_ENCRYPTION_KEY");
    expect(own.map(({ code, fix }) => `${code} ${fix}`).join("\n")).toContain(expected);
  });
});
