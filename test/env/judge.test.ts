import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import { checkEnv } from "../../lib/env/check";
import { envValue } from "../../lib/env/quote";
import { SEED } from "../support/property";
import { describeWith } from "../support/tools";
import { compose, environmentOf, stackOf } from "./env-stack";

const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aZ9'\"\\$#={}: \n\r\t\0é\u2028".replace("\0", "")) }),
  fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")),
);

describe("envValue", () => {
  it.each([
    ["", ""],
    ["https://a.edu:80/x?y", "'https://a.edu:80/x?y'"],
    ["ghcr.io/a/b:1.0@sha256:0f", "ghcr.io/a/b:1.0@sha256:0f"],
    ["a b", "'a b'"],
    ["ab$cd", "'ab$cd'"],
    ["it's", '"it\'s"'],
    ["a\nb", '"a\\nb"'],
  ])("%j → %j", (value, text) => {
    expect(envValue(value)).toBe(text);
  });

  it("stands on one line", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(envValue(value)).not.toContain("\n");
      }),
      SEED,
    );
  });
});

const COUNT = 100;
const names = Array.from({ length: COUNT }, (_, index) => `V${index}`);

describeWith("docker-compose", "Compose agrees", () => {
  it("on every value that envValue writes", () => {
    const { app } = stackOf(...names.map((name) => ({ name, meaning: "any", emptyIsValue: true })));
    fc.assert(
      fc.property(fc.array(anyText, { minLength: COUNT, maxLength: COUNT }), (values) => {
        const env = values.map((value, index) => `V${index}=${envValue(value)}\n`).join("");
        const result = compose(app, `COMPOSE_FILE=docker-compose.one.yaml\n${env}`);
        expect(result.status, result.stderr).toBe(0);
        expect(environmentOf(result, "web")).toEqual(Object.fromEntries(values.map((value, i) => [`V${i}`, value])));
      }),
      { ...SEED, numRuns: 20 },
    );
  });

  it("that a file without errors is good, and that one which it refuses has an error", async () => {
    const { app, template } = stackOf(
      { name: "NEEDED", meaning: "needed", required: true, formerNames: ["NEEDFUL"] },
      { name: "OTHER", meaning: "other", formerNames: ["OTHERS"], default: "d" },
    );
    const contract = template.contract(app.synth().context);
    const name = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom("NEEDED", "NEEDFUL", "OTHER", "OTHERS", "MORE_OF_IT") },
      { weight: 1, arbitrary: fc.constantFrom("a b", "") },
    );
    const value = fc.constantFrom(
      "",
      "v",
      "v w",
      "'v",
      '"v w"',
      "$NEEDED",
      "$NO",
      "${",
      "${NO:?x}",
      "'${'",
      '"\\${"',
      " #",
    );
    const line = fc.oneof(
      fc.tuple(name, fc.constantFrom("=", ": ", "\n", " = "), value).map((parts) => parts.join("")),
      fc.constantFrom("# note", "", "v", "export NEEDED=v"),
    );
    const file = fc.array(line, { maxLength: 5 }).map((lines) => lines.join("\n"));
    let [accepted, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(file, async (text) => {
        const whole = `COMPOSE_FILE=docker-compose.one.yaml\nNEEDED=first\n${text}`;
        const problems = await checkEnv(contract, whole);
        const isGood = problems.every(({ severity }) => severity !== "error");
        const result = compose(app, whole);
        if (isGood) {
          accepted++;
          expect(result.status, `${JSON.stringify(whole)} ${result.stderr}`).toBe(0);
          const seen = parseDotenv(whole).values;
          expect(environmentOf(result, "web").NEEDED).toBe(seen.get("NEEDED"));
        }
        if (result.status !== 0) refused++;
        expect(isGood && result.status !== 0).toBe(false);
      }),
      { ...SEED, numRuns: 80 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(10);
  });
});
