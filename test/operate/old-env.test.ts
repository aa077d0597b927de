import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkEnvOf } from "../../lib/operate/env/command";
import { initialize } from "../../lib/operate/init";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-old-env-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The `backend/.env` of an installation of the old stack: `old-checkout.tar.gz` of the fixture, with other secrets. */
const OLD = `LAMB_WEB_HOST=https://lamb.uni.edu
LAMB_BACKEND_HOST=http://localhost:9099
LAMB_BEARER_TOKEN=0fd1c07a2e1f4a94b4a4e3cf12bd0a55
LAMB_DB_PATH=/opt/lamb
OWI_PATH=/opt/lamb/open-webui/backend/data
OWI_BASE_URL=http://openwebui:8080
OWI_PUBLIC_BASE_URL=https://chat.uni.edu
OWI_ADMIN_NAME=Admin
OWI_ADMIN_EMAIL=it@uni.edu
OWI_ADMIN_PASSWORD=kZ7-tq81-Lm22-vvQ0
LAMB_KB_SERVER=http://kb:9090
LAMB_KB_SERVER_TOKEN=5f0a3c1b7d9e4c86a1b2c3d4e5f60718
OPENAI_API_KEY=sk-4711-0815
OPENAI_BASE_URL=https://api.openai.com/v1
OPENAI_MODEL=gpt-4o-mini
OPENAI_MODELS=gpt-4o-mini,gpt-4o
SIGNUP_ENABLED=true
SIGNUP_SECRET_KEY=77c1b0e2d3f4a5968778695a4b3c2d1e
LTI_SECRET=9d8c7b6a5f4e3d2c1b0a99887766554f
PLUGIN_BANANA_IMG=DISABLE
LANGCHAIN_TRACING_V2=false
DB_MAINTENANCE_ENABLED=true
`;

const DRAWN = ["LAMB_JWT_SECRET", "WEBUI_SECRET_KEY"];

it.each([
  ["0.6", DRAWN],
  ["0.7", [...DRAWN, "LAMB_LIBRARY_TOKEN", "LAMB_MOODLE_ENCRYPTION_KEY"]],
] as const)(
  "an .env of the old stack goes on: each line stays, and what has no use is told: LAMB %s",
  async (release, drawn) => {
    writeFileSync(join(dir, ".env"), OLD);
    const { env } = await initialize({ dir, choices: { caddy: false, release } });
    const text = readFileSync(join(dir, ".env"), "utf8");
    expect(text.startsWith(OLD)).toBe(true);
    expect(
      env.added
        .filter(({ from }) => from === "generated")
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...drawn].sort());
    const problems = async () => (await checkEnvOf({ dir, environment: {} })).problems;
    expect((await problems()).map(({ name, code }) => `${code} ${name}`).sort()).toEqual([
      "retired-name LAMB_BACKEND_HOST",
      "retired-name LAMB_KB_SERVER",
      "retired-name OWI_BASE_URL",
      "retired-value LAMB_DB_PATH",
      "retired-value OWI_PATH",
    ]);
    const retired = /^(LAMB_BACKEND_HOST|LAMB_KB_SERVER|OWI_BASE_URL|LAMB_DB_PATH|OWI_PATH)=.*\n/gm;
    writeFileSync(join(dir, ".env"), text.replaceAll(retired, ""));
    expect(await problems()).toEqual([]);
  },
);

/** The other `.env` files of that installation: of the knowledge base, and beside the Compose file. */
const OTHERS: readonly (readonly [
  file: string,
  text: string,
  moved: readonly string[],
  problems: readonly string[],
])[] = [
  [
    "lamb-kb-server-stable/backend/.env",
    `LAMB_API_KEY=5f0a3c1b7d9e4c86a1b2c3d4e5f60718
HOME_URL=http://localhost:9090
EMBEDDINGS_MODEL=text-embedding-3-small
EMBEDDINGS_VENDOR=openai
EMBEDDINGS_ENDPOINT=https://api.openai.com/v1/embeddings
EMBEDDINGS_APIKEY=sk-4711-0815
PLUGIN_SIMPLE_INGEST=ENABLE
`,
    ["LAMB_KB_SERVER_TOKEN"],
    ["former-name HOME_URL", "former-name LAMB_API_KEY"],
  ],
  [
    ".env",
    "LAMB_PROJECT_PATH=/opt/lamb\nLIBRARY_MANAGER_TOKEN=d1f0a7c2b3e4958677a8b9c0d1e2f304\nLAMB_DB_PATH=/opt/lamb\n",
    ["LAMB_LIBRARY_TOKEN"],
    ["former-name LIBRARY_MANAGER_TOKEN", "retired-name LAMB_PROJECT_PATH", "retired-value LAMB_DB_PATH"],
  ],
];

it.each(OTHERS)("each of its other files goes on, too: %s", async (_, old, moved, expected) => {
  writeFileSync(join(dir, ".env"), old);
  const given = new Map([["OWI_ADMIN_EMAIL", "it@uni.edu"]]);
  const { env } = await initialize({ dir, choices: { caddy: false, release: "0.7" }, given });
  expect(readFileSync(join(dir, ".env"), "utf8").startsWith(old)).toBe(true);
  expect(env.added.filter(({ from }) => from === "moved").map(({ name }) => name)).toEqual(moved);
  const { problems } = await checkEnvOf({ dir, environment: {} });
  expect(problems.map(({ name, code }) => `${code} ${name}`).sort()).toEqual(expected);
});
