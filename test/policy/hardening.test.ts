import { App, ComposeFile, Hardening, Logging, Overlay, Policy, production, Service } from "lamb-compose";
import { expect, it } from "vitest";
import { GOOD } from "./support";

const { image, healthcheck } = GOOD;

it("makes a service hold what it can hold without knowing it", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  new Service(file, "web", { image, healthcheck });
  new Policy(file, "policy", { rules: production });
  const before = app.synth().findings.map(({ code }) => code);
  expect(before).toEqual([
    "restart-set",
    "stop-grace",
    "bounded-logs",
    "no-new-privileges",
    "dropped-capabilities",
    "read-only-root",
    "process-limit",
  ]);
  file.with(new Hardening(), new Logging());
  expect(app.synth().findings.map(({ code }) => code)).toEqual(["read-only-root"]);
});

it("leaves what a service says itself, and what an overlay changes", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const web = new Service(file, "web", { image, restart: "always", pids_limit: 7, cap_drop: [] });
  const override = new Overlay(file, "later").change(web, { read_only: true });
  file.with(new Hardening());
  expect(app.synth().files.get("docker-compose.next.yaml")).toContain("restart: always");
  expect(app.synth().files.get("docker-compose.next.yaml")).toContain("pids_limit: 7");
  expect(override.has("restart")).toBe(false);
});
