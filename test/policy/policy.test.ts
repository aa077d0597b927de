import { App, ComposeFile, formatFinding, Overlay, Policy, PRODUCTION_RULES, Service, Volume } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../construct/support";
import { GOOD } from "./support";

/** A file `next` with a good service `web`, but for what is said here. */
function program(spec: ConstructorParameters<typeof Service>[2] = {}) {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const web = new Service(file, "web", { ...GOOD, ...spec });
  const policy = new Policy(file, "policy", { rules: PRODUCTION_RULES });
  return { app, file, web, policy };
}

const said = ({ app }: { readonly app: App }) => app.synth().findings.map(({ code, severity }) => [code, severity]);

describe("a policy", () => {
  it("is found from everything below its file, overlays too", () => {
    const { file, web, policy } = program();
    expect(Policy.of(web)).toBe(policy);
    expect(Policy.of(new Service(new Overlay(file, "later"), "other", GOOD))).toBe(policy);
  });

  it("is not there where none was created", () => {
    const service = new Service(new ComposeFile(new App(), "next"), "web", GOOD);
    expect(thrownBy(() => Policy.of(service))).toMatchObject({ code: "no-policy", construct: "next/web" });
  });

  it("keeps the rules that it was given", () => {
    const rules = [...PRODUCTION_RULES];
    const { file } = program();
    const policy = new Policy(file, "mine", { rules });
    rules.length = 0;
    expect(policy.rules).toHaveLength(PRODUCTION_RULES.length);
  });

  it("says a thing once, of the smallest deployment that has it", () => {
    const { app, file } = program({ restart: "no" });
    new Overlay(file, "one");
    new Overlay(file, "two");
    const { findings } = app.synth();
    expect(findings.map(({ code, file }) => [code, file])).toEqual([["restart-set", "docker-compose.next.yaml"]]);
  });

  it("does not find what an overlay mends, but finds the file alone", () => {
    const { app, file, web } = program({ restart: "no" });
    new Overlay(file, "later").change(web, { restart: "always" });
    expect(app.synth().findings.map(({ file }) => file)).toEqual(["docker-compose.next.yaml"]);
  });
});

describe("a suppression", () => {
  const reason = "it is started by hand at the end of a term";

  it("turns a finding into a line with its reason", () => {
    const { app, web, policy } = program({ restart: "no" });
    policy.suppress("restart-set", web, reason);
    const { findings, errors } = app.synth();
    expect(errors).toEqual([]);
    expect(findings).toMatchObject([{ code: "restart-set", severity: "suppressed", suppression: reason }]);
    expect(findings.map(formatFinding)).toEqual([
      `suppressed restart-set at next/web · docker-compose.next.yaml · services.web.restart: ${reason}`,
    ]);
  });

  it("lets an error be written", () => {
    const { app, web, policy } = program({ healthcheck: { disable: true } });
    expect(app.synth().errors).toHaveLength(1);
    policy.suppress("healthcheck-present", web, reason);
    expect(app.synth().errors).toEqual([]);
  });

  it("is for one service and one rule", () => {
    const made = program({ restart: "no", read_only: false });
    new Service(made.file, "other", { ...GOOD, restart: "no" });
    made.policy.suppress("restart-set", made.web, reason);
    expect(said(made)).toEqual([
      ["restart-set", "suppressed"],
      ["restart-set", "warning"],
      ["read-only-root", "warning"],
    ]);
  });

  it("is a finding when the rule holds", () => {
    const made = program();
    made.policy.suppress("restart-set", made.web, reason);
    expect(made.app.synth().findings).toMatchObject([
      { code: "unused-suppression", severity: "warning", construct: "next/policy", value: "restart-set of next/web" },
    ]);
  });

  it("is used when only an overlay breaks the rule", () => {
    const made = program();
    new Overlay(made.file, "later").change(made.web, { restart: "no" });
    made.policy.suppress("restart-set", made.web, reason);
    expect(made.app.synth().findings).toMatchObject([
      { code: "restart-set", construct: "next/later/web", suppression: reason },
    ]);
  });

  it("can be given by the overlay that needs it", () => {
    const made = program();
    const overlay = new Overlay(made.file, "later");
    const tool = new Service(overlay, "tool", { ...GOOD, restart: "no" });
    Policy.of(tool).suppress("restart-set", tool, reason);
    expect(said(made)).toEqual([["restart-set", "suppressed"]]);
  });

  it("takes the later of two reasons", () => {
    const made = program({ restart: "no" });
    made.policy.suppress("restart-set", made.web, "for now").suppress("restart-set", made.web, reason);
    expect(made.app.synth().findings.map(({ suppression }) => suppression)).toEqual([reason]);
  });

  it.each(["", "  \n"])("needs a reason: %j is none", (text) => {
    const { policy, web } = program();
    expect(thrownBy(() => policy.suppress("restart-set", web, text))).toMatchObject({
      code: "no-reason",
      construct: "next/policy",
      value: '"restart-set"',
    });
  });

  it("names the rules when it is of none", () => {
    const { policy, web } = program();
    const error = thrownBy(() => policy.suppress("restart", web, reason));
    expect(error).toMatchObject({ code: "unknown-rule", value: '"restart"' });
    for (const { id } of PRODUCTION_RULES) expect(error).toMatchObject({ fix: expect.stringContaining(id) });
  });

  it("does not leak into another synthesis", () => {
    const made = program({ restart: "no" });
    made.policy.suppress("restart-set", made.web, reason);
    const first = said(made);
    expect(said(made)).toEqual(first);
  });
});

it("suppresses a rule about a volume, too", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const data = new Volume(file, "data", { external: true });
  new Service(file, "web", { ...GOOD, volumes: [data.at("/data")] });
  const rule = {
    id: "own-volumes",
    what: "is a volume of somebody else",
    why: "it may go away",
    fix: "take out `external`",
    severity: "error" as const,
    check: () => [{ path: ["volumes", "data", "external"] }],
  };
  const policy = new Policy(file, "policy", { rules: [rule] });
  expect(app.synth().errors).toMatchObject([{ code: "own-volumes", construct: "next/volumes:data" }]);
  policy.suppress("own-volumes", data, "the storage team keeps it");
  expect(app.synth().errors).toEqual([]);
});
