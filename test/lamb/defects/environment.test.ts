import { readFileSync } from "node:fs";
import { LambRelease, LambStack } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { ComposeError, resolve, type Version } from "../../../lib/compose";
import { checkEnv } from "../../../lib/env/check";
import { describeWith } from "../../support/tools";
import { ask, type Files, filled, model, modelOf, service, templateOf } from "../compose";
import { DEPLOYMENTS, lamb } from "../deployments";
import { FAULTY, FAULTY_BASE, FAULTY_ENV, FAULTY_PROD } from "./faulty";

const EVERYTHING = lamb({ prod: true, gpu: true, ollama: true, library: true, alias: true });
const BASE_FILE = ["docker-compose.next.yaml"];

describeWith("docker-compose", "defects of the environment", () => {
  /** Compose's words when the template, filled in, is not enough. */
  const refusal = (files: Files, chosen?: readonly string[]) => {
    const { status, stderr } = ask(files, ["config", "--quiet"], chosen === undefined ? {} : { files: chosen });
    return status === 0 ? "" : stderr;
  };

  it.each(DEPLOYMENTS)("defect 1: the template has every variable that Compose requires: %s", (_, parts) => {
    expect(refusal(lamb(parts).files)).toBe("");
  });

  it("defect 1: a variable that the template lacks is seen", () => {
    expect(refusal(FAULTY, FAULTY_BASE)).toContain("LAMB_LIBRARY_TOKEN");
  });

  it("defect 1: without an .env Compose says which secret is missing, and what it is for", () => {
    const { status, stderr } = ask(lamb().files, ["config", "--quiet"], { envText: null, files: BASE_FILE });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/required variable [A-Z_]+ is missing a value: set it in \.env: \w+/);
  });

  it("defect 1: from Compose 5.4 on all that is missing is told at once, each with what it is for and what to do", () => {
    const { files } = lamb();
    const base = BASE_FILE.map((path) => ({ path: `/lamb/${path}`, text: files.get(path) ?? "" }));
    const told = (compose: Version) => {
      try {
        return resolve(base, { compose, environment: {} }).toYaml();
      } catch (error) {
        return error instanceof ComposeError ? error.message : String(error);
      }
    };
    const required = requiredIn(new Map(BASE_FILE.map((path) => [path, files.get(path) ?? ""])));
    expect(required.length).toBeGreaterThan(5);
    for (const name of required) {
      expect(told("5.7")).toMatch(new RegExp(`required variable ${name} is missing a value: set it in \\.env: \\w+`));
    }
    expect(told("5.3").split("\n")).toHaveLength(1);
  });

  /** Required variables that may be set to nothing. */
  const mayBeEmpty = (files: Files, names: readonly string[], base: Readonly<Record<string, string>> = {}) =>
    names.filter(
      (name) => ask(files, ["config", "--quiet"], { env: { ...base, [name]: "" }, files: BASE_FILE }).status === 0,
    );

  it("defect 2: no required variable may be empty", () => {
    const { files } = lamb();
    const required = requiredIn(files).filter((name) => !/_HOST$|CADDY/.test(name));
    expect(required).toEqual(expect.arrayContaining(["LAMB_BEARER_TOKEN", "LAMB_JWT_SECRET", "OWI_ADMIN_PASSWORD"]));
    expect(mayBeEmpty(files, required)).toEqual([]);
    expect(mayBeEmpty(FAULTY, ["LAMB_BEARER_TOKEN"], FAULTY_ENV)).toEqual(["LAMB_BEARER_TOKEN"]);
  });

  it("defect 2: what an old template gave as a value is refused before anything starts", async () => {
    const old = ["CHANGE_ME_strong_random_secret", "change-me", "0p3n-w3bu!", "t0p-s3cr3t", "lamb-lti-secret-key-2024"];
    const app = synthesize((scope) => new LambStack(scope, "next"));
    const stack = app.context.files[0]?.file;
    if (!(stack instanceof LambStack)) throw new Error("no stack");
    const contract = stack.env.contract(app.context);
    const secrets = contract.variables.filter(({ required, secret }) => required && secret).map(({ name }) => name);
    expect(secrets.length).toBeGreaterThanOrEqual(7);
    for (const value of old) {
      const text = filled(app.files.get(".env.next.example") ?? "", {
        OWI_ADMIN_EMAIL: "it@uni.test",
        ...Object.fromEntries(secrets.map((name) => [name, value])),
      });
      const problems = await checkEnv(contract, text);
      const refused = problems.filter(
        ({ code, severity }) => /public-value|placeholder/.test(code) && severity === "error",
      );
      expect(new Set(refused.map(({ name }) => name)), value).toEqual(new Set(secrets));
    }
  });

  /** Variables of the template that change nothing, whichever files run. */
  const unread = (files: Files, deployments: readonly (readonly string[])[]) => {
    const template = files.get(templateOf(files)) ?? "";
    const marks = new Map(namesIn(template).map((name, index) => [name, markFor(name, index)]));
    const envText = filled(template, Object.fromEntries(marks));
    const projects = deployments.map((chosen) => {
      const { status, stdout, stderr } = ask(files, ["--profile", "*", "config"], { envText, files: chosen });
      expect(status, stderr).toBe(0);
      return stdout;
    });
    return [...marks].filter(([, mark]) => !projects.some((text) => text.includes(mark))).map(([name]) => name);
  };

  it("defect 3: every variable of the template is read by the files", () => {
    const { files } = EVERYTHING;
    expect(unread(files, [BASE_FILE, composeFilesOf(files)])).toEqual([]);
    const faulty = new Map(FAULTY).set(".env.next.example", `${FAULTY.get(".env.next.example")}LAMB_LIBRARY_TOKEN=\n`);
    expect(unread(faulty, [FAULTY_PROD])).toEqual(["LAMB_DB_PATH", "SIGNUP_ENABLED"]);
  });

  /** Variables that files mention, and that the template does not explain, or more than once. */
  const unexplained = (files: Files, chosen: readonly string[], env = {}) => {
    const template = files.get(templateOf(files)) ?? "";
    const names = linesOf(template);
    const former = [...template.matchAll(/Formerly ([A-Z0-9_, ]+)\./g)].flatMap(([, list = ""]) => list.split(", "));
    const { stdout } = ask(files, ["config", "--variables", "--format", "json"], { files: chosen, env });
    const mentioned = Object.keys(JSON.parse(stdout));
    const passedOn = Object.values(modelOf(files, { files: chosen, env }).services).flatMap(({ environment }) =>
      Object.keys(environment).filter((name) => environment[name] === null),
    );
    expect(mentioned.length).toBeGreaterThan(5);
    return {
      missing: [...mentioned, ...passedOn].filter((name) => !names.includes(name) && !former.includes(name)).sort(),
      twice: names.filter((name, index) => names.indexOf(name) !== index),
    };
  };

  it.each(DEPLOYMENTS)("defect 4: every variable of the files is in the template, once: %s", (_, parts) => {
    const { files } = lamb(parts);
    expect(unexplained(files, composeFilesOf(files))).toEqual({ missing: [], twice: [] });
  });

  it("defect 4: one that is not, and one that is there twice, are seen", () => {
    expect(unexplained(FAULTY, FAULTY_BASE, FAULTY_ENV)).toEqual({
      missing: ["LAMB_LIBRARY_TOKEN", "LIBRARY_MANAGER_PORT", "OWI_USE_CUDA"],
      twice: ["EMBEDDINGS_ENDPOINT"],
    });
  });

  /** Settings that the operator makes for LAMB. */
  const TO_LAMB = [
    ...["LAMB_JWT_SECRET", "LTI_GLOBAL_CONSUMER_KEY", "LTI_GLOBAL_SECRET", "LAMB_PUBLIC_BASE_URL", "OLLAMA_ENABLED"],
    ...["GEMINI_API_KEY", "GLOBAL_DEFAULT_MODEL_PROVIDER", "GLOBAL_DEFAULT_MODEL_NAME", "LAMB_DB_PREFIX", "DEV_MODE"],
    ...["SIGNUP_ENABLED", "LAMB_ENABLE_DEBUG", "GLOBAL_LOG_LEVEL", "OLLAMA_MODEL", "LTI_SECRET"],
  ];
  const unreached = (files: Files, env = {}) => {
    const values = Object.fromEntries(TO_LAMB.map((name) => [name, `zz-${name}`]));
    const { environment } = service(modelOf(files, { files: BASE_FILE, env: { ...env, ...values } }), "lamb");
    return TO_LAMB.filter((name) => environment[name] !== `zz-${name}`);
  };

  it("defect 5: the key that signs sessions and every other setting of LAMB reach it", () => {
    expect(unreached(lamb().files)).toEqual([]);
    expect(unreached(FAULTY, FAULTY_ENV)).toEqual(TO_LAMB);
  });

  it("defect 5: neither LAMB nor Open WebUI ever signs with a key that is empty or public", () => {
    const merged = model(lamb());
    expect(service(merged, "lamb").environment.LAMB_JWT_SECRET).toBe("filled-in-lamb_jwt_secret");
    expect(service(merged, "openwebui").environment.WEBUI_SECRET_KEY).toBe("filled-in-webui_secret_key");
  });

  it("defect 14: names that LAMB has built in are no settings, and nobody signs up to Open WebUI by himself", () => {
    const env = { WEBUI_AUTH_TRUSTED_EMAIL_HEADER: "X-Other", WEBUI_AUTH_TRUSTED_NAME_HEADER: "X-Other" };
    const { environment } = service(model(lamb(), { env }), "openwebui");
    expect(environment).toMatchObject({
      WEBUI_AUTH_TRUSTED_EMAIL_HEADER: "X-User-Email",
      WEBUI_AUTH_TRUSTED_NAME_HEADER: "X-User-Name",
      ENABLE_SIGNUP: "false",
    });
    const faulty = service(modelOf(FAULTY, { files: FAULTY_BASE, env: { ...env, ...FAULTY_ENV } }), "openwebui");
    expect(faulty.environment.WEBUI_AUTH_TRUSTED_EMAIL_HEADER).toBe("X-Other");
    expect(faulty.environment.ENABLE_SIGNUP).toBeUndefined();
  });

  it("contract 3: secrets that two services share are one variable", () => {
    const pairs = [
      ["lamb", "LAMB_KB_SERVER_TOKEN", "kb", "LAMB_API_KEY"],
      ["lamb", "LAMB_LIBRARY_TOKEN", "library-manager", "LAMB_API_TOKEN"],
      ["lamb", "LAMB_BEARER_TOKEN", "openwebui", "OPENAI_API_KEYS"],
    ] as const;
    const differ = (files: Files, env: Readonly<Record<string, string>>) => {
      const merged = modelOf(files, { files: BASE_FILE, env });
      return pairs
        .filter(([a, x, b, y]) => service(merged, a).environment[x] !== service(merged, b).environment[y])
        .map(([, name]) => name);
    };
    const { files } = synthesize((app) => {
      new LambStack(app, "next", { release: new LambRelease("0.7") });
    });
    for (const [, name] of pairs) expect(differ(files, { [name]: "rotated" })).toEqual([]);
    const faulty = differ(FAULTY, { ...FAULTY_ENV, LAMB_KB_SERVER_TOKEN: "rotated" });
    expect(faulty).toEqual(["LAMB_KB_SERVER_TOKEN", "LAMB_BEARER_TOKEN"]);
  });
});

