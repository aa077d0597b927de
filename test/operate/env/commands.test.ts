import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDotenv } from "../../../lib/compose/dotenv/dotenv";
import { formatEnvProblem } from "../../../lib/env/check";
import { ROTATIONS } from "../../../lib/lamb/rotation";
import * as variables from "../../../lib/lamb/variables";
import { planDeployment } from "../../../lib/operate/deployment";
import { type Change, type ChangeRequest, changeVariable } from "../../../lib/operate/env/change";
import { checkEnvOf, type EnvInitCommand, explainEnvOf, planEnvOf } from "../../../lib/operate/env/command";
import { readDeployment } from "../../../lib/operate/env/directory";
import { writeEnvOnDisk } from "../../../lib/operate/env/file";
import { valueOfCommand } from "../../../lib/operate/env/from-command";
import { type EnvPlan, writeEnv } from "../../../lib/operate/env/init";
import { refuseOtherRelease } from "../../../lib/operate/env/other-release";
import { planRotation } from "../../../lib/operate/env/rotate";
import { SEED } from "../../support/property";

const GIVEN = {
  OWI_ADMIN_EMAIL: "it@uni.edu",
  LAMB_PUBLIC_HOST: "lamb.uni.edu",
  OWI_PUBLIC_HOST: "chat.uni.edu",
  CADDY_EMAIL: "it@uni.edu",
};
const SECRETS = [
  ..."LAMB_BEARER_TOKEN LAMB_JWT_SECRET WEBUI_SECRET_KEY LAMB_KB_SERVER_TOKEN SIGNUP_SECRET_KEY".split(" "),
  ..."LTI_SECRET OWI_ADMIN_PASSWORD".split(" "),
];
const synthesis = planDeployment({ release: "0.6" }).synthesis;

