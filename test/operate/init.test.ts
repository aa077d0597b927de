import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { App } from "../../lib/construct/app";
import { Synthesis } from "../../lib/construct/synth/synthesis";
import { hashOf } from "../../lib/disk/manifest";
import { CaddyOverlay } from "../../lib/lamb/caddy-overlay";
import { LambStack } from "../../lib/lamb/lamb-stack";
import { LambRelease } from "../../lib/lamb/release";
import { type DeploymentChoices, mergedChoices } from "../../lib/operate/choices";
import { CHOICES_FILE, choicesIn, planDeployment } from "../../lib/operate/deployment";
import { checkEnvOf } from "../../lib/operate/env/command";
import { type InitRequest, initialize } from "../../lib/operate/init";
import { keepState } from "../../lib/operate/journal/history";
import { startCommand } from "../../lib/operate/start-command";
import { describeWith, run } from "../support/tools";

const ADMINISTRATOR = [["OWI_ADMIN_EMAIL", "it@uni.edu"]] as const;
const HOSTS = [
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu"],
  ["OWI_PUBLIC_HOST", "chat.uni.edu"],
] as const;
const MAIL = [["CADDY_EMAIL", "it@uni.edu"]] as const;
const ALL = new Map<string, string>([...ADMINISTRATOR, ...HOSTS, ...MAIL]);

let dir = "";
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), "lamb-compose-init-")), "lamb");
});
afterEach(() => rmSync(join(dir, ".."), { recursive: true, force: true }));

const init = (choices: DeploymentChoices, given: ReadonlyMap<string, string> = ALL, more: Partial<InitRequest> = {}) =>
  initialize({ dir, choices, given, ...more });
const read = (name: string) => readFileSync(join(dir, name), "utf8");
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

