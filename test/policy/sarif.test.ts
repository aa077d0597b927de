import { Ajv } from "ajv";
import {
  App,
  ComposeFile,
  type Finding,
  formatFinding,
  Overlay,
  Policy,
  PRODUCTION_RULES,
  Service,
} from "lamb-compose";
import { describe, expect, it } from "vitest";
import { reportFindings } from "../../lib/policy/report";
import { type SarifOptions, toSarif } from "../../lib/policy/sarif";
import { YamlLines } from "../../lib/policy/yaml-lines";
import { meaningOf } from "../../lib/report/codes";
import { GOOD } from "./support";

/** The parts of SARIF 2.1.0 that are used here: sections 3.13, 3.14, 3.18, 3.19, 3.27-30, 3.33, 3.35, 3.49. */
const text = {
  type: "object",
  required: ["text"],
  additionalProperties: false,
  properties: { text: { type: "string", minLength: 1 } },
};
const level = { enum: ["none", "note", "warning", "error"] };
const list = (items: object) => ({ type: "array", items });
const object = (required: readonly string[], properties: object) => {
  return { type: "object", required, properties, additionalProperties: false };
};
const SARIF = object(["version", "runs"], {
  $schema: { type: "string", pattern: "^https://.*sarif-schema-2\\.1\\.0\\.json$" },
  version: { const: "2.1.0" },
  runs: list(
    object(["tool", "results"], {
      columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
      tool: object(["driver"], {
        driver: object(["name"], {
          name: { type: "string" },
          version: { type: "string" },
          rules: {
            uniqueItems: true,
            ...list(
              object(["id"], {
                id: { type: "string" },
                shortDescription: text,
                fullDescription: text,
                help: text,
                defaultConfiguration: object([], { level }),
              }),
            ),
          },
        }),
      }),
      results: list(
        object(["message"], {
          ruleId: { type: "string" },
          ruleIndex: { type: "integer", minimum: 0 },
          level,
          message: text,
          locations: list(
            object([], {
              physicalLocation: object(["artifactLocation"], {
                artifactLocation: object([], { uri: { type: "string", pattern: "^[^\\s\\\\]+$" } }),
                region: object([], { startLine: { type: "integer", minimum: 1 } }),
              }),
              logicalLocations: list(
                object([], { fullyQualifiedName: { type: "string" }, kind: { enum: ["object", "member"] } }),
              ),
            }),
          ),
          partialFingerprints: { type: "object", additionalProperties: { type: "string" } },
          suppressions: list(
            object(["kind"], { kind: { enum: ["inSource", "external"] }, justification: { type: "string" } }),
          ),
        }),
      ),
    }),
  ),
});
const validate = new Ajv().compile(SARIF);

/** A log of findings, which is what the standard asks for. */
function logOf(findings: readonly Finding[], options: SarifOptions = {}) {
  const log = toSarif(findings, options);
  expect(validate(JSON.parse(JSON.stringify(log))), JSON.stringify(validate.errors)).toBe(true);
  const [run] = log.runs;
  if (run === undefined || log.runs.length !== 1) return expect.fail("not one run");
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  return run;
}

/** A base that breaks a rule, one that is suppressed, and an overlay that breaks another. */
function broken() {
  const app = new App();
  const file = new ComposeFile(app, "next");
  const web = new Service(file, "web", { ...GOOD, image: "traefik:latest", read_only: false });
  new Overlay(file, "later").change(web, { restart: "no" });
  new Policy(file, "policy", { rules: PRODUCTION_RULES }).suppress("read-only-root", web, "it writes its cache");
  return app.synth();
}

const line = (file: string | undefined, words: string) => {
  return (file ?? "").split("\n").findIndex((candidate) => candidate.includes(words)) + 1;
};

