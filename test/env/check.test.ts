import { describe, expect, it, test } from "vitest";
import { type CheckEnvOptions, checkEnv, formatEnvProblem } from "../../lib/env/check";
import type { EnvContract } from "../../lib/env/contract";
import { contractOf, Stack } from "./env-stack";

const RANDOM = "4e7f41b2c06f4a0d9b1d7c3a58e2f690";
const OTHER = "b0a9c55d1e3f48c2a6d7e8f901234567";
const GOOD = `TOKEN=${RANDOM}\nMAIL=it@uni-campus.edu\nPUBLIC_HOST=app.uni-campus.edu\n`;
const LINES = GOOD.split("\n").length;

const { contract } = new Stack();

async function found(text: string, options?: CheckEnvOptions, against: EnvContract = contract): Promise<string[]> {
  const problems = await checkEnv(against, text, options);
  return problems.map(({ severity, code, name, line }) => `${severity} ${code} ${name}:${line ?? "-"}`);
}

/** What is wrong with a text that is added to a good one. Its first line is line 1 here. */
async function foundBehind(text: string): Promise<string[]> {
  const shift = (problem: string) => problem.replace(/:(\d+)$/, (_, line) => `:${Number(line) - LINES + 1}`);
  return (await found(GOOD + text)).map(shift);
}

test("a good file has no problem", async () => {
  expect(await found(GOOD)).toEqual([]);
});

/** What is added to a good file → what is wrong. */
const added: [string, string[]][] = [
  ["", []],
  ["# TOKEN=x\n\nCOMPOSE_PROJECT_NAME=a\nDOCKER_HOST=b\nCOMPOSE_SOMETHING=c\nTAG=1", []],
  ["WEB_PORT=9000\nPREFIX=\nURL=https://app.uni-campus.edu", []],
  ["COMPOSE_PROFILE=work", ["warning unknown-name COMPOSE_PROFILE:1"]],
  ["WEB_PROT=9000", ["warning unknown-name WEB_PROT:1"]],
  ["web_port=9000", ["warning unknown-name web_port:1"]],
  ["MY_OWN_THING=1", ["warning unknown-name MY_OWN_THING:1"]],
  ["kT9vXq2=1", ["warning unknown-name :1"]],
  ["WEB_PORT=many", ["error wrong-type WEB_PORT:1"]],
  ["URL=localhost", ["error wrong-type URL:1"]],
  ["WEB_PORT=1\nWEB_PORT=2\n", ["warning duplicate-line WEB_PORT:2"]],
  ["DATA_PATH=/data", ["warning retired-name DATA_PATH:1"]],
  ["DATA_PATH=/data/", ["warning retired-name DATA_PATH:1"]],
  ["DATA_PATH=", ["warning retired-name DATA_PATH:1"]],
  ["DATA_PATH=/mine", ["error retired-value DATA_PATH:1"]],
  ["PROJECT_PATH=/opt/x", ["warning retired-name PROJECT_PATH:1"]],
  ["OLD_HOST=app.uni-campus.edu", ["warning retired-name OLD_HOST:1"]],
  [`OLD_TOKEN=${RANDOM}`, ["warning former-name OLD_TOKEN:1"]],
  [`OLD_TOKEN=${OTHER}`, ["error names-differ OLD_TOKEN:1"]],
  [`OLD_KEY=${OTHER}`, ["warning former-name OLD_KEY:1"]],
  [`API_KEY=\nOLD_KEY=${OTHER}`, ["warning former-name OLD_KEY:2"]],
  [`API_KEY=${OTHER}1\nOLD_KEY=${OTHER}`, ["error names-differ OLD_KEY:2"]],
  [`API_KEY=${RANDOM}`, ["warning shared-secret API_KEY:1"]],
  ["API_KEY=k3Y-9z", []],
  ...["' k3Y-9z'", '"k3Y-9z\\n"', '"k3Y\\n-9z"', '"k3Y\\r\\n-9z"', "k3Y\u001b[31m-9z", "k3Y\u200b-9z"].map(
    (value): [string, string[]] => [`API_KEY=${value}`, ["warning unseen-characters API_KEY:1"]],
  ),
  ["API_KEY=k3Y\0-9z", ["error unseen-characters API_KEY:1"]],
  ["PREFIX=' x'", ["warning unseen-characters PREFIX:1"]],
  ["API_KEY=hunter2", ["error public-value API_KEY:1"]],
  ["API_KEY=CHANGE_ME", ["error placeholder API_KEY:1"]],
  ["OLD_KEY=changeme", ["warning former-name OLD_KEY:1", "error placeholder OLD_KEY:1"]],
  ["PREFIX=your-name", ["warning placeholder PREFIX:1"]],
  ["WEB_PORT", ["error malformed-line :1"]],
  ["WEB_PORT\n", ["warning no-value WEB_PORT:1"]],
  ["s3cr3tOnItsOwn\n", ["warning no-value :1"]],
  ["two words=1", ["error malformed-line :1"]],
  ["a+b=1", ["error malformed-line :1"]],
  ["=1", ["error malformed-line :1"]],
  ["URL='http://a.edu", ["error malformed-line :1"]],
  ["URL='http://a.edu' oops", ["error malformed-line :1"]],
  [`API_KEY=${OTHER}$cd`, ["error dollar API_KEY:1"]],
  [`API_KEY="ab$cd${OTHER}"`, ["error dollar API_KEY:1"]],
  [`API_KEY='ab$cd${OTHER}'`, []],
  [`API_KEY="ab\\$cd${OTHER}"`, []],
  [`API_KEY=ab$$${OTHER}`, ["warning dollar API_KEY:1"]],
  [`API_KEY='ab$$${OTHER}'`, []],
  [`API_KEY=ab$5!${OTHER}$`, []],
  [`API_KEY=ab$\{cd${OTHER}`, ["error dollar API_KEY:1"]],
  [`API_KEY=ab$\{cd:?x}${OTHER}`, ["error dollar API_KEY:1"]],
  ["URL=https://$PUBLIC_HOST", []],
  ["URL=https://${PUBLIC_HOST}$NOTHING", ["warning dollar URL:1"]],
  ["COMPOSE_FILE=compose.yaml", ["warning unknown-files COMPOSE_FILE:-"]],
  ["COMPOSE_FILE=./docker-compose.next.yaml:mine.yaml", []],
];

