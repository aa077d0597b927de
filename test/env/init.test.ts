import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { checkEnv } from "../../lib/env/check";
import { describeMissing, type EnvInitOptions, initEnv, newSecret } from "../../lib/env/init";
import { SEED } from "../support/property";
import { describeWith } from "../support/tools";
import { compose, contractOf, environmentOf, Stack, stackOf } from "./env-stack";

const { contract } = new Stack();
/** What Compose must know: a file that has it gets none of it. */
const FILES = "COMPOSE_FILE=docker-compose.next.yaml:docker-compose.next.prod.yaml";
const GIVEN = { MAIL: "it@uni.edu", PUBLIC_HOST: "app.uni.edu" };
/** The same bytes each time. */
const counting: EnvInitOptions["random"] = (bytes) => Uint8Array.from({ length: bytes }, (_, index) => index * 8 + 7);
const SECRET = "070f171f272f373f474f575f676f777f878f979fa7afb7bfc7cfd7dfe7eff7ff";

function made(text: string | undefined, given: Readonly<Record<string, string>> = GIVEN) {
  return initEnv(contract, text, { random: counting, given: new Map(Object.entries(given)) });
}

describe("initEnv", () => {
  it("makes a file that has everything that is required, and says where each value comes from", async () => {
    const { text, added, missing } = initEnv(contract, undefined, {
      random: counting,
      given: new Map(Object.entries(GIVEN)),
      template: ".env.next.example",
    });
    expect(missing).toEqual([]);
    expect(Object.fromEntries(parseDotenv(text).values)).toEqual({
      COMPOSE_PATH_SEPARATOR: ":",
      COMPOSE_FILE: "docker-compose.next.yaml:docker-compose.next.prod.yaml",
      TOKEN: SECRET,
      ...GIVEN,
    });
    expect(added).toEqual([
      { name: "COMPOSE_PATH_SEPARATOR", from: "files" },
      { name: "COMPOSE_FILE", from: "files" },
      { name: "MAIL", from: "given" },
      { name: "PUBLIC_HOST", from: "given" },
      { name: "TOKEN", from: "generated" },
    ]);
    expect(text).toContain("# Address of the operator.\nMAIL=it@uni.edu\n");
    expect(text).toContain(".env.next.example");
    expect(await checkEnv(contract, text)).toEqual([]);
  });

  it("names what only the operator knows, all of it", () => {
    const { missing } = made(undefined, {});
    expect(missing.map(({ name }) => name)).toEqual(["MAIL", "PUBLIC_HOST"]);
    expect(missing.map((variable) => describeMissing(variable, contract))).toEqual([
      "MAIL: address of the operator, such as it@campus.example",
      "PUBLIC_HOST: name under which people come, such as app.campus.example (needed by docker-compose.next.prod.yaml)",
    ]);
  });

  it("does not want what only a file needs that does not run", () => {
    const { text, missing } = made(undefined, { COMPOSE_FILE: "docker-compose.next.yaml", MAIL: "it@uni.edu" });
    expect(missing).toEqual([]);
    expect(parseDotenv(text).values.has("PUBLIC_HOST")).toBe(false);
  });

  it("asks the generator for 256 bits for each secret", () => {
    const asked: number[] = [];
    const random = (bytes: number) => {
      asked.push(bytes);
      return randomBytes(bytes);
    };
    const three = ["A_KEY", "B_KEY", "C_KEY"].map((name) => ({ name, meaning: "key", required: true, secret: true }));
    const { text } = initEnv(contractOf(...three), undefined, { random });
    expect(asked).toEqual([32, 32, 32]);
    const values = ["A_KEY", "B_KEY", "C_KEY"].map((name) => parseDotenv(text).values.get(name) ?? "");
    for (const value of values) expect(value).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(values).size).toBe(3);
  });

  it("writes every bit of the bytes", () => {
    expect(newSecret(counting)).toBe(SECRET);
  });

  it("writes a key for Fernet as Fernet reads it: 32 bytes in base64, with - and _", () => {
    const key = { name: "A_KEY", meaning: "key", required: true, secret: true, form: "fernet" } as const;
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => 0xfb - at);
    const { text } = initEnv(contractOf(key), undefined, { random: () => bytes });
    const value = parseDotenv(text).values.get("A_KEY") ?? "";
    expect(value).toMatch(/^[A-Za-z0-9_-]{43}=$/);
    expect(Buffer.from(value, "base64url")).toEqual(Buffer.from(bytes));
  });

  it("adds to a file what it lacks, at its end, and nothing else", () => {
    const before = `# ours\r\n${FILES}\r\nMAIL='me@uni.edu' # mine\r\nPUBLIC_HOST=a.uni.edu`;
    const { text, added } = made(before, {});
    expect(text).toBe(`${before}\r\n\r\n# Key that both services share.\r\nTOKEN=${SECRET}\r\n`);
    expect(added).toEqual([{ name: "TOKEN", from: "generated" }]);
  });

  it.each([
    ["TOKEN=\n", `TOKEN=${SECRET}\n`],
    ["export TOKEN=''  # ours\n", `export TOKEN=${SECRET}  # ours\n`],
    ['TOKEN=""\r\n', `TOKEN=${SECRET}\r\n`],
    ["TOKEN\n", `TOKEN=${SECRET}\n`],
    ["TOKEN='  '\n", `TOKEN=${SECRET}\n`],
    ["TOKEN=old\nTOKEN=\n", `TOKEN=old\nTOKEN=${SECRET}\n`],
  ])("fills in a name without value where it stands: %j", (line, filled) => {
    const rest = `MAIL=me@uni.edu\nPUBLIC_HOST=a.uni.edu\n${FILES}\n`;
    expect(made(`${line}${rest}`, {}).text).toBe(`${filled}${rest}`);
    expect(made(`${rest}${line}# end\n`, {}).text).toBe(`${rest}${filled}# end\n`);
  });

  it("takes over the value of an earlier name", () => {
    const rest = `MAIL=me@uni.edu\n${FILES}\n`;
    const { text, added } = made(`${rest}OLDER_TOKEN='in use'\nOLD_HOST=old.uni.edu\n`, {});
    expect(Object.fromEntries(parseDotenv(text).values)).toMatchObject({
      TOKEN: "in use",
      OLDER_TOKEN: "in use",
      PUBLIC_HOST: "old.uni.edu",
    });
    expect(added).toEqual([
      { name: "TOKEN", from: "moved", formerName: "OLDER_TOKEN" },
      { name: "PUBLIC_HOST", from: "moved", formerName: "OLD_HOST" },
    ]);
  });

  it("does not overwrite a value, and says of all at once that they are there", () => {
    const before = "MAIL=me@uni.edu\nPUBLIC_HOST=a.uni.edu\n";
    expect(() => made(before, { MAIL: "other@uni.edu", PUBLIC_HOST: "b.uni.edu" })).toThrow(
      expect.objectContaining({ code: "already-set", path: "MAIL, PUBLIC_HOST" }),
    );
    expect(made(before, { MAIL: "me@uni.edu" }).text).toContain(before);
  });

  it("leaves alone what Compose cannot read", () => {
    expect(() => made("A=1\nMAIL='x\n")).toThrow(
      expect.objectContaining({ code: "unreadable-env", reason: expect.stringContaining("line 2 ") }),
    );
    expect(() => made("MAIL=me@uni.edu\nTOKEN")).toThrow(expect.objectContaining({ code: "unreadable-env" }));
    const withDollar = `TOKEN=a\${\nMAIL=me@uni.edu\nPUBLIC_HOST=a.uni.edu\n${FILES}\n`;
    expect(made(withDollar, {}).text).toBe(withDollar);
  });

  it.each([
    ["WEB_PORT=1\n", FILES],
    ["WEB_PORT=1\nCOMPOSE_FILE=\n", FILES],
    ["COMPOSE_PATH_SEPARATOR=,\n", FILES.replace(":", ",")],
    ["COMPOSE_FILE=mine.yaml\n", "COMPOSE_FILE=mine.yaml"],
  ])("has a file say what Compose runs, unless it says so: %j", (before, line) => {
    const { text } = made(before);
    expect(text.match(/^COMPOSE_FILE=.*$/gm)).toEqual([line]);
    expect(text.startsWith(before.replace("COMPOSE_FILE=\n", `${line}\n`))).toBe(true);
  });

  it("names a new deployment, and leaves a name that is there", () => {
    const named = (text: string) => initEnv(contract, text, { random: counting, projectName: "new" }).text;
    expect(parseDotenv(named("A=1\n")).values.get("COMPOSE_PROJECT_NAME")).toBe("new");
    expect(parseDotenv(named("COMPOSE_PROJECT_NAME=old\n")).values.get("COMPOSE_PROJECT_NAME")).toBe("old");
  });

  const words = ["", "x", "'x y'", '"x\ny"', "x # note", "$MAIL", "''", '"\\$x"'];
  const line = fc.oneof(
    fc
      .tuple(
        fc.constantFrom("", "export ", " "),
        fc.constantFrom("TOKEN", "OLD_TOKEN", "MAIL", "PUBLIC_HOST", "WEB_PORT", "OTHER"),
        fc.constantFrom("=", ": "),
        fc.constantFrom(...words),
      )
      .map((parts) => parts.join("")),
    fc.constantFrom("", "# TOKEN=", "TOKEN\n", "   ", "# note"),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), fc.constantFrom("", "\n"))
    .map(([lines, end, last]) => (lines.join("\n") + last).replaceAll("\n", end));

  it("keeps every line of any file, but for names without value", () => {
    let grew = 0;
    fc.assert(
      fc.property(file, (before) => {
        const { text, added } = made(before, {});
        const names = added.map(({ name }) => name).join("|");
        const may = new RegExp(`^\\s*(?:export\\s+)?(?:${names})\\s*(?:[=:]|$)`);
        const after = text.split("\n");
        for (const [index, old] of before.replace(/\n$/, "").split("\n").entries()) {
          const now = after[index] ?? "";
          if (old !== "" && now !== old && now !== `${old}\r`) expect(old, JSON.stringify([before, text])).toMatch(may);
        }
        for (const [name, value] of parseDotenv(before).values) {
          const now = parseDotenv(text).values.get(name);
          if (value.trim() !== "") expect(now).toBe(value);
        }
        if (text !== before) grew++;
      }),
      { ...SEED, numRuns: 1000 },
    );
    expect(grew).toBeGreaterThan(300);
  });

  it("has nothing left to do the second time", () => {
    fc.assert(
      fc.property(file, (before) => {
        const once = made(before, {});
        const twice = initEnv(contract, once.text, { random: randomBytes });
        expect(twice).toMatchObject({ text: once.text, added: [] });
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  const anyValue = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."aZ9'\"\\$#={}: \n\r\té-_") }),
    fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
  );

  it("writes any value so that it is read back as it was given", () => {
    const optional = contractOf({ name: "V", meaning: "any", emptyIsValue: true });
    fc.assert(
      fc.property(anyValue, fc.constantFrom(undefined, "", "# x\r\n", "V=\nW=1", "W=1"), (value, before) => {
        const { text } = initEnv(optional, before, { random: counting, given: new Map([["V", value]]) });
        expect(parseDotenv(text).values.get("V")).toBe(value);
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  describeWith("docker-compose", "as Compose reads it", () => {
    it("has any values as they were given, secrets as they were drawn", () => {
      const COUNT = 60;
      const names = Array.from({ length: COUNT }, (_, index) => `V${index}`);
      const { app, template } = stackOf(...names.map((name) => ({ name, meaning: "any", emptyIsValue: true })), {
        name: "KEY",
        meaning: "key",
        required: true,
        secret: true,
      });
      const taken = template.contract(app.synth().context);
      fc.assert(
        fc.property(fc.array(anyValue, { minLength: COUNT, maxLength: COUNT }), fc.boolean(), (values, blank) => {
          const given = new Map(names.map((name, index) => [name, values[index] ?? ""]));
          const before = blank ? names.map((name) => `${name}= \n`).join("\r\n") : undefined;
          const { text } = initEnv(taken, before, { random: counting, given });
          const result = compose(app, blank ? `COMPOSE_FILE=docker-compose.one.yaml\n${text}` : text);
          expect(result.status, result.stderr).toBe(0);
          expect(environmentOf(result, "web")).toEqual({ ...Object.fromEntries(given), KEY: SECRET });
        }),
        { ...SEED, numRuns: 6 },
      );
    });
  });
});
