import { App, ComposeFile, Service } from "lamb-compose";
import { LAMB_RULES } from "lamb-compose/lamb";
import { expect, it } from "vitest";
import { type Deployment, deploymentsOf } from "../../lib/construct/synth/deployment";
import { withRules } from "../../lib/policy/production";
import { reach } from "../../lib/policy/rules/reach";
import { waitsFor } from "../../lib/policy/rules/waits-for";
import { GOOD } from "./support";

const PARTS = 10;
const SMALL = 1_000;
const rules = withRules(LAMB_RULES, reach({ allowed: { s0: [] } }), waitsFor({ s0: ["s1"] }));

/** Deployments in which every service is a burden to the rules that look at several at once. */
const BURDENS: readonly (readonly [what: string, spec: (index: number) => object])[] = [
  [
    "nothing to find",
    (index) => ({ environment: { API: `http://s${Math.max(0, index - 1)}:80`, TOKEN: "${TOKEN:?}" } }),
  ],
  [
    "a finding of every rule",
    () => ({ image: "nginx", ports: ["80:80"], volumes: ["./x:/x"], environment: ["TOKEN=x"] }),
  ],
  ["one volume that all write", () => ({ volumes: ["data:/data"] })],
  ["one volume, each with a profile of its own", (index) => ({ volumes: ["data:/data"], profiles: [`p${index}`] })],
  ["a network handed from one to the next", (index) => (index === 0 ? {} : { network_mode: `service:s${index - 1}` })],
  [
    "a chain of jobs",
    (index) => ({ depends_on: { [`s${index + 1}`]: { condition: "service_completed_successfully" } } }),
  ],
];

function deploymentOf(count: number, spec: (index: number) => object): Deployment {
  const app = new App();
  const file = new ComposeFile(app, "next");
  for (let index = 0; index < count; index++) new Service(file, `s${index}`, { ...GOOD, ...spec(index) });
  const [deployment] = deploymentsOf(app.files.map((rendered) => rendered.render()));
  return deployment ?? expect.fail("no deployment");
}

function violationsIn(deployment: Deployment): number {
  let count = 0;
  for (const rule of rules) for (const _ of rule.check(deployment)) count++;
  return count;
}

function time(action: () => void): number {
  const start = process.cpuUsage().user;
  action();
  return process.cpuUsage().user - start;
}

// Ten times the services: quadratic rules need a hundred times as long. The first small deployment makes the code warm.
it.each(BURDENS)("takes time that grows with the services: %s", (_, spec) => {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && least >= PARTS / 2; attempt++) {
    const [cold, small] = [deploymentOf(SMALL, spec), deploymentOf(SMALL, spec)];
    const whole = deploymentOf(SMALL * PARTS, spec);
    violationsIn(cold);
    const apart = PARTS * time(() => void violationsIn(small));
    least = Math.min(least, time(() => void violationsIn(whole)) / apart);
  }
  expect(least).toBeLessThan(PARTS / 2);
});
