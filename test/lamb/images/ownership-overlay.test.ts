import { LambRelease, LambStack, LibraryManager } from "lamb-compose";
import { OwnershipOverlay } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";
import { expect, it } from "vitest";
import { z } from "zod";

const MODEL = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      command: z.array(z.string()).nullish(),
      depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).optional(),
      volumes: z.array(z.looseObject({ source: z.string() })).optional(),
    }),
  ),
});

it("takes every volume of LAMB's over, before anything that uses it starts", async () => {
  const synthesis = synthesize((app) => {
    const stack = new LambStack(app, "next", { release: new LambRelease("0.7") });
    new LibraryManager(stack);
    new OwnershipOverlay(stack);
  });
  expect(synthesis.findings.filter(({ severity }) => severity !== "suppressed")).toEqual([]);
  const { services } = MODEL.parse((await synthesis.resolve()).model);
  const { ownership, ...others } = services;
  const mounted = Object.values(others).flatMap(({ volumes = [] }) => volumes.map(({ source }) => source));
  expect(ownership?.volumes?.map(({ source }) => source).sort()).toEqual([...new Set(mounted)].sort());
  for (const volume of mounted) expect(ownership?.command?.join("")).toContain(`find /volumes/${volume} `);
  for (const [name, { depends_on = {} }] of Object.entries(others)) {
    expect(depends_on.ownership?.condition, name).toBe("service_completed_successfully");
  }
  expect(ownership).toMatchObject({
    user: "0:0",
    read_only: true,
    network_mode: "none",
    cap_add: ["CHOWN", "DAC_READ_SEARCH"],
    cap_drop: ["ALL"],
  });
});
