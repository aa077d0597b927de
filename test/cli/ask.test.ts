import { expect, it, vi } from "vitest";
import { askVariable, textInTerminal } from "../../lib/cli/ask";

const { text } = vi.hoisted(() => ({ text: vi.fn() }));
vi.mock("@clack/prompts", () => ({ text, password: vi.fn(), log: { warn: vi.fn() } }));

const VARIABLE = {
  ...{ name: "NAME", meaning: "a name", group: "All", required: false, secret: false, emptyIsValue: false },
  ...{ refused: [], formerNames: [], distinctFrom: [], files: [], usedBy: [] },
};

/** Somebody who presses Enter without typing. */
const ENTER = async ({ initialValue, validate }: { initialValue: string; validate?: (value: string) => unknown }) => {
  validate?.(initialValue);
  return initialValue;
};

it.each(["plain", "two\nlines", "\u202Eturned", "soft\u00ADhyphen", "a\ttab"])(
  "leaves %j as it is where somebody only presses Enter",
  async (shown) => {
    text.mockImplementation(ENTER);
    const check = vi.fn();
    expect(await textInTerminal("Value", { shown, check })).toBe(shown);
    expect(check).toHaveBeenCalledWith(shown);
    expect(await askVariable(VARIABLE, { answer: shown, problem: "is refused" })).toBe(shown);
  },
);

it("takes another answer as it was typed", async () => {
  text.mockImplementation(async () => "a\\nb");
  expect(await textInTerminal("Value", { shown: "other", check: () => undefined })).toBe("a\\nb");
});
