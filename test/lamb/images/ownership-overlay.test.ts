import type { App } from "lamb-compose";
import * as here from "lamb-compose";
import { OwnershipOverlay } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { expect, it, vi } from "vitest";
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

vi.resetModules();
/** The package once more, as when a dependency brings its own copy. */
const there: typeof here = await import("lamb-compose");

function stackIn(app: App) {
  return new here.LambStack(app, "next", { release: new here.LambRelease("0.7"), library: false });
}

/** Stacks with all services that keep data, in whichever order they are made. */
const STACKS: readonly (readonly [string, (app: App) => void])[] = [
  [
    "all are there already",
    (app) => {
      const stack = stackIn(app);
      new here.LibraryManager(stack);
      new OwnershipOverlay(stack);
    },
  ],
  [
    "a service comes later",
    (app) => {
      const stack = stackIn(app);
      new OwnershipOverlay(stack);
      new here.LibraryManager(stack);
    },
  ],
  [
    "a service comes from another copy of the package",
    (app) => {
      const stack = stackIn(app);
      new OwnershipOverlay(stack);
      new there.LibraryManager(stack);
    },
  ],
];

it.each(STACKS)("takes every volume of LAMB's over, before anything that uses it starts: %s", async (_, make) => {
  const synthesis = synthesize(make);
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