describe("toSarif", () => {
  it("says what, how bad, and where, in the file and in the program", () => {
    const { findings, files } = broken();
    const { results } = logOf(findings, { files });
    const base = files.get("docker-compose.next.yaml");
    const later = files.get("docker-compose.next.later.yaml");
    expect(
      results.map(({ ruleId, level, locations: [at] }) => {
        const { artifactLocation, region } = at?.physicalLocation ?? {};
        return [ruleId, level, artifactLocation?.uri, region?.startLine];
      }),
    ).toEqual([
      ["image-pinned", "error", "docker-compose.next.yaml", line(base, "image: traefik:latest")],
      ["read-only-root", "note", "docker-compose.next.yaml", line(base, "read_only: false")],
      ["restart-set", "warning", "docker-compose.next.later.yaml", line(later, "restart:")],
    ]);
    expect(results[2]?.locations[0]?.logicalLocations).toEqual([
      { fullyQualifiedName: "next/later/web", kind: "object" },
      { fullyQualifiedName: "services.web.restart", kind: "member" },
    ]);
  });

  it("gives the reason of what is suppressed", () => {
    const { results } = logOf(broken().findings);
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      [{ kind: "inSource", justification: "it writes its cache" }],
      undefined,
    ]);
  });

  it("describes the rules, each once, in the order of what was found", () => {
    const { findings } = broken();
    const { driver } = logOf([...findings, ...findings], { rules: PRODUCTION_RULES, version: "1.2.3" }).tool;
    expect(driver.version).toBe("1.2.3");
    expect(driver.rules.map(({ id }) => id)).toEqual(["image-pinned", "read-only-root", "restart-set"]);
    const rule = PRODUCTION_RULES.find(({ id }) => id === "image-pinned");
    expect(driver.rules[0]).toEqual({
      id: "image-pinned",
      shortDescription: { text: rule?.what },
      fullDescription: { text: `${rule?.what}: ${rule?.why}` },
      help: { text: rule?.fix },
      defaultConfiguration: { level: "error" },
    });
  });

  it("says of findings that no rule made what their code means", () => {
    const finding: Finding = {
      code: "schema",
      severity: "error",
      construct: "next",
      reason: "is not a service",
      fix: "correct it",
    };
    const { tool, results } = logOf([finding], { rules: PRODUCTION_RULES });
    expect(tool.driver.rules).toEqual([{ id: "schema", shortDescription: { text: meaningOf("schema") } }]);
    expect(results[0]?.locations[0]?.physicalLocation).toBeUndefined();
  });

  it("finds the nearest line above what is not there", () => {
    const files = new Map([["a.yaml", "services:\n  web:\n    image: x\n  b.c: {}\n"]]);
    const at = (path: string) => {
      const finding: Finding = {
        code: "x",
        severity: "error",
        construct: "",
        file: "a.yaml",
        path,
        reason: "r",
        fix: "f",
      };
      return logOf([finding], { files }).results[0]?.locations[0]?.physicalLocation?.region?.startLine;
    };
    expect(at("services.web.image")).toBe(3);
    expect(at("services.web.healthcheck.test[1]")).toBe(2);
    expect(at('services["b.c"].image')).toBe(4);
    expect(at("networks.inner")).toBe(1);
    expect(at("line 4")).toBe(4);
    expect(at("not a path")).toBe(1);
  });

  it("sees paths from the root of the repository, as an address has them", () => {
    const finding: Finding = {
      code: "x",
      severity: "error",
      construct: "",
      file: "a b/c#d.yaml",
      reason: "r",
      fix: "f",
    };
    const uri = (directory?: string) =>
      logOf([finding], { directory }).results[0]?.locations[0]?.physicalLocation?.artifactLocation.uri;
    expect(uri()).toBe("a%20b/c%23d.yaml");
    expect(uri("./deploy/")).toBe("deploy/a%20b/c%23d.yaml");
    expect(uri("/srv/lamb")).toBe("/srv/lamb/a%20b/c%23d.yaml");
  });

  it("tells the same findings apart by code, construct and place", () => {
    const { results } = logOf(broken().findings);
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints["place/v1"])).size).toBe(3);
  });

  it("is valid without any finding", () => {
    expect(logOf([]).results).toEqual([]);
  });

  it("would not be valid otherwise", () => {
    const log = toSarif(broken().findings);
    const wrong = JSON.parse(JSON.stringify(log).replace('"level":"error"', '"level":"fatal"'));
    expect(validate(wrong)).toBe(false);
  });
});

