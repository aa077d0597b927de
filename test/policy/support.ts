import { App, ComposeFile, Overlay, Policy, PRODUCTION_RULES } from "lamb-compose";
import type { Rule } from "lamb-compose/policy";
import { describe, expect, it } from "vitest";
import { copyIn } from "../../lib/construct/copy";
import { addSections } from "../../lib/construct/import";
import { withRules } from "../../lib/policy/production";

/** A service as a program writes it, of any shape. */
type Spec = { readonly [key: string]: unknown };

/** A program: services, each as {@link GOOD} but for what is said here, and an overlay that changes some of them. */
export interface Program {
  readonly services: { readonly [name: string]: Spec };
  readonly topLevel?: Spec;
  readonly overlay?: { readonly [name: string]: Spec };
}

/** A service that breaks no rule. */
export const GOOD = {
  image: "registry.example/web:v1",
  restart: "unless-stopped",
  stop_grace_period: "30s",
  security_opt: ["no-new-privileges:true"],
  cap_drop: ["ALL"],
  pids_limit: 100,
  read_only: true,
  logging: { driver: "json-file", options: { "max-size": "10m" } },
  healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1/ready"] },
} as const;

/** A finding of a rule: its code, the construct, and the place in the merged project. */
export type Place = readonly [code: string, construct: string, path: string];

/** The program as a file with its overlay and a policy. `undefined` takes a key of the good service away. */
export function made({ services, topLevel = {}, overlay }: Program, rules: readonly Rule[] = PRODUCTION_RULES) {
  const app = new App();
  const text = JSON.stringify({
    ...topLevel,
    services: Object.fromEntries(Object.entries(services).map(([name, spec]) => [name, { ...GOOD, ...spec }])),
  });
  const file = new ComposeFile(app, "next").importYaml(text);
  const later = overlay === undefined ? undefined : new Overlay(file, "later");
  for (const [name, spec] of Object.entries(overlay ?? {})) {
    if (later !== undefined) addSections(later, { services: { [name]: copyIn(spec, name) } });
  }
  const policy = new Policy(file, "policy", { rules });
  return { app, file, policy, later };
}

/** What rules say of a program, without what else a synthesis says. */
export function placesIn(program: Program, rules: readonly Rule[] = PRODUCTION_RULES): readonly Place[] {
  const ids = new Set(rules.map(({ id }) => id));
  const { findings } = made(program, rules).app.synth();
  return findings
    .filter(({ code }) => ids.has(code))
    .map(({ code, construct, path = "" }) => [code, construct, path] as const);
}

/** One service called `web` that is different from the good one. */
export function web(spec: Spec, topLevel: Spec = {}): Program {
  return { services: { web: spec }, topLevel };
}

export interface RuleTable {
  /** Programs that break the rule, and where: construct and path. Nothing else may be found in them. */
  readonly breaks: readonly (readonly [
    what: string,
    program: Program,
    ...places: [construct: string, path: string][],
  ])[];
  /** The nearest programs that do not. */
  readonly holds: readonly (readonly [what: string, program: Program])[];
}

/** Tries a rule together with all of production. */
export function describeRule(rule: Rule, { breaks, holds }: RuleTable): void {
  const rules = withRules(PRODUCTION_RULES, rule);
  describe(rule.id, () => {
    it.each(breaks.map(([what, program, ...places]) => [what, program, places] as const))(
      "finds %s",
      (_, program, places) => {
        expect(placesIn(program, rules)).toEqual(places.map((place) => [rule.id, ...place]));
      },
    );

    it.each(holds)("lets be %s", (_, program) => {
      expect(placesIn(program, rules)).toEqual([]);
    });

    it("says what, why, what to do, and how bad it is", () => {
      const [, program] = breaks[0] ?? expect.fail("a rule that nothing breaks");
      const { findings } = made(program, rules).app.synth();
      const finding = findings.find(({ code }) => code === rule.id);
      expect(finding).toMatchObject({ severity: rule.severity, reason: expect.stringContaining(rule.why) });
      expect(finding?.fix).not.toBe("");
    });
  });
}
