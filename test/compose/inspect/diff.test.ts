import { expect, test } from "vitest";
import { diff, resolve } from "../../../lib/compose";

const project = (text: string, environment: Record<string, string> = {}) =>
  resolve([{ path: "/p/compose.yaml", text }], { environment });

const BASE = `services:
  web: {image: "i:1", environment: {PASSWORD: hunter2, MODE: a}, volumes: ["data:/data"], ports: ["80:80"], depends_on: {db: {condition: service_started, restart: true}}}
  db: {image: pg, scale: 1}
volumes: {data: {driver: local}}
`;

test("the same project has no difference", () => {
  expect(diff(project(BASE), project(BASE))).toEqual({ changes: [], effects: [] });
});

test("a changed field is named with both values, and replaces the containers", () => {
  const { changes, effects } = diff(project(BASE), project(BASE.replace("i:1", "i:2")));
  expect(changes).toEqual([
    {
      path: "services.web.image",
      keys: ["services", "web", "image"],
      change: "changed",
      before: "i:1",
      after: "i:2",
      hidden: false,
      variables: [],
    },
  ]);
  expect(effects).toMatchObject([{ kind: "service", name: "web", effect: "recreated", paths: ["services.web.image"] }]);
});

test("values of environment variables are never shown", () => {
  const { changes } = diff(project(BASE), project(BASE.replace("hunter2", "swordfish")));
  expect(changes).toMatchObject([{ path: "services.web.environment.PASSWORD", change: "changed", hidden: true }]);
  expect(JSON.stringify(changes)).not.toMatch(/hunter2|swordfish/);
});

test("a value from a variable shows the variable's name alone", () => {
  const text = "services: {web: {image: 'i:${TOKEN}'}}\n";
  const { changes } = diff(project(text, { TOKEN: "s3cret" }), project(text, { TOKEN: "other" }));
  expect(changes).toMatchObject([{ path: "services.web.image", hidden: true, variables: ["TOKEN"] }]);
  expect(JSON.stringify(changes)).not.toMatch(/s3cret|other/);
});

const effectsOf = (after: string) =>
  diff(project(BASE), project(after)).effects.map(({ kind, name, effect }) => [kind, name, effect]);

test("what a change means at up", () => {
  expect(effectsOf(BASE.replace("scale: 1", "scale: 2"))).toEqual([["service", "db", "scaled"]]);
  const replicas = (count: string) => BASE.replace("scale: 1", `deploy: {replicas: ${count}}`);
  const scaled = diff(project(replicas("1")), project(replicas("3"))).effects;
  expect(scaled.map(({ name, effect }) => [name, effect])).toEqual([["db", "scaled"]]);
  expect(effectsOf(BASE.replace("pg", "pg:2"))).toEqual([
    ["service", "db", "recreated"],
    ["service", "web", "restarted"],
  ]);
  expect(effectsOf(BASE.replace("driver: local", "driver: nfs"))).toEqual([["volume", "data", "data-at-risk"]]);
  expect(effectsOf(BASE.replace("driver: local", "name: other"))).toEqual([["volume", "data", "new-volume"]]);
  expect(effectsOf(BASE.replace("{data: {", "{files: {").replace("data:/data", "files:/data"))).toEqual([
    ["service", "web", "recreated"],
    ["volume", "files", "created"],
    ["volume", "data", "left-behind"],
    ["volume", "data", "data-at-risk"],
  ]);
  expect(effectsOf(BASE.replace("  db:", "  cache: {image: c}\n  db:"))).toEqual([["service", "cache", "created"]]);
});

test("an item put in front of a list is one change", () => {
  const { changes } = diff(project(BASE), project(BASE.replace('["80:80"]', '["79:79", "80:80"]')));
  expect(changes.every(({ path, change }) => path.startsWith("services.web.ports[0]") && change === "added")).toBe(
    true,
  );
});