describe("reportFindings", () => {
  const { findings } = broken();

  it("is for people by default: what is suppressed is counted, or shown", () => {
    const open = findings
      .filter(({ severity }) => severity !== "suppressed")
      .map((finding) => `${formatFinding(finding)}\n`);
    const count = "1 suppressed with a reason: --verbose shows what and why\n";
    expect(reportFindings(findings)).toBe(open.join("") + count);
    expect(reportFindings(findings, "text", { verbose: true })).toBe(
      open.join("") +
        findings
          .filter(({ severity }) => severity === "suppressed")
          .map((finding) => `${formatFinding(finding)}\n`)
          .join(""),
    );
    expect(reportFindings([])).toBe("");
  });

  it("says to people once what is wrong at several places, errors first", () => {
    const one = {
      code: "a",
      severity: "warning",
      construct: "x",
      path: "p",
      reason: "is bad",
      fix: "mend it",
    } as const;
    const text = reportFindings([
      one,
      { ...one, code: "b", severity: "error" },
      { ...one, construct: "y", value: "v" },
    ]);
    expect(text).toBe(`error b at x · p
  is bad
  fix: mend it
warning a at 2 places
    x · p
    y · p (got v)
  is bad
  fix: mend it
`);
  });

  it("is for programs", () => {
    expect(JSON.parse(reportFindings(findings, "json"))).toEqual({ findings });
    expect(JSON.parse(reportFindings([], "json"))).toEqual({ findings: [] });
  });

  it("is for code hosts", () => {
    expect(JSON.parse(reportFindings(findings, "sarif"))).toEqual(JSON.parse(JSON.stringify(toSarif(findings))));
  });
});

describe("lines of YAML", () => {
  const lines = new YamlLines(`x-env: &env
  A: 1
  B: 2
x-more: &more
  <<: [*env, { B: 3, C: 4 }]
a:
  - x
  - b: 1
    c: &z
      - 2
d: *z
web:
  environment:
    <<: *more
    B: 5
db:
  environment:
    - A=1
    - B
`);

  it.each<[line: number | undefined, ...keys: string[]]>([
    [6, "a"],
    [7, "a", "0"],
    [8, "a", "1"],
    [8, "a", "1", "b"],
    [10, "a", "1", "c", "0"],
    [11, "d"],
    [10, "d", "0"],
    [15, "web", "environment", "B"],
    [2, "web", "environment", "A"],
    [5, "web", "environment", "C"],
    [3, "x-more", "B"],
    [18, "db", "environment", "A"],
    [19, "db", "environment", "B"],
    [undefined, "db", "environment", "C"],
    [undefined, "d", "0", "deeper"],
  ])("is %s of what %s", (line, ...keys) => {
    expect(lines.of(keys)).toBe(line);
  });

  it("is that of the last document that has it", () => {
    const documents = new YamlLines("a: 1\nb: 1\n---\na: 2\n");
    expect([documents.of(["a"]), documents.of(["b"])]).toEqual([4, 2]);
  });

  it("is none of what cannot be read, and does not go round in circles", () => {
    expect(new YamlLines("a: [").of(["a"])).toBeUndefined();
    expect(new YamlLines("").of(["a"])).toBeUndefined();
    expect(new YamlLines("a: &a\n  <<: *a\n  b: 1\n").of(["a", "c"])).toBeUndefined();
  });
});
