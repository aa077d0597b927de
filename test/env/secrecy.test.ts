import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEnv, formatEnvProblem } from "../../lib/env/check";
import { SEED } from "../support/property";
import { contractOf } from "./env-stack";

/** Every way in which a program can get hold of a value: types that speak of it, examples, former names. */
const contract = contractOf(
  {
    name: "TOKEN",
    meaning: "key",
    required: true,
    secret: true,
    formerNames: ["OLD_TOKEN"],
    type: (z) => z.string().refine((value) => value === "", { error: ({ input }) => `is not ${String(input)}` }),
  },
  { name: "SHORT", meaning: "key", secret: true, type: (z) => z.string().max(1) },
  {
    name: "THROWS",
    meaning: "key",
    secret: true,
    type: (z) =>
      z.string().transform((value) => {
        throw new Error(value);
      }),
  },
  {
    name: "ADDRESS",
    meaning: "address, with the key in it",
    type: (z) => z.string().refine((value) => value === "", { error: ({ input }) => `is not ${String(input)}` }),
  },
  { name: "MAIL", meaning: "address", required: true, type: (z) => z.email() },
);
const NAMES = ["TOKEN", "OLD_TOKEN", "SHORT", "THROWS"];

/** Long enough that no piece of it is a word of a message by chance. */
const PIECE = 8;
const sign = fc.constantFrom(..."abXY09$#\"'\\= {}:!_-.é");
const line = fc.oneof(
  fc.string({ unit: sign, minLength: PIECE, maxLength: 24 }),
  fc.stringMatching(/^[A-Za-z0-9]{10,24}={0,2}$/),
);
/** Of several lines too: without quotes the second one looks like a name. */
const secret = fc
  .array(line, { minLength: 1, maxLength: 3 })
  .map((lines) => lines.join("\n"))
  .filter((text) => /[a-z0-9]/i.test(text));
const written = fc.constantFrom(
  (value: string) => value,
  (value: string) => `'${value}'`,
  (value: string) => `"${value}"`,
  (value: string) => `"${value}`,
  (value: string) => `${value} # note`,
  (value: string) => `\${${value}}`,
);

/** Pieces of a secret that are long enough to be told from the words around them. */
function pieces(value: string): string[] {
  const words = value.split(/[\n\s"'=:$#{}\\]+/).filter((word) => word.length >= PIECE);
  return [...words, ...value.split("\n").filter((line) => line.length >= PIECE)];
}

function text(name: string, value: string, form: (value: string) => string): string {
  return `${name}=${form(value)}\nADDRESS=https://$TOKEN@host\nMAIL=${value.split("\n")[0]}\n${name}=x\n`;
}

describe("a value never shows in a problem", () => {
  it("whatever it is, and however it is written", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), secret, written, async (name, value, form) => {
        const problems = await checkEnv(contract, text(name, value, form), { environment: { cd: "x" } });
        const shown = `${JSON.stringify(problems)}\n${problems.map((problem) => formatEnvProblem(problem)).join("\n")}`;
        expect(problems.length).toBeGreaterThan(0);
        for (const piece of pieces(value)) expect(shown).not.toContain(piece);
      }),
      { ...SEED, numRuns: 2000 },
    );
  });

  it("nor when it comes from the environment", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...NAMES), secret, async (name, value) => {
        const problems = await checkEnv(contract, "ADDRESS=$TOKEN", { environment: { [name]: value, MAIL: value } });
        for (const piece of pieces(value)) expect(JSON.stringify(problems)).not.toContain(piece);
      }),
      { ...SEED, numRuns: 500 },
    );
  });

  it("while the program's own words do", async () => {
    const told = contractOf({
      name: "ADDRESS",
      meaning: "address",
      type: (z) =>
        z.string().refine(() => false, { error: ({ input }) => `cannot have ${String(input).length} letters` }),
    });
    const [problem] = await checkEnv(told, "ADDRESS=somewhere");
    expect(problem?.reason).toBe("cannot have 9 letters");
  });
});
