import { expect, it } from "vitest";
import { hasOneLayout } from "../../../lib/operate/rollback/rollback";

it.each([
  ["both say the same", "1", "1", false, true],
  ["they say different ones, though the images are the same", "1", "2", true, false],
  ["one does not say, and the images are the same", undefined, "2", true, true],
  ["one does not say, and the images are others", "1", undefined, false, false],
  ["nobody says, and the images are others", undefined, undefined, false, false],
] as const)(
  "an earlier state can run on the data of now as far as it can read them: %s",
  (_, schema, other, images, is) => {
    expect(hasOneLayout(schema, other, images)).toBe(is);
  },
);