describe("what is added to a good file", () => {
  it.each(added)("%j → %j", async (text, problems) => {
    expect(await foundBehind(text)).toEqual(problems);
  });
});

/** A whole file → what is wrong. */
const whole: [string, string[]][] = [
  ["", ["error missing TOKEN:-", "error missing MAIL:-", "error missing PUBLIC_HOST:-"]],
  ["COMPOSE_FILE=docker-compose.next.yaml", ["error missing TOKEN:-", "error missing MAIL:-"]],
  [
    "COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=/srv/docker-compose.next.yaml,more.yaml",
    ["error missing TOKEN:-", "error missing MAIL:-"],
  ],
  ["TOKEN=\nMAIL=' '\nPUBLIC_HOST\n", ["error empty TOKEN:1", "error empty MAIL:2", "error missing PUBLIC_HOST:3"]],
  ["TOKEN=k3Y-9z\nMAIL=it@uni-campus.edu\nPUBLIC_HOST=app.uni-campus.edu", ["warning weak-secret TOKEN:1"]],
  [`OLDER_TOKEN=${RANDOM}\nMAIL=it@uni-campus.edu\nPUBLIC_HOST=a.edu`, ["error former-name OLDER_TOKEN:1"]],
  [
    `OLD_TOKEN=${RANDOM}\nOLDER_TOKEN=${OTHER}\nMAIL=it@uni-campus.edu\nPUBLIC_HOST=a.edu`,
    ["error former-name OLD_TOKEN:1", "error names-differ OLDER_TOKEN:2"],
  ],
  [
    `OLD_HOST=a.edu\nTOKEN=${RANDOM}\nMAIL=it@uni-campus.edu`,
    ["error missing PUBLIC_HOST:-", "error retired-value OLD_HOST:1"],
  ],
  [
    `TOKEN=changeme\nMAIL=it@yourdomain.com\nPUBLIC_HOST=app.example.org`,
    ["error placeholder TOKEN:1", "error placeholder MAIL:2", "error placeholder PUBLIC_HOST:3"],
  ],
  [
    `COMPOSE_FILE=docker-compose.next.yaml\nTOKEN=${RANDOM}\nMAIL=it@uni-campus.edu\nPUBLIC_HOST=app.example.org`,
    ["warning placeholder PUBLIC_HOST:4"],
  ],
  [
    `TOKEN=T0P S3CR3T\nMAIL=it\nPUBLIC_HOST=<host>\nTOKEM=1\nWEB_PORT=x\nbad line=1\nDATA_PATH=/x`,
    [
      "error public-value TOKEN:1",
      "error wrong-type MAIL:2",
      "error placeholder PUBLIC_HOST:3",
      "warning unknown-name TOKEM:4",
      "error wrong-type WEB_PORT:5",
      "error malformed-line :6",
      "error retired-value DATA_PATH:7",
    ],
  ],
];