describe("defect 41: texts and files do not drift apart", () => {
  const FILE =
    /\b(?:docker-compose[\w.-]*\.ya?ml|Caddyfile(?:\.\w+)?|Documentation\/[\w./-]+|[\w./-]+\.(?:md|sh|ts))\b|\.env\.[\w.]*example/g;
  /** Paths inside Caddy's container: that of its own image, and that of the folder which is mounted. */
  const INSIDE = new Set(["Caddyfile", "Caddyfile.next"]);

  /** Files that some file speaks of, and that are not there. */
  const lost = (files: Files) => {
    const named = [...files].flatMap(([path, text]) => [...text.matchAll(FILE)].map(([name]) => ({ path, name })));
    const isThere = (name: string) => files.has(name) || INSIDE.has(name);
    return [...new Set(named.filter(({ name }) => !isThere(name)).map(({ path, name }) => `${path}: ${name}`))];
  };

  /** Variables that the template's prose speaks of, and that it does not have. */
  const strangers = (files: Files) => {
    const template = files.get(templateOf(files)) ?? "";
    const known = new Set([...linesOf(template), "COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_PATH_SEPARATOR", "NAME"]);
    const former = [...template.matchAll(/Formerly ([A-Z0-9_, ]+)\./g)].flatMap(([, list = ""]) => list.split(", "));
    const prose = template
      .split("\n")
      .filter((line) => line.startsWith("#"))
      .join("\n");
    const words = [...prose.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)].map(([word]) => word);
    return [...new Set(words)].filter((word) => !known.has(word) && !former.includes(word));
  };

  it.each(DEPLOYMENTS)("defect 41: every file and variable that is spoken of is there: %s", (_, parts) => {
    const { files } = lamb(parts);
    expect(lost(files)).toEqual([]);
    expect(strangers(files)).toEqual([]);
  });

  it("defect 41: what is spoken of and is not there is seen", () => {
    expect(lost(FAULTY)).toEqual([".env.next.example: Documentation/migrating.md"]);
    expect(strangers(FAULTY)).toEqual(["LAMB_TLS_MODE"]);
  });

  it("defect 41: what the template says to be required is, and nothing else", () => {
    for (const [name, parts] of DEPLOYMENTS) {
      const { files } = lamb(parts);
      expect(linesOf(requiredSection(files.get(".env.next.example") ?? "")).toSorted(), name).toEqual(
        requiredIn(files),
      );
    }
  });

  it("the README speaks of programs that exist", () => {
    const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
    const programs = [...readme.matchAll(/examples\/[\w-]+\.ts/g)].map(([path]) => path);
    expect(programs).toContain("examples/prod.ts");
    for (const path of programs) {
      expect(() => readFileSync(new URL(`../../../${path}`, import.meta.url)), path).not.toThrow();
    }
  });
});

