import { describe, expect, it } from "vitest";
import type { EnvVarProps } from "../../lib/construct/env-var";
import { checkEnv } from "../../lib/env/check";
import { contractOf } from "./env-stack";

type Type = NonNullable<EnvVarProps["type"]>;

async function mistake(type: Type, value: string, secret = false): Promise<string | undefined> {
  const contract = contractOf({ name: "VALUE", meaning: "any", secret, type });
  const problems = await checkEnv(contract, `VALUE='${value}'`);
  return problems.find(({ code }) => code === "wrong-type")?.reason;
}

const spoken: [string, Type, string, string | undefined][] = [
  ["an address", (z) => z.url(), "x", "is not an address with its scheme, such as https://lamb.campus.example"],
  ["an address", (z) => z.url(), "https://a.edu", undefined],
  ["mail", (z) => z.email(), "x", "is not an e-mail address"],
  ["a host", (z) => z.hostname(), "a b", "is not a host name"],
  ["an address of the net", (z) => z.ipv4(), "1.2.3", "is not an IPv4 address"],
  ["an unknown format", (z) => z.stringFormat("post_code", /^\d{5}$/), "x", "is not a valid post code"],
  ["a form", (z) => z.string().regex(/^a/), "x", "is not of the form that it must have"],
  ["a form in words", (z) => z.string().regex(/^a/, "must begin with an a"), "x", "must begin with an a"],
  ["a beginning", (z) => z.string().startsWith("https://"), "x", "must begin with https://"],
  ["an end", (z) => z.string().endsWith("/"), "x", "must end with /"],
  ["one of several", (z) => z.enum(["on", "off"]), "x", "must be one of on, off"],
  ["a single one", (z) => z.literal("on"), "x", "must be on"],
  ["a number", (z) => z.string().pipe(z.coerce.number()), "x", "is not a number"],
  ["a whole number", (z) => z.string().pipe(z.coerce.number<string>().int()), "1.5", "is not a whole number"],
  ["a limit", (z) => z.string().pipe(z.coerce.number<string>().max(9)), "10", "must be at most 9"],
  ["a limit left out", (z) => z.string().pipe(z.coerce.number<string>().gt(9)), "9", "must be more than 9"],
  ["a step", (z) => z.string().pipe(z.coerce.number<string>().multipleOf(2)), "3", "must be a multiple of 2"],
  ["a length", (z) => z.string().min(8), "x", "must have at least 8 characters"],
  [
    "two at once",
    (z) => z.string().min(8).startsWith("a"),
    "x",
    "must have at least 8 characters, and must begin with a",
  ],
  [
    "alternatives",
    (z) => z.union([z.string().pipe(z.coerce.number()), z.literal("none")]),
    "x",
    "is not of the form that it must have",
  ],
  ["an answer that takes time", (z) => z.string().refine(async () => false, "must be free"), "x", "must be free"],
];

describe("zod's answer as a clause", () => {
  it.each(spoken)("%s", async (_, type, value, clause) => {
    expect(await mistake(type, value)).toBe(clause);
  });
});

describe("words of the program", () => {
  const flag: Type = (z) => z.string().regex(/^(true|false)$/, "must be true or false");
  const speaks: Type = (z) => z.string().refine(() => false, { error: ({ input }) => `is not ${String(input)}` });
  const reasonsOf = async (type: Type, env: string) => {
    const contract = contractOf({ name: "VALUE", meaning: "any", type }, { name: "OTHER", meaning: "any" });
    return (await checkEnv(contract, env)).map(({ reason }) => reason);
  };

  it("are said, though the value of another variable is one of them by chance", async () => {
    expect(await reasonsOf(flag, "VALUE=yes\nOTHER=true\n")).toEqual(["must be true or false"]);
  });

  it("are not said when they have a value in them", async () => {
    expect(await reasonsOf(speaks, "VALUE=hidden\n")).toEqual(["is not of the form that it must have"]);
    expect(await reasonsOf(speaks, "VALUE=my-hidden\nOTHER=hidden\n")).toEqual([
      "is not of the form that it must have",
    ]);
  });
});

describe("of a secret", () => {
  it("only the length is spoken of", async () => {
    expect(await mistake((z) => z.string().min(8), "x", true)).toBe("must have at least 8 characters");
    expect(await mistake((z) => z.literal("other"), "x", true)).toBe("is not of the form that it must have");
    expect(await mistake((z) => z.string().regex(/^a/, "must begin with an a"), "x", true)).toBe(
      "is not of the form that it must have",
    );
  });
});

it("an empty value is checked where it is a value", async () => {
  const type: Type = (z) => z.string().min(1);
  const check = (emptyIsValue: boolean) =>
    checkEnv(contractOf({ name: "VALUE", meaning: "any", emptyIsValue, type }), "VALUE=");
  expect(await check(false)).toEqual([]);
  expect((await check(true)).map(({ code }) => code)).toEqual(["wrong-type"]);
});
