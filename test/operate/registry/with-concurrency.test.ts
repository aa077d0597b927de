import { expect, it } from "vitest";
import { withConcurrency } from "../../../lib/operate/registry/with-concurrency";

it("works on four at once, and keeps their order", async () => {
  let running = 0;
  let most = 0;
  const results = await withConcurrency([40, 5, 30, 1, 20, 2, 10, 3, 0], async (time) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, time));
    running--;
    return time;
  });
  expect(results).toEqual([40, 5, 30, 1, 20, 2, 10, 3, 0]);
  expect(most).toBe(4);
  expect(await withConcurrency([], async () => 1)).toEqual([]);
});