describe("init", () => {
  it("writes what the program of the example writes", async () => {
    await init({});
    const app = new App({ header: /^# (Made by .*)$/m.exec(read("docker-compose.next.yaml"))?.[1] });
    new CaddyOverlay(new LambStack(app, "next"), "prod");
    const { files } = app.synth();
    for (const [name, text] of files) expect(read(name), name).toBe(text);
    const own = [".env", ".gitignore", ".lamb-compose.json", CHOICES_FILE];
    expect(filesIn(dir)).toEqual([...files.keys(), ...own].sort());
  });

  it("takes a file that a choice leaves out from COMPOSE_FILE too, with which Compose would start nothing", async () => {
    await init({ ownership: true });
    const named = () => (parseDotenv(read(".env")).values.get("COMPOSE_FILE") ?? "").split(":");
    writeFileSync(join(dir, "docker-compose.own.yaml"), "services: {}\n");
    writeFileSync(join(dir, ".env"), read(".env").replace(/^COMPOSE_FILE=.*$/m, "$&:./docker-compose.own.yaml # mine"));
    const before = read(".env");
    const all = named();
    expect(all).toContain("docker-compose.next.ownership.yaml");
    expect((await init({}, new Map())).env.gone).toEqual([]);
    expect(read(".env")).toBe(before);
    expect((await init({ ownership: false }, new Map())).env.gone).toEqual(["docker-compose.next.ownership.yaml"]);
    expect(named()).toEqual(all.filter((name) => !name.includes("ownership")));
    expect(read(".env")).toBe(before.replace(":docker-compose.next.ownership.yaml", ""));
    expect((await init({ caddy: false }, new Map())).start.words).toEqual([]);
    expect(named()).toEqual(["docker-compose.next.yaml", "./docker-compose.own.yaml"]);
    // A run that was killed after its files were written.
    writeFileSync(join(dir, ".env"), before);
    await init({}, new Map());
    expect(named()).toEqual(["docker-compose.next.yaml", "./docker-compose.own.yaml"]);
    const check = await checkEnvOf({ dir, environment: {} });
    expect(check.problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it("takes a release by its tag, and says what is not out and which way it goes", async () => {
    const outside = (version: string) =>
      new LambRelease(version).isOut ? [] : [expect.stringContaining(`LAMB ${version} is not out`)];
    expect((await init({ release: "v0.6" })).notes).toEqual([]);
    expect(JSON.parse(read(CHOICES_FILE))).toMatchObject({ release: "0.6" });
    const on = await init({ release: "v0.7" });
    expect(read("docker-compose.next.yaml")).toContain("LAMB_VERSION:-v0.7");
    expect(on.notes).toEqual([
      ...outside("0.7"),
      expect.stringMatching(/from LAMB 0\.6 on to 0\.7.*`lamb-compose upgrade`/),
      expect.stringContaining("has a version from now on"),
      expect.stringContaining("Uploads move to the folder `public`"),
    ]);
    expect((await init({})).notes).toEqual(outside("0.7"));
    const back = await init({ release: "0.6" });
    expect(back.notes[0]).toMatch(/^This goes back from LAMB 0\.7 to 0\.6.*`lamb-compose rollback`/);
  });

  it("names the command that brings what runs to the release, whatever the files have said since", async () => {
    const commandTo = async (release: string) => (await init({ release })).next.command;
    const start = () =>
      keepState(dir, [], {
        ...{ operation: "up", began: "", ended: "", by: "it", project: "lamb", generation: "", seconds: {} },
        ...{ images: {}, hashes: {}, reloaded: {}, volumes: [] },
      });
    expect(await commandTo("0.7")).toBeUndefined();
    // It never ran: there is nothing to go back to.
    expect(await commandTo("0.6")).toBe("up");
    expect(await commandTo("0.6")).toBeUndefined();
    await start();
    expect([await commandTo("0.7"), await commandTo("0.7")]).toEqual(["upgrade", "upgrade"]);
    // Plain Compose may have started it meanwhile: of that no state is kept.
    expect([await commandTo("0.6"), await commandTo("0.6")]).toEqual(["up", undefined]);
    await init({ release: "0.7" });
    await start();
    expect([await commandTo("0.6"), await commandTo("0.6")]).toEqual(["rollback", "rollback"]);
    expect([await commandTo("0.7"), await commandTo("0.7")]).toEqual(["up", undefined]);
  });

  it("says what is left to do, each with a command for this deployment, and models that the release has", async () => {
    const hints = async (choices: DeploymentChoices, more: readonly (readonly [string, string])[] = []) => {
      const { next } = await init(choices, new Map([...ALL, ...more]));
      return next.hints.map(({ own, compose }) => [...(own ?? []), ...(compose ?? [])].join(" "));
    };
    expect(await hints({ release: "0.6", ownership: true })).toEqual([
      "init --no-ownership",
      "env set OPENAI_API_KEY",
      "init --default-model openai/gpt-4o-mini",
    ]);
    expect(await hints({ release: "0.7", ownership: false })).toContain("init --default-model openai/gpt-5-mini");
    const chosen = [
      ["GLOBAL_DEFAULT_MODEL_PROVIDER", "ollama"],
      ["GLOBAL_DEFAULT_MODEL_NAME", "qwen3:8b"],
    ] as const;
    expect(await hints({ ollama: true })).toEqual([
      "exec ollama ollama pull llama3.1",
      "init --default-model ollama/llama3.1",
    ]);
    expect(await hints({ ollama: true }, chosen)).toEqual(["exec ollama ollama pull qwen3:8b"]);
  });

  it("writes nothing at all while something is missing", async () => {
    await expect(init({}, new Map())).rejects.toMatchObject({ code: "missing-values" });
    expect(existsSync(dir)).toBe(false);
  });

  it.each(["chat.uni.edu:8443", "chat uni edu"])("says what a host name is: %s", async (name) => {
    const refusal = init({}, new Map([...ALL, ["OWI_PUBLIC_HOST", name]]));
    await expect(refusal).rejects.toMatchObject({
      code: "refused-value",
      message: expect.stringContaining("OWI_PUBLIC_HOST must be a host name alone, without a port, such as"),
    });
  });

  it.each(["Lamb.UNI.edu", "lamb.uni.edu."])("refuses one name for LAMB and Open WebUI: %s", async (name) => {
    const refusal = init({}, new Map([...ALL, ["OWI_PUBLIC_HOST", name]]));
    await expect(refusal).rejects.toMatchObject({ code: "refused-value" });
    expect(existsSync(dir)).toBe(false);
  });

  it("asks again for a name that another answer has", async () => {
    const asked: (readonly [string, string | undefined])[] = [];
    const answers = ["lamb.uni.edu", "LAMB.uni.edu", "chat.uni.edu"];
    await init({}, new Map([...ADMINISTRATOR, ...MAIL]), {
      ask: async ({ name }, refused) => {
        asked.push([name, refused?.problem]);
        return answers.shift() ?? "";
      },
    });
    expect(asked.map(([name]) => name)).toEqual(["LAMB_PUBLIC_HOST", "OWI_PUBLIC_HOST", "OWI_PUBLIC_HOST"]);
    expect(asked[2]?.[1]).toContain("names the same host as LAMB_PUBLIC_HOST");
  });

  it("run again, is as it was", async () => {
    await init({});
    const before = filesIn(dir).map((name) => [name, read(name)]);
    const { files, env } = await init({}, new Map());
    expect([files.written, files.removed, env.added, env.notes]).toEqual([[], [], [], []]);
    expect(filesIn(dir).map((name) => [name, read(name)])).toEqual(before);
  });

  it("run again without choices, keeps those of the run before", async () => {
    await init({ release: "0.7", tls: "internal", library: true, ollama: true }, new Map([...ADMINISTRATOR, ...HOSTS]));
    const before = read("docker-compose.next.yaml");
    const { files } = await init({}, new Map());
    expect(files.written).toEqual([]);
    expect(read("docker-compose.next.yaml")).toBe(before);
    expect(parseDotenv(read(".env")).values.get("COMPOSE_PROFILES")).toBe("ollama");
  });

  it("run again with other choices, adds what they need and says what .env must name", async () => {
    await init({ release: "0.6", caddy: false }, new Map(ADMINISTRATOR));
    const before = read(".env");
    expect(parseDotenv(before).values.get("COMPOSE_FILE")).toBe("docker-compose.next.yaml");
    const { env, files } = await init({ release: "0.7", caddy: true, library: true, ollama: true }, ALL);
    expect(files.written).toContain("docker-compose.next.prod.yaml");
    expect(read(".env").startsWith(before)).toBe(true);
    expect(env.added.map(({ name }) => name)).toContain("LAMB_LIBRARY_TOKEN");
    expect(env.notes.join("\n")).toContain("COMPOSE_FILE=docker-compose.next.yaml:docker-compose.next.prod.yaml");
    expect(parseDotenv(read(".env")).values.get("COMPOSE_PROFILES")).toBe("ollama");
  });

  it("adds what Compose must know to an .env of somebody else's, and changes no line of it", async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, ".env"), "FOO=1\nCOMPOSE_PROFILES=\nCOMPOSE_PATH_SEPARATOR=,\n");
    const { deployment, env } = await init({ ollama: true });
    const { values } = parseDotenv(read(".env"));
    expect(read(".env").startsWith("FOO=1\nCOMPOSE_PROFILES=ollama\nCOMPOSE_PATH_SEPARATOR=,\n")).toBe(true);
    expect(values.get("COMPOSE_FILE")).toBe("docker-compose.next.yaml,docker-compose.next.prod.yaml");
    expect(env.notes).toEqual([]);
    expect(startCommand(deployment.contract, dir, env.text, {}).words).toEqual([]);
  });

  it("finds every profile in COMPOSE_PROFILES=*", async () => {
    mkdirSync(dir);
    const files = "docker-compose.next.yaml:docker-compose.next.prod.yaml";
    writeFileSync(join(dir, ".env"), `COMPOSE_FILE=${files}\nCOMPOSE_PROFILES=*\n`);
    const { deployment, env } = await init({ ollama: true });
    expect(env.notes).toEqual([]);
    expect(startCommand(deployment.contract, dir, env.text, {}).words).toEqual([]);
  });

  it("says with which files it starts where COMPOSE_FILE names others, and what else lies there", async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, ".env"), "COMPOSE_FILE=compose.yaml\nCOMPOSE_PROFILES=mine\n");
    writeFileSync(join(dir, "compose.yaml"), "services: {}\n");
    const { deployment, env } = await init({ ollama: true });
    const { words, notes } = startCommand(deployment.contract, dir, env.text, { COMPOSE_PROJECT_NAME: "other" });
    expect(words.join(" ")).toBe(
      "-f docker-compose.next.yaml -f docker-compose.next.prod.yaml --profile mine --profile ollama",
    );
    expect(notes.join("\n")).toMatch(
      /COMPOSE_PROJECT_NAME is set in this shell[\s\S]*compose\.yaml is not this deployment's/,
    );
    writeFileSync(join(dir, "..", "docker-compose.yml"), "services: {}\n");
    expect(startCommand(deployment.contract, dir, env.text, {}).notes.join("\n")).toContain("docker compose in ");
  });

  it("keeps secrets out of git, and adds to a .gitignore that is there", async () => {
    await init({});
    expect(read(".gitignore").split("\n")).toEqual(expect.arrayContaining([".env", ".env.*.bak"]));
    writeFileSync(join(dir, ".gitignore"), "node_modules\n.env\n");
    expect((await init({}, new Map())).gitIgnore.lacking).toContain(".env.*.bak");
    expect(read(".gitignore")).toMatch(/^node_modules\n\.env\n[\s\S]*\n\.env\.\*\.bak\n/);
  });

  it("names a new deployment so that it takes over no other one, and keeps the name of one that is there", async () => {
    const other = { files: new Set(["/srv/other/docker-compose.yaml"]), volumes: ["lamb_lamb-data"] };
    const { notes } = await init({}, ALL, { existing: async () => new Map([["lamb", other]]) });
    expect(parseDotenv(read(".env")).values.get("COMPOSE_PROJECT_NAME")).toBe("lamb-2");
    expect(notes).toEqual([
      expect.stringMatching(/belongs to \/srv\/other\..*lamb_lamb-data, set COMPOSE_PROJECT_NAME=lamb /),
    ]);
    const again = await init({}, new Map(), { existing: async () => new Map([["lamb-2", other]]) });
    expect([again.notes, again.env.added]).toEqual([[], []]);
    writeFileSync(join(dir, ".env"), read(".env").replace(/^COMPOSE_PROJECT_NAME=.*\n/m, ""));
    await init({}, new Map());
    expect(read(".env")).not.toContain("COMPOSE_PROJECT_NAME=");
  });

  it("removes what a later choice leaves out", async () => {
    await init({ tls: "internal" }, new Map([...ADMINISTRATOR, ...HOSTS]));
    const { files } = await init({ caddy: false }, new Map());
    expect([...files.removed].sort()).toEqual(["caddy/Caddyfile.next", "docker-compose.next.prod.yaml"]);
  });

  it("does not overwrite what it did not write, nor what was changed by hand unless it is told to", async () => {
    await init({});
    writeFileSync(join(dir, "docker-compose.next.yaml"), "services: {}\n");
    await expect(init({}, new Map())).rejects.toMatchObject({ code: "edited" });
    await init({}, new Map(), { force: true });
    expect(read("docker-compose.next.yaml")).toContain("openwebui");
    rmSync(join(dir, ".lamb-compose.json"));
    writeFileSync(join(dir, "caddy", "Caddyfile.next"), "mine");
    await expect(init({}, new Map(), { force: true })).rejects.toMatchObject({
      code: "not-ours",
      value: "caddy/Caddyfile.next",
      fix: expect.stringContaining("--dir"),
    });
    expect(read("caddy/Caddyfile.next")).toBe("mine");
  });

  it("chooses the name of a project whose first run did not come to its .env", async () => {
    await init({});
    rmSync(join(dir, ".env"));
    await init({});
    expect(parseDotenv(read(".env")).values.get("COMPOSE_PROJECT_NAME")).toBe("lamb");
    writeFileSync(join(dir, ".env"), read(".env").replace(/^COMPOSE_PROJECT_NAME=.*\n/m, ""));
    await init({}, new Map());
    expect(parseDotenv(read(".env")).values.has("COMPOSE_PROJECT_NAME")).toBe(false);
  });

  it("says that a file is no folder", async () => {
    writeFileSync(dir, "");
    await expect(init({})).rejects.toMatchObject({ code: "not-a-directory", path: dir });
  });

  it("keeps .env when the record says that it was generated", async () => {
    await init({});
    const before = read(".env");
    const record = JSON.parse(read(".lamb-compose.json"));
    record.files[".env"] = [hashOf(before)];
    writeFileSync(join(dir, ".lamb-compose.json"), JSON.stringify(record));
    const { files } = await init({}, new Map());
    expect([files.removed, files.kept]).toEqual([[], []]);
    expect(read(".env")).toBe(before);
  });

  it("does not say that .env is in order when it is gone by the end", async () => {
    await init({});
    const spy = vi.spyOn(Synthesis.prototype, "write").mockImplementationOnce(async () => {
      rmSync(join(dir, ".env"));
      return { written: [], unchanged: [], removed: [], kept: [] };
    });
    await expect(init({}, new Map())).rejects.toMatchObject({ code: "changed-meanwhile" });
    spy.mockRestore();
  });

  it.each([
    ["images.lock.json", "not-a-file"],
    [CHOICES_FILE, "not-a-file"],
    [".env", "not-a-file"],
    [".lamb-compose.json", "bad-manifest"],
    ["docker-compose.next.yaml", "not-ours"],
  ])("refuses a pipe in the place of %s at once", async (name, code) => {
    mkdirSync(dir);
    expect(run("mkfifo", [join(dir, name)]).status).toBe(0);
    await expect(init({})).rejects.toMatchObject({ code });
    expect(readdirSync(dir)).toEqual([name]);
  });

  it.each<[DeploymentChoices, string]>([
    [{ release: "9.9" }, "unknown-release"],
    [{ tls: "magic" }, "unknown-choice"],
    [{ tls: "toString" }, "unknown-choice"],
    [{ tls: "internal", caddy: false }, "choices-disagree"],
    [{ gpu: true }, "choices-disagree"],
    [{ library: true, release: "0.6" }, "choices-disagree"],
  ])("refuses %j", (choices, code) => {
    expect(() => planDeployment(choices)).toThrow(expect.objectContaining({ code }));
  });

  it.each(["", "[]", "{", '{"caddy": 1}', '{"release": 6}', '{"nobody": true}', "null"])(
    "refuses choices of an earlier run that it did not write: %j",
    (text) => {
      expect(() => choicesIn(text)).toThrow(expect.objectContaining({ code: "bad-choices" }));
    },
  );

  it("leaves out what was chosen for Caddy when Caddy is left out", () => {
    expect(mergedChoices({ tls: "internal", ollama: true }, { caddy: false })).toEqual({ caddy: false, ollama: true });
    expect(mergedChoices({ tls: "internal" }, { tls: undefined })).toEqual({ tls: "internal" });
  });
});