/** The variables of a template, commented out or not. */
function linesOf(template: string): readonly string[] {
  return [...template.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = ""]) => name);
}

function namesIn(template: string): readonly string[] {
  return [...new Set(linesOf(template))].filter((name) => !name.startsWith("COMPOSE_"));
}

/** A value that occurs nowhere else. */
function markFor(name: string, index: number): string {
  if (/_PORT$/.test(name)) return String(20_001 + index);
  return /_LIMIT$/.test(name) ? String((index + 1) * 123_457_891) : `zz-${name.toLowerCase()}-zz`;
}

function composeFilesOf(files: Files): readonly string[] {
  return [...files.keys()].filter((path) => path.endsWith(".yaml"));
}

/** What stands in the template between the title "Required" and the next one. */
function requiredSection(template: string): string {
  const sections = template.split(/^(?=# .+ -{3,}$)/m);
  return sections.find((section) => section.startsWith("# Required: ")) ?? "";
}

/** What the files themselves require, by Compose's syntax. */
function requiredIn(files: Files): readonly string[] {
  const texts = composeFilesOf(files).map((path) => files.get(path) ?? "");
  const names = texts.flatMap((text) => [...text.matchAll(/\$\{([A-Z][A-Z0-9_]*):?\?/g)].map(([, name = ""]) => name));
  return [...new Set(names)].sort();
}
