import { App, ComposeFile, Hardening, Image, Logging, Overlay, Policy, PRODUCTION_RULES, Service } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { codesOf, serviceIn } from "../construct/support";
import { GOOD } from "./support";

const { image, healthcheck } = GOOD;

it("makes a service hold what it can hold without knowing it", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  new Service(file, "web", { image, healthcheck });
  new Policy(file, "policy", { rules: PRODUCTION_RULES });
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

describe("a job", () => {
  it("is not started again, whenever somebody says that they wait for its end", () => {
    const app = new App();
    const file = new ComposeFile(app, "next");
    const migrate = new Service(file, "migrate", { image });
    const seed = new Service(file, "seed", { image });
    const web = new Service(file, "web", { image, healthcheck });
    file.with(new Hardening());
    web.dependsOn(migrate, "service_completed_successfully");
    const overlay = new Overlay(file, "later");
    overlay.change(web, { depends_on: { seed: { condition: "service_completed_successfully" } } });
    expect(serviceIn(app, "migrate")).not.toHaveProperty("restart");
    expect(serviceIn(app, "seed")).not.toHaveProperty("restart");
    expect(serviceIn(app, "seed").cap_drop).toEqual(["ALL"]);
    expect(serviceIn(app, "web").restart).toBe("unless-stopped");
    new Policy(file, "policy", { rules: PRODUCTION_RULES });
    expect(codesOf(app)).not.toContain("job-ends");
    new ComposeFile(app, "other").with(new Hardening());
    seed.set({ restart: "always" });
    expect(codesOf(app)).toContain("job-ends");
  });

  it("is one of its own file only", () => {
    const app = new App();
    const worker = (id: string) => new Service(new ComposeFile(app, id), "worker", { image });
    const here = worker("next");
    worker("other");
    new Service(ComposeFile.of(here), "web", { image }).dependsOn(here, "service_completed_successfully");
    for (const file of app.files) file.with(new Hardening());
    expect(serviceIn(app, "worker")).not.toHaveProperty("restart");
    expect(serviceIn(app, "worker", "docker-compose.other.yaml").restart).toBe("unless-stopped");
  });
});

describe("capabilities", () => {
  function capabilitiesOf(spec: ConstructorParameters<typeof Service>[2], hardening = new Hardening()) {
    const app = new App();
    const file = new ComposeFile(app, "next");
    const web = new Service(file, "web", spec);
    file.with(hardening);
    web.add("cap_drop", "SYS_ADMIN");
    return serviceIn(app, "web").cap_add;
  }

  it("are those that the image needs to start", () => {
    expect(capabilitiesOf({ image: new Image("postgres", { tag: "17.6" }) })).toEqual([
      "CHOWN",
      "DAC_OVERRIDE",
      "SETGID",
      "SETUID",
    ]);
    expect(capabilitiesOf({ image: "caddy:2.10.2" })).toEqual(["NET_BIND_SERVICE"]);
    expect(capabilitiesOf({ image })).toBeUndefined();
    expect(capabilitiesOf({ image: "caddy:2.10.2", cap_add: ["KILL"] })).toEqual(["KILL"]);
    expect(capabilitiesOf({ image: "caddy:2.10.2", cap_drop: ["NET_RAW"] })).toBeUndefined();
  });

  it("are those that the program names, instead of what is known", () => {
    const hardening = new Hardening({ capabilities: { postgres: ["SETUID"], "registry.example/web": ["KILL"] } });
    expect(capabilitiesOf({ image: "postgres:17.6" }, hardening)).toEqual(["SETUID"]);
    expect(capabilitiesOf({ image: "registry.example/web:v2" }, hardening)).toEqual(["KILL"]);
  });

  it("can be added to afterwards", () => {
    const app = new App();
    const file = new ComposeFile(app, "next");
    const web = new Service(file, "web", { image: "nginx:1.29.2" });
    file.with(new Hardening());
    web.add("cap_add", "NET_BIND_SERVICE");
    expect(serviceIn(app, "web").cap_add).toEqual(["CHOWN", "SETGID", "SETUID", "NET_BIND_SERVICE"]);
  });
});
