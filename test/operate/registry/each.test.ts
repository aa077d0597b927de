import { expect, it } from "vitest";
import { eachOf } from "../../../lib/operate/registry/each";

it("works on four at once, and keeps their order", async () => {
  let running = 0;
  let most = 0;
  const results = await eachOf([40, 5, 30, 1, 20, 2, 10, 3, 0], async (time) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, time));
    running--;
    return time;
  });
  expect(results).toEqual([40, 5, 30, 1, 20, 2, 10, 3, 0]);
  expect(most).toBe(4);
  expect(await eachOf([], async () => 1)).toEqual([]);
});
