import { describe, expect, it } from "vitest";
import { agreement, ended, notAgreed } from "../../lib/cli/switch";

const words = { dir: ".", watch: 0, json: true } as const;

describe("the words that upgrade and rollback share", () => {
  // The tests have no terminal: nobody can be asked.
  it.each([
    ["nobody is asked", words, false],
    ["--yes", { ...words, yes: true }, true],
    ["--plan, whatever else is said", { ...words, yes: true, plan: true }, false],
  ] as const)("%s", async (_, given, agrees) => {
    expect(await agreement(given, () => "the plan")({})).toBe(agrees);
  });

  it("shows the plan where that is all that was asked for, and else says what is missing", () => {
    const json = { plan: { a: 1 } };
    expect(notAgreed({ ...words, plan: true }, "the plan", { a: 1 })).toEqual({
      outcome: "ok",
      text: "the plan",
      json,
    });
    const text = "nothing was done; with --yes it does not ask";
    expect(notAgreed(words, "the plan", { a: 1 })).toEqual({ outcome: "refused", text, json });
  });

  it.each([
    ["ok", {}, "ok", "upgraded; the state is kept as 3, and 2 is the way back"],
    ["failed", {}, "failed", "nothing was touched: what runs is as it was"],
    ["returned", {}, "returned", "everything is back to what it was before, on the data from before"],
    ["returned", { abort: true }, "ok", "everything is back to what it was before, on the data from before"],
    ["stuck", { abort: true }, "stuck", expect.stringContaining("it could not be undone automatically")],
  ] as const)("says of one that %s with %j what there is now", (outcome, given, said, text) => {
    const result = { outcome, error: undefined, second: undefined, facts: { kept: "3" }, state: 2 };
    expect(ended({ ...words, ...given }, "upgraded", result)).toMatchObject({ outcome: said, text });
  });
});
