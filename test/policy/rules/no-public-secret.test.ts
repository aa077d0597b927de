import { expect, it } from "vitest";
import { noPublicSecret } from "../../../lib/policy/rules/no-public-secret";
import { requiredSecrets } from "../../../lib/policy/rules/required-secrets";
import { made, placesIn, web } from "../support";

/** A default is a finding of `required-secrets`, too: only this rule is asked here. */
const rules = [noPublicSecret(["pepino-2024"])];
const token = (value: unknown) => web({ environment: { API_TOKEN: value } });
const FOUND = [["no-public-secret", "next/web", "services.web.environment.API_TOKEN"]];

it.each([
  ["a value of the list", "pepino-2024"],
  ["the same with other signs", "Pepino_2024"],
  ["a default", "${API_TOKEN:-pepino-2024}"],
  ["a default inside a default", "${API_TOKEN:-${OLD_TOKEN:-pepino-2024}}"],
  ["a default with one dash", "${API_TOKEN-pepino-2024}"],
  ["a placeholder", "${API_TOKEN:-CHANGE_ME_please}"],
  ["what everybody tries first", "admin123"],
])("finds %s", (_, value) => {
  expect(placesIn(token(value), rules)).toEqual(FOUND);
});

it.each([
  ["a demand whose message has the word", "${API_TOKEN:?not pepino-2024}"],
  ["a default that is another secret", "${API_TOKEN:-${SECRET_KEY:-}}"],
  ["another value", "qR7vX2pLm9Zt4Kc8"],
  ["nothing", ""],
  ["what is passed on", null],
])("lets be %s", (_, value) => {
  expect(placesIn(token(value), rules)).toEqual([]);
});

it("looks at secrets only", () => {
  expect(placesIn(web({ environment: { DB_USER: "admin" } }), rules)).toEqual([]);
});

it("stands beside the rule that secrets have no default", () => {
  const both = [requiredSecrets(), ...rules];
  expect(placesIn(token("${API_TOKEN:-pepino-2024}"), both).map(([code]) => code)).toEqual([
    "required-secrets",
    "no-public-secret",
  ]);
});

it.each([
  ["NEO4J_AUTH", "neo4j/${GRAPH_PASSWORD:-pepino-2024}"],
  ["NEO4J_AUTH", "neo4j/pepino-2024"],
  ["DATABASE_URL", "postgres://shop:${DB_PASSWORD:-pepino-2024}@db/shop"],
  ["DATABASE_URL", "postgres://shop:pepino-2024@db/shop"],
])("finds one within another text: %s=%s", (name, value) => {
  const file = web({ environment: { [name]: value } });
  const codes = placesIn(file, [requiredSecrets(), ...rules]).map(([code]) => code);
  expect(codes).toEqual(["required-secrets", "no-public-secret"]);
});

it.each([
  ["NEO4J_AUTH", "neo4j/${GRAPH_PASSWORD:?}"],
  ["NEO4J_AUTH", "none"],
  ["PROXY_AUTH", "https://pepino-2024"],
  ["DATABASE_URL", "postgres://shop:${DB_PASSWORD:?}@db:5432/shop"],
  ["GREETING", "${NAME:-pepino-2024}"],
  ["WHERE", "key/pepino-2024"],
])("lets be what is none: %s=%s", (name, value) => {
  expect(placesIn(web({ environment: { [name]: value } }), [requiredSecrets(), ...rules])).toEqual([]);
});

it("shows no secret", () => {
  expect(JSON.stringify(made(token("pepino-2024"), rules).app.synth().findings)).not.toContain("pepino");
});
