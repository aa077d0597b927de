import { App, ComposeFile, EnvVar, Policy, Service } from "lamb-compose";
import { expect, it } from "vitest";
import { requiredSecrets } from "../../../lib/policy/rules/required-secrets";
import { describeRule, GOOD, made, placesIn, web } from "../support";

const AT = ["next/web", "services.web.environment.API_TOKEN"] as [string, string];
const token = (value: unknown) => web({ environment: { API_TOKEN: value } });
/** Nothing that a list of public secrets would know. */
const VALUE = "qR7vX2pLm9Zt4Kc8";

describeRule(
  requiredSecrets((name) => name === "OPENAI_API_KEY"),
  {
    breaks: [
      ["a value in the file", token(VALUE), AT],
      [
        "a value in a list",
        web({ environment: [`API_TOKEN=${VALUE}`] }),
        ["next/web", "services.web.environment.API_TOKEN"],
      ],
      ["a default", token(`\${API_TOKEN:-${VALUE}}`), AT],
      ["an empty default", token("${API_TOKEN:-}"), AT],
      ["no demand", token("${API_TOKEN}"), AT],
      ["no demand, without braces", token("$API_TOKEN"), AT],
      ["a demand that an empty value meets", token("${API_TOKEN?set it}"), AT],
      ["a demand beside a default", token("${ONE:?set it}${TWO:-qR7vX2}"), AT],
      [
        "a demand elsewhere that an empty value meets",
        web({ environment: { API_TOKEN: "${T}" }, labels: { other: "${T?set it}" } }),
        AT,
      ],
      ["what is only passed on", token(null), AT],
      [
        "what is only passed on, in a list",
        web({ environment: ["API_TOKEN"] }),
        ["next/web", "services.web.environment.API_TOKEN"],
      ],
      ["an empty text", token(""), AT],
      [
        "a key with a suffix",
        web({ environment: { WEBUI_SECRET_KEY: VALUE } }),
        ["next/web", "services.web.environment.WEBUI_SECRET_KEY"],
      ],
      [
        "a password in an address",
        web({ environment: { DB: `postgres://me:${VALUE}@db.internal/x` } }),
        ["next/web", "services.web.environment.DB"],
      ],
      [
        "an optional secret with a value",
        web({ environment: { OPENAI_API_KEY: VALUE } }),
        ["next/web", "services.web.environment.OPENAI_API_KEY"],
      ],
      [
        "an overlay that brings a default",
        {
          services: { web: { environment: { API_TOKEN: "${API_TOKEN:?set it}" } } },
          overlay: { web: { environment: { API_TOKEN: "${API_TOKEN:-}" } } },
        },
        ["next/later/web", "services.web.environment.API_TOKEN"],
      ],
    ],
    holds: [
      ["a demand", token("${API_TOKEN:?set it}")],
      ["a demand elsewhere", web({ environment: { API_TOKEN: "Bearer ${T}", OTHER: "${T:?set it}" } })],
      ["a demand inside a text", token("Bearer ${API_TOKEN:?set it}")],
      ["the path of a file", web({ environment: { DB_PASSWORD_FILE: "/run/secrets/db" } })],
      ["a default that is a path", web({ environment: { TLS_KEY: "${TLS_KEY:-/certs/tls.key}" } })],
      ["a default that is a switch", web({ environment: { REQUIRE_TOKEN: "${REQUIRE_TOKEN-false}" } })],
      ["a switch", web({ environment: { AUTH_TOKEN: "false" } })],
      ["a number of tokens", web({ environment: { MAX_TOKENS: "4096" } })],
      ["an optional secret that may be empty", web({ environment: { OPENAI_API_KEY: "${OPENAI_API_KEY:-}" } })],
      ["an optional secret that is another one", web({ environment: { OPENAI_API_KEY: "${A:-${OPENAI_KEY:-}}" } })],
      ["an address without a password", web({ environment: { DB: "postgres://db.internal/x" } })],
    ],
  },
);

it("takes an optional EnvVar for what it says, and a required one for a demand", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  new Service(file, "web", {
    ...GOOD,
    environment: {
      A_TOKEN: new EnvVar("A_TOKEN", { meaning: "a", secret: true }),
      B_TOKEN: new EnvVar("B_TOKEN", { meaning: "b", secret: true, required: true }),
      C_TOKEN: new EnvVar("OTHER", { meaning: "c", secret: true }),
    },
  });
  new Policy(file, "policy", { rules: [requiredSecrets()] });
  expect(app.synth().findings).toEqual([]);
});

it("knows that a required EnvVar demands a value wherever it is read", () => {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const token = new EnvVar("T", { meaning: "t", secret: true, required: true, emptyIsValue: true });
  new Service(file, "web", { ...GOOD, environment: { API_TOKEN: "${T}", OTHER: token } });
  new Policy(file, "policy", { rules: [requiredSecrets()] });
  const { findings, files } = app.synth();
  expect(files.get(file.fileName)).toContain("${T:?");
  expect(findings).toEqual([]);
});

it("shows no secret", () => {
  const program = web({ environment: { API_TOKEN: VALUE, DB: `postgres://me:${VALUE}@db.internal/x` } });
  expect(placesIn(program)).toHaveLength(2);
  expect(JSON.stringify(made(program).app.synth().findings)).not.toContain(VALUE);
});
