import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { config } from "../../lib/cli/config";
import { COMPOSE } from "../support/docker-compose";

const FILES = {
  "compose.yaml":
    "name: demo\nservices: {web: {image: 'i:${TAG:-none}', volumes: ['./x:/x'], profiles: []}, extra: {image: e, profiles: [p]}}\n",
  "compose.override.yaml": "services: {web: {user: over}}\n",
  ".env": "TAG=dotenv\n",
  "other.env": "TAG=other\n",
  "deep/er/.env": "TAG=deep\n",
  "base.yaml": "services: {web: {image: 'b:${TAG}', ports: ['80']}}\n",
  "prod.yaml": "services: {web: {ports: !override ['81'], command: a b}}\n",
  "listed/.env": "COMPOSE_FILE=one.yaml:two.yaml\nTAG=listed\n",
  "listed/one.yaml": "services: {web: {image: 'one:${TAG}'}}\n",
  "listed/two.yaml": "services: {web: {user: two}}\n",
  "both/compose.yaml": "services: {web: {image: yaml}}\n",
  "both/compose.yml": "services: {web: {image: yml}}\n",
  "bad/compose.yaml": "services: {web: {foo: 1}}\n",
  "hashed/compose.yaml":
    "services: {web: {image: i, build: ., scale: 2, env_file: [a.env, {path: b.env, required: false}], deploy: {replicas: 2, labels: [a=b]}, models: [m], environment: [A, 'B=<$$>'], depends_on: [db]}, db: {image: d, profiles: ['']}}\nmodels: {m: {model: ai/m}}\n",
  "hashed/a.env": "X=1\n",
  "warns/compose.yaml": "version: '3'\nservices: {web: {image: 'i:${GONE}', networks: [none]}}\n",
  "watch/compose.yaml": "services: {web: {build: ., develop: {watch: [{path: ./link/a, action: rebuild}]}}}\n",
};

let root = "";

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "config-")));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, "watch/real"));
  symlinkSync("real", join(root, "watch/link"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly error: string;
}

async function ours(words: readonly string[], folder: string, env: Record<string, string>): Promise<Result> {
  let stdout = "";
  let error = "";
  const code = await config(words, {
    cwd: join(root, folder),
    env,
    stdin: () => "services: {web: {image: stdin}}\n",
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      error += text;
    },
  });
  return { code, stdout, error };
}

function composes(words: readonly string[], folder: string, env: Record<string, string>): Result {
  const cwd = join(root, folder);
  try {
    const [program, ...first] = COMPOSE;
    const stdout = execFileSync(program, [...first, ...words], {
      cwd,
      env: { PATH: process.env.PATH ?? "", ...env },
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
      input: "services: {web: {image: stdin}}\n",
    });
    return { code: 0, stdout, error: "" };
  } catch (failure) {
    const { status = 1, stderr = "" } =
      failure instanceof Error ? Object.assign({ status: 1, stderr: "" }, failure) : {};
    return { code: status, stdout: "", error: stderr.replace(/^time="[^"]*" /gm, "") };
  }
}

function hasCompose(): boolean {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const HOME = { HOME: "/home/user" };

const CASES: readonly (readonly [words: string, folder?: string, env?: Record<string, string>])[] = [
  ["config"],
  ["config --format json"],
  ["config --services"],
  ["--profile p config --services"],
  ["--profile=p config --images"],
  ["config", "deep/er"],
  ["-f base.yaml -f prod.yaml -p demo config --format json"],
  ["-fbase.yaml --file=prod.yaml --project-name=demo config --format=json"],
  ["--env-file other.env config"],
  ["--env-file none.env config"],
  ["config", "", { TAG: "os" }],
  ["config", "", { COMPOSE_DISABLE_ENV_FILE: "1" }],
  ["config", "", { COMPOSE_FILE: "base.yaml:prod.yaml" }],
  ["config", "", { COMPOSE_FILE: "base.yaml,prod.yaml", COMPOSE_PATH_SEPARATOR: "," }],
  ["config", "", { COMPOSE_ENV_FILES: "other.env" }],
  ["config", "", { COMPOSE_PROJECT_NAME: "envname" }],
  ["config", "", { COMPOSE_PROFILES: "p" }],
  ["config", "listed"],
  ["config", "both"],
  ["config", "bad"],
  ["config", "watch"],
  ["--project-directory deep -f base.yaml config"],
  ["--project-directory deep config"],
  ["-f ../base.yaml config", "deep"],
  ["-f none.yaml config"],
  ["-f - config"],
  ["config web"],
  ["config extra"],
  ["config nope"],
  ["config --variables"],
  ["config --variables --format json"],
  ["config --no-interpolate"],
  ["config --no-normalize --no-path-resolution"],
  ["config --hash *"],
  ["config --hash web"],
  ["config --hash nope"],
  ["config --hash *", "hashed"],
  ["config --models", "hashed"],
  ["config --models --hash *", "hashed"],
  ["config --images --hash web"],
  ["config", "warns"],
  ["config --variables", "warns"],
  ["config --quiet"],
  ["config --format toml"],
  ["config --bogus"],
];

describe.skipIf(!hasCompose() && !process.env.CI)("the command answers as docker compose config does", () => {
  const cases = CASES.map(([words, folder = "", env = {}]) => ({ words, folder, env }));
  test.each(cases)("$words in '$folder' with $env", async ({ words, folder, env }) => {
    const args = words.split(" ");
    const environment = { ...HOME, ...env };
    const compose = composes(args, folder, environment);
    const own = await ours(args, folder, environment);
    const sorted = (text: string) =>
      /--services|--images|--variables/.test(words) && !words.includes("json")
        ? text.split("\n").sort().join("\n")
        : text;
    const data = (text: string): unknown => (words.includes("json") && text !== "" ? JSON.parse(text) : sorted(text));
    const told = ({ code, error }: Result) => (code === 0 ? "" : error.trim().split("\n").sort().join("\n"));
    expect(told(own)).toBe(told(compose));
    if (words.includes("json") && !words.includes("--variables")) expect(own.stdout).toBe(compose.stdout);
    expect(data(own.stdout)).toEqual(data(compose.stdout));
    expect(/\n*$/.exec(own.stdout)?.[0]).toBe(/\n*$/.exec(compose.stdout)?.[0]);
    expect(own.code === 0).toBe(compose.code === 0);
  });
});

test("--output writes a file, and nothing to stdout", async () => {
  expect(await ours(["config", "--services", "-o", "out.txt"], "", HOME)).toMatchObject({ code: 0, stdout: "" });
});
