import { LambStack, SealedOverlay, type Synthesis } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { expect, it } from "vitest";
import { z } from "zod";

const MODEL = z.object({ services: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The services that Compose would run of some files. */
async function servicesOf(synthesis: Synthesis, ...files: readonly string[]) {
  return MODEL.parse((await synthesis.resolve({ files })).model).services;
}

it("changes nothing but what can be written, and needs no exception from the rule for it", async () => {
  const synthesis = synthesize((app) => new SealedOverlay(new LambStack(app, "next")));
  expect(synthesis.findings.filter(({ severity }) => severity !== "suppressed")).toEqual([]);
  const base = await servicesOf(synthesis, "docker-compose.next.yaml");
  const sealed = await servicesOf(synthesis, "docker-compose.next.yaml", "docker-compose.next.sealed.yaml");
  const tmpfs = [
    "/tmp:size=1g",
    ...["/run/lamb", "/app/backend/static/cache"].map((at) => `${at}:size=16m,uid=10001,gid=10001`),
  ];
  expect(sealed).toEqual({
    ...base,
    lamb: { ...base.lamb, read_only: true, tmpfs },
    kb: { ...base.kb, read_only: true, tmpfs: ["/tmp:size=1g"] },
  });
});