describe("all problems at once", () => {
  it.each(whole)("%j → %j", async (text, problems) => {
    expect(await found(text)).toEqual(problems);
  });
});

describe("how the file is written does not matter", () => {
  const texts = [...whole.map(([text]) => text), ...added.map(([text]) => GOOD + text)].filter((text) => text !== "");

  it.each(texts)("with CRLF and a byte order mark: %j", async (text) => {
    expect(await found(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toEqual(await found(text));
  });

  it("with export, blanks, colons and comments", async () => {
    const text = `export TOKEN = ${RANDOM} # ours\n  MAIL: "it@uni-campus.edu" # theirs\n\nPUBLIC_HOST='a.edu'#\n`;
    expect(await found(text)).toEqual([]);
  });
});

describe("what Compose will see", () => {
  it("is the environment's value before the file's", async () => {
    expect(await found(GOOD, { environment: { TOKEN: "changeme" } })).toEqual(["error placeholder TOKEN:-"]);
    expect(await found("", { environment: { TOKEN: RANDOM, MAIL: "it@a.edu", PUBLIC_HOST: "a.edu" } })).toEqual([]);
  });

  it("is the environment's value for a name alone on its line", async () => {
    const text = "TOKEN\nMAIL=it@a.edu\nPUBLIC_HOST=a.edu\n";
    expect(await found(text)).toEqual(["error missing TOKEN:1"]);
    expect(await found(text, { environment: { TOKEN: RANDOM } })).toEqual([]);
  });

  it("is a value put together from others", async () => {
    expect(await found(`${GOOD}URL=$SCHEME://a.edu`, { environment: { SCHEME: "https" } })).toEqual([]);
    expect(await found(`${GOOD}URL=$PUBLIC_HOST`)).toEqual(["error wrong-type URL:4"]);
  });

  it("has names of every object's own only when they are set", async () => {
    expect(await found(`${GOOD}URL=http://$constructor`)).toContain("warning dollar URL:4");
  });

  it("is checked for the files that run", async () => {
    const text = `TOKEN=${RANDOM}\nMAIL=it@a.edu`;
    expect(await found(text)).toEqual(["error missing PUBLIC_HOST:-"]);
    expect(await found(text, { files: ["docker-compose.next.yaml"] })).toEqual([]);
  });
});

describe("a contract that was stored as JSON", () => {
  it("still checks everything but types", async () => {
    const stored: EnvContract = JSON.parse(JSON.stringify(contract));
    for (const [text, problems] of whole) {
      const rest = problems.filter((problem) => !problem.includes("wrong-type"));
      expect(await found(text, {}, stored)).toEqual(rest);
    }
  });
});

describe("how a problem reads", () => {
  const cases: [string, string][] = [
    [
      `${GOOD}WEB_PORT=x`,
      "error wrong-type at .env:4 · WEB_PORT\n  must be a port\n  fix: correct it: port on this host",
    ],
    [
      `${GOOD}MIAL=x`,
      "warning unknown-name at .env:4 · MIAL\n  is a name that nothing reads\n  fix: did you mean MAIL?",
    ],
    [
      `COMPOSE_FILE=docker-compose.next.prod.yaml:docker-compose.next.yaml\nTOKEN=${RANDOM}\nMAIL=it@a.edu`,
      "error missing at .env · PUBLIC_HOST\n  is required and not set: name under which people come\n" +
        "  fix: set it, or leave out of COMPOSE_FILE docker-compose.next.prod.yaml",
    ],
    [`${GOOD}a b=1`, "error malformed-line at .env:4\n"],
  ];

  it.each(cases)("%j", async (text, expected) => {
    const problems = await checkEnv(contract, text);
    expect(problems.map((problem) => formatEnvProblem(problem)).join("\n")).toContain(expected);
  });
});

/** Values that anybody can find in LAMB's repositories and guides. Contract section 3. */
const PUBLIC = [
  "t0p-s3cr3t",
  "0p3n-w3bu!",
  "lamb-lti-secret-key-2024",
  "pepino-secret-key",
  "admin",
  "change-me",
  "CHANGE_ME_strong_random_secret",
  "CHANGE_ME_strong_admin_password",
  "postgres",
  "CHANGEME",
];
const varied = (value: string) => [value, value.toUpperCase(), ` ${value} `, value.replace(/[-_]/g, " ")];

describe("public secrets are refused", () => {
  const known = contractOf({ name: "SECRET", meaning: "a secret", required: true, secret: true, refused: PUBLIC });

  it.each(PUBLIC.flatMap(varied))("%j", async (value) => {
    expect(await found(`SECRET='${value}'`, {}, known)).toEqual(["error public-value SECRET:1"]);
  });
});