let dir = "";
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-env-commands-"));
  await synthesis.write(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const envPath = () => join(dir, ".env");
const here = () => ({ dir, environment: {} });
const valuesNow = () => parseDotenv(readFileSync(envPath(), "utf8")).values;

type Values = Readonly<Record<string, string>>;

async function init(given: Values = GIVEN, more: Partial<EnvInitCommand> = {}): Promise<EnvPlan> {
  const plan = await planEnvOf({ ...here(), given: new Map(Object.entries(given)), ...more });
  await writeEnv(plan);
  return plan;
}

describe("env init", () => {
  it("makes an .env with which all is in order", async () => {
    const { problems, notes } = await init();
    expect([problems, notes]).toEqual([[], []]);
    const values = valuesNow();
    expect(values.get("COMPOSE_FILE")).toBe("docker-compose.next.yaml:docker-compose.next.prod.yaml");
    const drawn = SECRETS.map((name) => values.get(name) ?? "");
    for (const value of drawn) expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(drawn).size).toBe(SECRETS.length);
    expect((await checkEnvOf(here())).problems).toEqual([]);
  });

  it("says at once what is missing, and writes nothing", async () => {
    const refusal = init({ CADDY_EMAIL: "it@uni.edu" });
    await expect(refusal).rejects.toMatchObject({ code: "missing-values" });
    for (const name of ["OWI_ADMIN_EMAIL", "LAMB_PUBLIC_HOST", "OWI_PUBLIC_HOST"]) {
      await expect(refusal).rejects.toThrow(`  - ${name}: `);
    }
    await expect(refusal).rejects.not.toThrow("- CADDY_EMAIL");
    expect(readdirSync(dir)).not.toContain(".env");
  });

  it("asks only for what nobody can guess, and again when the answer cannot be right", async () => {
    const asked: (readonly [string, string | undefined])[] = [];
    const answers: Values = { ...GIVEN, LAMB_PUBLIC_HOST: "lamb.uni.edu" };
    await init(
      {},
      {
        ask: async ({ name }, refused) => {
          asked.push([name, refused?.problem]);
          return name === "LAMB_PUBLIC_HOST" && refused === undefined ? "https://lamb" : (answers[name] ?? "");
        },
      },
    );
    expect(asked.map(([name]) => name)).toEqual([
      "OWI_ADMIN_EMAIL",
      "LAMB_PUBLIC_HOST",
      "LAMB_PUBLIC_HOST",
      "OWI_PUBLIC_HOST",
      "CADDY_EMAIL",
    ]);
    expect(asked[2]?.[1]).toContain("host name");
    expect(valuesNow().get("LAMB_PUBLIC_HOST")).toBe("lamb.uni.edu");
  });

  it("does not take an empty answer for a required variable", async () => {
    let times = 0;
    const { CADDY_EMAIL, ...rest } = GIVEN;
    await init(rest, { ask: async () => (++times < 3 ? "" : CADDY_EMAIL) });
    expect(times).toBe(3);
  });

  it("refuses values that cannot be right, all at once, and writes nothing", async () => {
    const refusal = init({
      ...GIVEN,
      CADDY_EMAIL: "nobody",
      LAMB_PORT: "99999",
      OWI_PUBLIC_HOST: "chat.campus.example",
    });
    await expect(refusal).rejects.toMatchObject({ code: "refused-value" });
    for (const name of ["CADDY_EMAIL", "LAMB_PORT"]) await expect(refusal).rejects.toThrow(`- ${name} `);
    expect(readdirSync(dir)).not.toContain(".env");
  });

  it("does not take a secret from the words of the command", async () => {
    for (const name of ["LTI_SECRET", "OPENAI_API_KEY", "OTHER_PASSWORD"]) {
      const refusal = init({ ...GIVEN, [name]: "hunter2hunter2" });
      await expect(refusal).rejects.toMatchObject({ code: "secret-in-words", path: name });
      await expect(refusal).rejects.not.toThrow("hunter2");
    }
    await init(GIVEN, { givenInPrivate: new Map([["LTI_SECRET", "the LMS has it 'already' $ #"]]) });
    expect(valuesNow().get("LTI_SECRET")).toBe("the LMS has it 'already' $ #");
  });

  it("knows when a name is meant for another", async () => {
    await expect(init({ ...GIVEN, LAMB_PUBLIC_HOTS: "x" })).rejects.toThrow("LAMB_PUBLIC_HOST");
    await expect(init({ ...GIVEN, HOME_URL: "http://x" })).rejects.toThrow("KB_HOME_URL");
    await expect(init({ ...GIVEN, PIPELINES_HOST: "http://x" })).rejects.toThrow("LAMB_WEB_HOST");
    await init({ ...GIVEN, COMPOSE_PROJECT_NAME: "mine" });
    expect(valuesNow().get("COMPOSE_PROJECT_NAME")).toBe("mine");
  });

  it("run again, adds nothing and does not touch the file", async () => {
    await init();
    const before = readFileSync(envPath(), "utf8");
    const { added } = await init({});
    expect(added).toEqual([]);
    expect(readFileSync(envPath(), "utf8")).toBe(before);
  });

  it("run again, adds what a newer deployment needs, and keeps the rest", async () => {
    await init();
    const before = `${readFileSync(envPath(), "utf8")}# mine\n`;
    writeFileSync(envPath(), before);
    await planDeployment({ release: "0.7", library: true }).synthesis.write(dir);
    const { added } = await init({});
    expect(added).toEqual(
      ["LAMB_MOODLE_ENCRYPTION_KEY", "LAMB_LIBRARY_TOKEN"].map((name) => ({ name, from: "generated" })),
    );
    const after = readFileSync(envPath(), "utf8");
    expect(after.startsWith(before)).toBe(true);
  });

  it("fills in a template that was copied", async () => {
    const template = readFileSync(join(dir, ".env.next.example"), "utf8");
    writeFileSync(envPath(), template);
    await init();
    const after = readFileSync(envPath(), "utf8").split("\n");
    const before = template.split("\n");
    expect(after.length).toBe(before.length);
    const changed = before.filter((line, index) => line !== after[index]);
    expect(changed.sort()).toEqual([...SECRETS, ...Object.keys(GIVEN)].map((name) => `${name}=`).sort());
    expect((await checkEnvOf(here())).problems).toEqual([]);
  });

  it("wants nothing for files that do not run", async () => {
    const { added } = await init({ OWI_ADMIN_EMAIL: "it@uni.edu", COMPOSE_FILE: "docker-compose.next.yaml" });
    expect(added.map(({ name }) => name)).not.toContain("LAMB_PUBLIC_HOST");
    expect((await checkEnvOf(here())).problems).toEqual([]);
  });

  it("does not draw a secret of which it does not know who gives it out, unless it is told to", async () => {
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
    const text = "services: {a: {image: x, environment: {A: '${SLACK_TOKEN:?from Slack}', B: '${SALT:?any}'}}}\n";
    writeFileSync(join(dir, "compose.yaml"), text);
    await expect(init({})).rejects.toThrow("SLACK_TOKEN: from Slack");
    await init({}, { generate: ["SALT"], givenInPrivate: new Map([["SLACK_TOKEN", "xoxb-1"]]) });
    expect(valuesNow().get("SLACK_TOKEN")).toBe("xoxb-1");
    expect(valuesNow().get("SALT")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("says where there is no deployment", async () => {
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
    await expect(init()).rejects.toMatchObject({ code: "no-compose-file" });
    await expect(planEnvOf({ dir: join(dir, "no"), environment: {} })).rejects.toMatchObject({ code: "cannot-read" });
    writeFileSync(envPath(), "COMPOSE_FILE=gone.yaml\n");
    await expect(init()).rejects.toMatchObject({ code: "cannot-read", path: join(dir, "gone.yaml") });
  });
});

describe("env check", () => {
  it("finds everything at once", async () => {
    writeFileSync(envPath(), "LTI_SECRET=change-me\nLAMB_PORT=x\nNOBODY_READS=1\n", { mode: 0o644 });
    const { problems, exists, openToOthers } = await checkEnvOf(here());
    expect([exists, openToOthers]).toEqual([true, true]);
    const codes = new Set(problems.map(({ code, name }) => `${code} ${name}`));
    for (const one of ["public-value LTI_SECRET", "wrong-type LAMB_PORT", "unknown-name NOBODY_READS"]) {
      expect(codes).toContain(one);
    }
    expect(codes).toContain("missing LAMB_PUBLIC_HOST");
  });

  it.each([
    [undefined, "LIBRARY_MANAGER_MAX_UPLOAD_BYTES", 501],
    [undefined, "LIBRARY_MANAGER_MAX_ZIP_BYTES", 501],
    [800, "LIBRARY_MANAGER_MAX_ZIP_BYTES", 801],
    [250, "LIBRARY_MANAGER_MAX_ZIP_BYTES", 251],
  ])(
    "lets the library take what this deployment's Caddy lets through: --max-upload %s",
    async (maxUpload, name, most) => {
      await planDeployment({ release: "0.7", maxUpload }).synthesis.write(dir);
      const wrong = async (bytes: number, files?: string) => {
        for (const old of readdirSync(dir)) if (old === ".env") rmSync(envPath());
        await init(files === undefined ? GIVEN : { ...GIVEN, COMPOSE_FILE: files });
        writeFileSync(envPath(), `${readFileSync(envPath(), "utf8")}${name}=${bytes}\n`);
        const { problems } = await checkEnvOf(here());
        return problems.map(({ code, severity, name: of, reason }) => `${severity} ${code} ${of}: ${reason}`);
      };
      const limit = most * 1024 * 1024;
      expect(await wrong(limit)).toEqual([]);
      const reason = `must be at most ${limit}: the proxy lets nothing larger through`;
      expect(await wrong(limit + 1)).toEqual([`error wrong-type ${name}: ${reason}`]);
      // Without Caddy nothing of the deployment stands in the way.
      expect(await wrong(limit + 1, "docker-compose.next.yaml")).toEqual([]);
    },
  );

  it("sees what Compose would see: the environment wins", async () => {
    await init();
    const { problems } = await checkEnvOf({ dir, environment: { LAMB_PORT: "x" } });
    expect(problems.map(({ code, severity, name }) => [code, severity, name])).toEqual([
      ["no-effect", "warning", "LAMB_PORT"],
      ["wrong-type", "error", "LAMB_PORT"],
    ]);
  });

  it("says of a former name without effect that it has none, and not to rename it", async () => {
    await init();
    writeFileSync(envPath(), `${readFileSync(envPath(), "utf8")}PIPELINES_HOST=http://old.uni.edu\n`);
    const said = async () => (await checkEnvOf(here())).problems.map(({ code, fix }) => [code, fix]);
    expect(await said()).toEqual([["no-effect", "remove the line"]]);
    writeFileSync(
      envPath(),
      readFileSync(envPath(), "utf8").replace(/^COMPOSE_FILE=.*$/m, "COMPOSE_FILE=docker-compose.next.yaml"),
    );
    expect(await said()).toContainEqual(["former-name", "rename it to LAMB_WEB_HOST"]);
  });

  it("says who takes away what a value is for, and compares only values that count", async () => {
    await init();
    const before = readFileSync(envPath(), "utf8");
    writeFileSync(envPath(), `${before}LAMB_PORT=8080\nOPENWEBUI_PORT=8080\n`);
    const { problems } = await checkEnvOf(here());
    expect(problems.map(({ code, severity, name }) => [code, severity, name])).toEqual([
      ["no-effect", "warning", "LAMB_PORT"],
      ["no-effect", "warning", "OPENWEBUI_PORT"],
    ]);
    expect(problems[0]?.reason).toContain("docker-compose.next.prod.yaml takes away");
    expect((await explainEnvOf(here(), "LAMB_PORT")).change).toEqual([
      "A value has no effect with the files that run: docker-compose.next.prod.yaml takes away what it is for.",
    ]);
    writeFileSync(
      envPath(),
      readFileSync(envPath(), "utf8").replace(/^COMPOSE_FILE=.*$/m, "COMPOSE_FILE=docker-compose.next.yaml"),
    );
    expect((await checkEnvOf(here())).problems.map(({ code }) => code)).toContain("same-value");
    expect((await explainEnvOf(here(), "LAMB_PORT")).change[0]).toContain("recreates lamb");
  });

  it.each([
    ["v0.7", "remove the line, or go there: `lamb-compose upgrade 0.7`"],
    ["0.9.1", "remove the line"],
    ["v0.6.3", undefined],
    ["sha-9f2c41d07be8", undefined],
  ])("says that the images are of another release than the files: %s", async (tag, fix) => {
    await init();
    writeFileSync(envPath(), `${readFileSync(envPath(), "utf8")}LAMB_VERSION=${tag}\n`);
    const { problems } = await checkEnvOf(here());
    expect(problems.map((one) => [one.code, one.severity, one.fix])).toEqual(
      fix === undefined ? [] : [["other-release", "warning", fix]],
    );
    const refused = refuseOtherRelease(dir, {});
    await (fix === undefined ? refused : expect(refused).rejects.toMatchObject({ code: "other-release" }));
  });

  it("says it of the shell, too, and of files that come after the line", async () => {
    await init({ ...GIVEN, LAMB_VERSION: "v0.6.1" });
    const { problems } = await checkEnvOf({ dir, environment: { LAMB_VERSION: "v0.7" } });
    expect(problems).toMatchObject([{ code: "other-release", fix: expect.stringMatching(/^unset it/) }]);
    await planDeployment({ release: "0.7" }).synthesis.write(dir);
    expect((await init({})).problems).toMatchObject([{ code: "other-release" }]);
  });

  it("finds what is missing without any .env", async () => {
    const { exists, problems } = await checkEnvOf(here());
    expect(exists).toBe(false);
    expect(problems.filter(({ code }) => code === "missing")).toHaveLength(SECRETS.length + Object.keys(GIVEN).length);
  });
});

describe("env explain", () => {
  it("says what is known, and where it is set", async () => {
    await init();
    expect(await explainEnvOf(here(), "LAMB_KB_SERVER_TOKEN")).toMatchObject({
      meaning: "key of the knowledge base; LAMB uses the same",
      required: true,
      secret: true,
      formerNames: ["LAMB_API_KEY"],
      usedBy: ["lamb", "kb"],
      files: ["docker-compose.next.yaml"],
      setIn: expect.stringMatching(/^line \d+ of \.env$/),
      change: expect.arrayContaining([expect.stringContaining("recreates lamb, kb")]),
    });
    const found = await explainEnvOf(here(), "KB_HOME_URL");
    expect(found).toMatchObject({ default: "http://localhost:<KB_PORT>", secret: false });
    expect(found.setIn).toBeUndefined();
  });

  it("knows names that are read no more, and names that were meant for others", async () => {
    await expect(explainEnvOf(here(), "OWI_PATH")).rejects.toMatchObject({ code: "retired-variable" });
    await expect(explainEnvOf(here(), "LTI_SECRETS")).rejects.toThrow("LTI_SECRET?");
  });

  it("takes a name that LAMB reads with other choices for no misspelling, but where LAMB is not", async () => {
    await expect(explainEnvOf(here(), "TLS_KEY_FILE")).rejects.toThrow("it is for a deployment with other choices");
    await expect(init({ ...GIVEN, TLS_FOLDER: "./certs" })).rejects.toThrow(
      "it is for a deployment with other choices",
    );
    writeFileSync(
      join(dir, "compose.yaml"),
      "services: { web: { image: 'web:1', environment: { A: '${OPENAI_API_KEYS}' } } }",
    );
    const elsewhere = { dir, environment: { COMPOSE_FILE: "compose.yaml" } };
    for (const name of readdirSync(dir)) if (name !== "compose.yaml") rmSync(join(dir, name), { recursive: true });
    await expect(explainEnvOf(elsewhere, "OPENAI_API_KEY")).rejects.toThrow("did you mean OPENAI_API_KEYS?");
  });

  it("says what another public address asks of people, where it counts", async () => {
    await init();
    const changes = async (name: string) => (await explainEnvOf(here(), name)).change.join(" ");
    expect(await changes("LAMB_PUBLIC_HOST")).toMatch(/DNS.*learning management system.*`lamb-compose relink`/);
    expect(await changes("OWI_PUBLIC_HOST")).toContain("DNS");
    writeFileSync(
      envPath(),
      readFileSync(envPath(), "utf8").replace(/^COMPOSE_FILE=.*$/m, "COMPOSE_FILE=docker-compose.next.yaml"),
    );
    expect(await changes("LAMB_WEB_HOST")).toMatch(/learning management system.*`lamb-compose relink`/);
  });
});

/** A new value for a secret, as `env rotate` works it out. */
async function rotationOf(name: string) {
  const { contract, env } = await readDeployment(here().dir, {});
  return planRotation(contract, env, name, new Date(0));
}

describe("env set, where nothing runs", () => {
  const told: Change[] = [];
  const set = (name: string, value: string, more: Partial<ChangeRequest> = {}) =>
    changeVariable({
      relinks: async () => false,
      ...here(),
      name,
      value: async () => value,
      progress: { step: () => {}, note: () => {} },
      restart: true,
      abort: false,
      now: new Date(0),
      agrees: async (change) => told.push(change) > 0,
      ...more,
    });

  it.each<[name: string, value: string, becomes: string]>([
    ["LAMB_PORT", "9000", "9000"],
    ["OPENAI_API_KEY", "sk-$1 'x' #2 \\ 4f9A_zQ7 \"", "sk-$1 'x' #2 \\ 4f9A_zQ7 \""],
    ["LAMB_PUBLIC_HOST", " https://other.uni.edu/ ", "other.uni.edu"],
    ["LTI_SECRET", "5b7e1f0a9c3d4e8f6a2b1c0d9e8f7a6b", "5b7e1f0a9c3d4e8f6a2b1c0d9e8f7a6b"],
    [
      "COMPOSE_FILE",
      "docker-compose.next.yaml:docker-compose.own.yaml",
      "docker-compose.next.yaml:docker-compose.own.yaml",
    ],
  ])("gives %s its value, with a backup, and changes nothing else", async (name, value, becomes) => {
    await init();
    writeFileSync(join(dir, "docker-compose.own.yaml"), "services: {}\n");
    const [before, old] = [readFileSync(envPath(), "utf8"), valuesNow()];
    const result = await set(name, value);
    expect(result.kind).toBe("written");
    const now = valuesNow();
    expect(now.get(name)).toBe(becomes);
    expect([...now].filter(([key, text]) => key !== name && old.get(key) !== text)).toEqual([]);
    expect(statSync(envPath()).mode & 0o777).toBe(0o600);
    expect(result.kind === "written" && readFileSync(result.backup ?? "", "utf8")).toBe(before);
    expect(await set(name, value)).toEqual({ kind: "nothing-to-do" });
    if (/KEY|SECRET/.test(name)) expect(JSON.stringify(told)).not.toContain(becomes.slice(0, 12));
  });

  it("names what a new public address asks of people, and no restart for what has no effect", async () => {
    await init();
    expect(await set("LAMB_PUBLIC_HOST", "other.uni.edu")).toMatchObject({
      change: { restarts: ["lamb", "kb", "caddy"], effect: ROTATIONS.get("LAMB_PUBLIC_HOST") },
    });
    const later = { now: new Date(1) };
    expect(await set("LAMB_PORT", "9000", later)).toMatchObject({ change: { restarts: [], effect: undefined } });
  });

  it.each<[name: string, value: string, code: string]>([
    ["LAMB_PORT", "90000", "refused-value"],
    ["OWI_PUBLIC_HOST", "lamb.uni.edu", "refused-value"],
    ["LTI_SECRET", "secret", "refused-value"],
    ["LTI_SECRET", "", "refused-value"],
    ["LTI_SECRETS", "x", "unknown-variable"],
    ["COMPOSE_FILE", "gone.yaml", "cannot-read"],
    ["OWI_PATH", "x", "retired-variable"],
    ["OWI_ADMIN_PASSWORD", "5b7e1f0a9c3d4e8f6a2b1c0d9e8f7a6b", "counts-once"],
  ])("refuses %s=%j", async (name, value, code) => {
    await init();
    const before = readFileSync(envPath(), "utf8");
    await expect(set(name, value)).rejects.toMatchObject({ code });
    expect(readFileSync(envPath(), "utf8")).toBe(before);
  });

  it("does nothing without a yes, and says of one that was cut off that there is none", async () => {
    await init();
    const before = readFileSync(envPath(), "utf8");
    expect(await set("LAMB_PORT", "9000", { agrees: async () => false })).toMatchObject({ kind: "not-agreed" });
    await expect(set("LAMB_PORT", "9000", { abort: true })).rejects.toMatchObject({ code: "nothing-to-abort" });
    expect(readFileSync(envPath(), "utf8")).toBe(before);
  });

  it("takes a value from a command, but for one line break at its end", async () => {
    expect(await valueOfCommand("printf 'a $b\\n\\n'")).toBe("a $b\n");
    await expect(valueOfCommand("exit 3")).rejects.toThrow("ended with 3");
    await expect(valueOfCommand("true")).rejects.toThrow("printed nothing");
    await expect(valueOfCommand("yes")).rejects.toThrow("more than a value");
    await expect(valueOfCommand("head -c 100000 /dev/zero | tr '\\0' x")).rejects.toThrow("more than a value");
  });
});

describe("env rotate", () => {
  it("changes one value, and keeps what was there", async () => {
    await init();
    const before = readFileSync(envPath(), "utf8");
    const old = valuesNow();
    const plan = await rotationOf("LAMB_KB_SERVER_TOKEN");
    expect(plan.restarts).toEqual(["lamb", "kb"]);
    expect(plan.effect?.byHand?.join(" ")).toContain("Organizations save the key");
    await writeEnvOnDisk(plan.env, plan.text, plan.backup);
    expect(readFileSync(plan.backup, "utf8")).toBe(before);
    const now = valuesNow();
    expect(now.get("LAMB_KB_SERVER_TOKEN")).toMatch(/^[0-9a-f]{64}$/);
    expect([...now].filter(([name, value]) => old.get(name) !== value).map(([name]) => name)).toEqual([
      "LAMB_KB_SERVER_TOKEN",
    ]);
    expect(readFileSync(envPath(), "utf8").replace(now.get("LAMB_KB_SERVER_TOKEN") ?? "", "")).toBe(
      before.replace(old.get("LAMB_KB_SERVER_TOKEN") ?? "", ""),
    );
  });

  it("does not change what it did not draw, or what is not there", async () => {
    await init({ ...GIVEN, LAMB_PORT: "9000" });
    const code = (name: string) => rotationOf(name).catch((error: unknown) => error);
    expect(await code("OPENAI_API_KEY")).toMatchObject({ code: "not-generated" });
    expect(await code("LAMB_PORT")).toMatchObject({ code: "not-generated" });
    expect(await code("NOBODY")).toMatchObject({ code: "unknown-variable" });
    writeFileSync(envPath(), "LAMB_API_KEY=x\n");
    expect(await code("LAMB_KB_SERVER_TOKEN")).toMatchObject({ code: "not-set" });
  });

  it("knows what stops working for every secret that is drawn and every public address, and for nothing that is not there", () => {
    const addresses = ["LAMB_PUBLIC_HOST", "LAMB_WEB_HOST", "OWI_PUBLIC_HOST", "OWI_PUBLIC_BASE_URL", "KB_HOME_URL"];
    const known = Object.values(variables).filter(({ name, required, secret }) => {
      return (required && secret) || addresses.includes(name);
    });
    expect([...ROTATIONS.keys()].sort()).toEqual(known.map(({ name }) => name).sort());
  });
});

describe("no value of a secret is shown", () => {
  const sign = fc.constantFrom(..."abXY09$#\"'\\= {}:!_-.é");
  const secret = fc.string({ unit: sign, minLength: 12, maxLength: 24 }).filter((text) => /[a-z0-9]{3}/i.test(text));
  const written = fc.constantFrom(
    (value: string) => value,
    (value: string) => `'${value}'`,
    (value: string) => `"${value}"`,
    (value: string) => `"${value}`,
    (value: string) => `a\n${value}`,
  );
  const line = fc.tuple(fc.constantFrom(...SECRETS, "LAMB_API_KEY", "OPENAI_API_KEY"), written, secret);

  /** Everything that commands hand on to be shown, or throw. */
  async function shown(): Promise<string> {
    const parts: unknown[] = [];
    const keep = async (work: () => Promise<unknown>) =>
      parts.push(await work().catch((error: unknown) => String(error)));
    await keep(async () => {
      const { added, notes, problems } = await planEnvOf({ ...here(), given: new Map(Object.entries(GIVEN)) });
      return [added, notes, problems.map((problem) => formatEnvProblem(problem))];
    });
    await keep(() => planEnvOf(here()).then(({ added, notes, problems }) => [added, notes, problems]));
    await keep(() => checkEnvOf(here()));
    for (const name of SECRETS) {
      await keep(() => explainEnvOf(here(), name));
      await keep(async () => {
        const { text, env, ...plan } = await rotationOf(name);
        return plan;
      });
    }
    return JSON.stringify(parts);
  }

  it("in any answer, whatever stands in the file", async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
        writeFileSync(envPath(), lines.map(([name, write, value]) => `${name}=${write(value)}\n`).join(""));
        const text = await shown();
        answers += text.length;
        for (const [, , value] of lines) {
          for (const piece of value.split(/[\s"'=:$#{}\\]+/).filter((word) => word.length >= 6)) {
            expect(text.includes(piece), JSON.stringify(lines)).toBe(false);
          }
        }
      }),
      { ...SEED, numRuns: 40 },
    );
    expect(answers).toBeGreaterThan(10_000);
  });

  it("in what is asked for, drawn and written", async () => {
    const plan = await init();
    const { text, env, ...rest } = plan;
    const said = JSON.stringify([rest, await shown()]);
    for (const name of SECRETS) expect(said).not.toContain(valuesNow().get(name) ?? "?");
  });
});