const { PATH = "", HOME = "" } = process.env;

describeWith("docker-compose", "Compose takes what init writes", () => {
  it.each<[string, DeploymentChoices, ReadonlyMap<string, string>]>([
    ["as it is", {}, ALL],
    ["without Caddy", { caddy: false }, new Map(ADMINISTRATOR)],
    ["with an own authority", { tls: "internal" }, new Map([...ADMINISTRATOR, ...HOSTS])],
    [
      "with everything, and own certificates",
      { release: "0.7", tls: "certificate", ollama: true, gpu: true, library: true, alias: true },
      new Map([...ADMINISTRATOR, ...HOSTS, ["TLS_FOLDER", "./it's #1 $"], ["TLS_KEY_FILE", "key.pem"]]),
    ],
  ])("%s", async (_, choices, given) => {
    const { env } = await init(choices, given);
    const { status, stdout, stderr } = run(
      "env",
      ["-i", `PATH=${PATH}`, `HOME=${HOME}`, "docker", "compose", "config", "--format", "json"],
      { cwd: dir },
    );
    expect([status, stderr]).toEqual([0, ""]);
    const { services } = JSON.parse(stdout);
    const values = parseDotenv(env.text).values;
    expect(services.lamb.environment.LTI_SECRET).toBe(values.get("LTI_SECRET"));
    expect(services.lamb.environment.LAMB_KB_SERVER_TOKEN).toBe(services.kb.environment.LAMB_API_KEY);
    expect(services.caddy === undefined).toBe(choices.caddy === false);
    expect(services.ollama === undefined).toBe(choices.ollama !== true);
    const folder = { source: join(dir, "it's #1 $$"), target: "/etc/tls" };
    if (choices.tls === "certificate") {
      expect(services.caddy.volumes).toContainEqual(expect.objectContaining(folder));
      expect(services.caddy.environment.TLS_CERTIFICATE_FILE).toBe("fullchain.pem");
    }
  });
});
