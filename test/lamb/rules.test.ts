import {
  App,
  CaddyOverlay,
  type Finding,
  LambStack,
  Network,
  Ollama,
  Overlay,
  PRODUCTION_RULES,
  Relation,
  reset,
  Service,
} from "lamb-compose";
import { LAMB_RULES } from "lamb-compose/lamb";
import { describe, expect, it } from "vitest";
import { EXCEPTIONS } from "../../lib/lamb/rules";
import { audit } from "../../lib/operate/audit/audit";
import { isOpen } from "../operate/audit/audit-files";
import { GOOD } from "../policy/support";
import { DEPLOYMENTS, lamb } from "./deployments";

/** The stack with its public face, and an overlay over it for whatever a test does. */
function program() {
  const app = new App();
  const stack = new LambStack(app, "next");
  const { caddy } = new CaddyOverlay(stack, "prod");
  const overlay = new Overlay(stack, "mine");
  return { app, stack, caddy, overlay };
}

const placeOf = ({ code, construct, path }: Finding) => `${code} ${construct} ${path}`;
const openIn = (app: App) => app.synth().findings.filter(isOpen).map(placeOf);

describe("LAMB's rules", () => {
  it("have names of their own", () => {
    const ids = LAMB_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("hold all of production", () => {
    const ids = new Set(LAMB_RULES.map(({ id }) => id));
    expect(PRODUCTION_RULES.filter(({ id }) => !ids.has(id))).toEqual([]);
  });

  it.each(LAMB_RULES.map((rule) => [rule.id, rule] as const))("say what, why and what to do: %s", (id, rule) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const text of [rule.what, rule.why, rule.fix]) expect(text).toMatch(/[^.\s]$/);
  });

  it.each(DEPLOYMENTS)("hold: %s", (_, parts) => {
    expect(lamb(parts).findings.filter(isOpen).map(placeOf)).toEqual([]);
  });

  it("are suppressed only where the program says why", () => {
    const { findings } = lamb({ prod: true, ollama: true, library: true });
    expect(findings.map(({ code, construct }) => [code, construct])).toEqual([
      ["read-only-root", "next/lamb"],
      ["read-only-root", "next/kb"],
      ["read-only-root", "next/ollama"],
    ]);
    for (const { suppression = "" } of findings) expect(suppression.length).toBeGreaterThan(20);
  });

  it("give the same reasons to a program and to an audit", () => {
    const reasons = new Set(EXCEPTIONS.map(({ reason }) => reason));
    const { findings } = lamb({ ollama: true });
    expect(findings.filter(({ suppression = "" }) => !reasons.has(suppression))).toEqual([]);
  });

  it("cannot be undone by an overlay", () => {
    const app = new App();
    const stack = new LambStack(app, "next");
    new Overlay(stack, "mine").change(stack.kb, {
      ports: ["7000:9090"],
      healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1:9090/health"] },
      environment: { LAMB_API_KEY: "0p3n-w3bu!", PORT: "9091" },
    });
    expect(openIn(app)).toEqual([
      "meaningful-healthcheck next/mine/kb services.kb.healthcheck.test",
      "required-secrets next/mine/kb services.kb.environment.LAMB_API_KEY",
      "no-public-secret next/mine/kb services.kb.environment.LAMB_API_KEY",
      "loopback-ports next/mine/kb services.kb.ports[1]",
      "fixed-values next/mine/kb services.kb.environment.PORT",
    ]);
  });

  it("let nobody near the proxy, the models and the library but those who need them", () => {
    const { app, stack, overlay } = program();
    const ollama = new Ollama(stack);
    new Service(overlay, "curious", { ...GOOD, networks: [...ollama.networks] });
    expect(openIn(app)).toEqual(
      ["lamb", "kb", "openwebui"].map((name) => `reach next/mine/curious services.curious.networks.ollama-${name}`),
    );
  });

  it("let nobody share a network with a service without saying that the two talk", () => {
    const { app, stack, overlay } = program();
    const metrics = new Service(overlay, "metrics", { ...GOOD });
    overlay.change(stack.openwebui).connect(new Network(overlay, "all"));
    overlay.change(stack.kb, { networks: ["all"] });
    new Relation(overlay, "lamb-metrics", stack.lamb, metrics);
    expect(openIn(app)).toEqual([
      "reach next/mine/kb services.kb.networks.all",
      "reach next/mine/openwebui services.openwebui.networks.all",
    ]);
  });

  it("let the proxy publish what it is for, and no more", () => {
    const { app, caddy } = program();
    expect(openIn(app)).toEqual([]);
    caddy.add("ports", "2019:2019");
    expect(openIn(app)).toEqual(["loopback-ports next/prod/caddy services.caddy.ports[3]"]);
  });

  it("miss the data that an overlay takes out of its volume", () => {
    const { app, stack, overlay } = program();
    overlay.change(stack.kb, { volumes: reset() });
    expect(openIn(app)).toEqual(["data-kept next/kb services.kb.volumes", "data-kept next/kb services.kb.volumes"]);
  });

  it("keep LAMB on one version", () => {
    const { app, stack, overlay } = program();
    overlay.change(stack.kb, { image: "ghcr.io/lamb-project/lamb-kb:v0.5" });
    expect(openIn(app)).toEqual(["lock-step next/mine/kb services.kb.image"]);
  });
});

describe("an audit of our own files", () => {
  it.each(DEPLOYMENTS)("finds nothing: %s", (_, parts) => {
    const { files } = lamb(parts);
    const findings = audit([...files].map(([path, text]) => ({ path, text })));
    expect(findings.filter(isOpen).map(placeOf)).toEqual([]);
  });
});
