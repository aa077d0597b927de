import { equal } from "node:assert/strict";
import { test } from "node:test";
import { expectValid } from "lamb-compose/testing";
import { deployment } from "../deployment.js";

test("nothing is wrong with the deployment", async () => {
  await expectValid(deployment().synth());
});

test("only the proxy can be reached from other computers", async () => {
  const project = await deployment().synth().resolve();
  const services = Object.entries(project.model.services ?? {});
  const open = services.filter(([, service]) => service !== null && typeof service === "object" && "ports" in service);
  equal(open.map(([name]) => name).join(), "caddy");
});
