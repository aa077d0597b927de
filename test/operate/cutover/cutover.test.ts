import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DISK } from "../../../lib/disk/compose-access";
import type { DeploymentChoices } from "../../../lib/operate/choices";
import type { CutoverChange } from "../../../lib/operate/cutover/change";
import { type Cutover, cutover } from "../../../lib/operate/cutover/cutover";
import { cutoverPage, formatCutover } from "../../../lib/operate/cutover/text";
import { initialize } from "../../../lib/operate/init";

const STACKS = join(import.meta.dirname, "../../conformance/stacks");
const GIVEN = new Map([
  ["OWI_ADMIN_EMAIL", "it@uni.edu"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu"],
  ["OWI_PUBLIC_HOST", "chat.uni.edu"],
  ["CADDY_EMAIL", "it@uni.edu"],
]);
const SECRET = "a-secret-that-nobody-may-see-0123";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "lamb-compose-cutover-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Case {
  readonly stack: "lamb-legacy" | "lamb-next";
  /** Text of the older `.env`. */
  readonly env: string;
  readonly choices?: DeploymentChoices;
  readonly given?: ReadonlyMap<string, string>;
}

/** A file of the older deployment, in `home/old`, and the deployment in `home/next`. */
async function made({ stack, env, choices = {}, given = GIVEN }: Case): Promise<string> {
  const old = join(home, "old");
  cpSync(join(STACKS, stack), old, { recursive: true });
  writeFileSync(join(old, ".env"), env);
  await initialize({ dir: join(home, "next"), choices: { release: "0.7", library: true, ...choices }, given });
  return join(old, stack === "lamb-legacy" ? "docker-compose.yaml" : "docker-compose.next.yaml");
}

const decided = async (one: Case, more: Partial<Parameters<typeof cutover>[0]> = {}): Promise<Cutover> =>
  cutover({ from: [await made(one)], dir: join(home, "next"), environment: {}, access: DISK, ...more });

const LEGACY: Case = { stack: "lamb-legacy", env: "LAMB_PROJECT_PATH=${PWD}\nCOMPOSE_PROJECT_NAME=dev\n" };
const NEXT: Case = {
  stack: "lamb-next",
  env: `COMPOSE_PROJECT_NAME=lamb-next\nOWI_PATH=/data/openwebui\nLAMB_BEARER_TOKEN=${SECRET}\nLAMB_API_KEY=${SECRET}\n`,
};

const of = ({ changes }: Cutover, kind: CutoverChange["kind"]) =>
  changes.filter((change) => change.kind === kind).map(({ subject }) => subject);

/** What Docker Compose 2.40.3 makes of an older file: `docker compose config --format json`, as it was recorded. */
function judged(stack: string): { readonly services: Readonly<Record<string, JudgedService>> } {
  return JSON.parse(JSON.parse(readFileSync(join(STACKS, stack, "answer.json"), "utf8")).answer.output);
}

interface JudgedService {
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly { readonly published: string; readonly protocol: string }[];
}

describe("what differs", () => {
  it.each([LEGACY, NEXT])("no port and no service of $stack is passed over", async (one) => {
    const { changes } = await decided(one);
    const told = changes.map(({ subject }) => subject);
    const { services } = judged(one.stack);
    // Behind Caddy, no service publishes what an older file did.
    const ports = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map(({ published, protocol }) => `${published}/${protocol} of ${name}`),
    );
    expect(ports.length).toBeGreaterThan(1);
    const continued = new Set(["lamb", "kb", "openwebui", "library-manager"]);
    const others = Object.keys(services).filter((name) => !continued.has(name));
    expect(told).toEqual(expect.arrayContaining([...ports, ...others]));
  });

  it("data of a checkout belong into volumes, and only what is there counts", async () => {
    const from = await made(LEGACY);
    const old = join(home, "old");
    mkdirSync(join(old, "open-webui/backend/data"), { recursive: true });
    writeFileSync(join(old, "lamb_v4.db"), "");
    const found = await cutover({ from: [from], dir: join(home, "next"), environment: {}, access: DISK });
    expect(of(found, "data-moved")).toEqual([
      `LAMB's database: ${join(old, "lamb_v4.db")}`,
      `Open WebUI's database and uploads: ${join(old, "open-webui/backend/data")}`,
    ]);
    expect(of(found, "data-left")).toEqual(["the volume dev_pip-cache"]);
    expect(of(found, "service-renamed")).toEqual(["backend"]);
  });

  it("what lies in containers' own layers is in the way, volumes of the same name are not", async () => {
    const found = await decided(NEXT);
    expect(of(found, "data-in-container")).toEqual([
      "logs of assisted creation: /app/backend/aac_logs in the container of lamb",
      "what people uploaded, and generated images: /app/backend/static/public in the container of lamb",
      "/app/backend/.webui_secret_key of openwebui",
    ]);
    expect(of(found, "data-moved")).toEqual([]);
    expect(of(found, "name-shared")).toEqual(["lamb-next"]);
    // The stand-in calls its volume of the library otherwise than LAMB does.
    expect(of(found, "data-left")).toEqual(["the volume lamb-next_library-data"]);
  });

  it("under another project name every volume is another one", async () => {
    const found = await decided({ ...NEXT, env: NEXT.env.replace("lamb-next", "lamb") });
    expect(of(found, "data-moved")).toEqual([
      "LAMB's database: the volume lamb_lamb-data",
      "what connectors keep: the volume lamb_lamb-data",
      "Open WebUI's database and uploads: the volume lamb_openwebui-data",
      "the databases of the knowledge base: the volume lamb_kb-data",
      "the documents that people uploaded: the volume lamb_kb-static",
    ]);
  });

  it.each([
    ["0.6", ["lies below public/ in the volume, and is looked for at its top now"]],
    ["0.7", []],
  ])(
    "an upper layout of the volume of uploads is in the way where the release has another one: %s",
    async (release, texts) => {
      const from = await made({ ...NEXT, choices: { release, library: false } });
      const text = readFileSync(from, "utf8").replace(
        "      - lamb-data:/data/lamb\n",
        "      - lamb-data:/data/lamb\n      - lamb-static:/app/backend/static\n",
      );
      writeFileSync(from, `${text}  lamb-static:\n`);
      const found = await cutover({ from: [from], dir: join(home, "next"), environment: {}, access: DISK });
      const moved = found.changes.filter(({ kind }) => kind === "data-moved");
      expect(moved.map((one) => one.text)).toEqual(texts);
    },
  );

  it("says of variables what becomes of them, without a value", async () => {
    const env = `LAMB_PROJECT_PATH=\${PWD}\nLIBRARY_MANAGER_TOKEN=${SECRET}\n`;
    const from = await made({ ...LEGACY, env });
    const lines = [
      `LTI_SECRET=${SECRET}`,
      "OPENAI_MODELS=a,b",
      "DEV_MODE=false",
      "OWI_ADMIN_EMAIL=it@uni.edu",
      "PLUGIN_BANANA_IMG=DISABLE",
      "MY_OWN=1",
      "OWI_BASE_URL=http://openwebui:8080",
    ];
    writeFileSync(join(home, "old/backend/.env"), lines.join("\n"));
    const found = await cutover({ from: [from], dir: join(home, "next"), environment: {}, access: DISK });
    expect(of(found, "variable-changed")).toEqual(["LTI_SECRET", "LIBRARY_MANAGER_TOKEN", "LAMB_LIBRARY_TOKEN"]);
    expect(of(found, "variable-unset")).toEqual(
      ["OPENAI_MODELS", "SIGNUP_ENABLED", "PLUGIN_BANANA_IMG"].filter((name) => name !== "SIGNUP_ENABLED"),
    );
    expect(of(found, "variable-fixed")).toContain("OWI_BASE_URL");
    const lost = found.changes
      .filter(({ kind }) => kind === "variable-lost")
      .map(({ subject, weight }) => `${weight} ${subject}`);
    expect(lost).toContain("decide MY_OWN");
    expect(lost).toContain("fine PORT");
    expect(found.changes.map(({ subject }) => subject)).not.toContain("OWI_ADMIN_EMAIL");
    for (const text of [formatCutover(found), cutoverPage(found), JSON.stringify(found)])
      expect(text).not.toContain(SECRET);
  });
});

describe("the verdict", () => {
  const ask = async () => [
    { id: "pages", what: "LAMB's pages are there", url: "https://lamb.uni.edu", problem: undefined },
  ];

  /** What the operations keep of themselves. */
  function keep(operations: readonly string[], backups: readonly object[], migratedFrom: string | undefined): void {
    const folder = join(home, "next/.lamb-compose");
    mkdirSync(folder, { recursive: true });
    for (const [at, operation] of operations.entries()) {
      const state = join(folder, "history", `${at + 1}`.padStart(4, "0"));
      mkdirSync(state, { recursive: true });
      const record = {
        operation,
        began: "2026-01-01T00:00:00Z",
        ended: `2026-01-0${at + 2}T00:00:00Z`,
        by: "it",
        project: "x",
      };
      const rest = { images: {}, hashes: {}, seconds: operation === "up" ? { lamb: 21, kb: 12 } : {} };
      writeFileSync(join(state, "record.json"), JSON.stringify({ ...record, ...rest }));
    }
    writeFileSync(join(folder, "backups.json"), JSON.stringify({ version: 1, backups }));
    if (migratedFrom === undefined) return;
    const files = [
      {
        files: [
          ["a", 1, "x"],
          ["b", 2, "y"],
        ],
      },
    ];
    const migration = { from: migratedFrom, kind: "checkout", files, rewritten: [{ holds: "x", changed: 3 }] };
    writeFileSync(join(folder, "migration.json"), JSON.stringify(migration));
  }

  const BACKUP = { snapshot: "0123456789ab", time: "2026-01-05T00:00:00Z", bytes: 1, added: 1, held: 0.4 };
  const RESTORED = { ...BACKUP, verified: "restored" };
  const ALL = ["migrate", "up", "upgrade"];

  it.each([
    ["all of it", ALL, [RESTORED], "old", []],
    [
      "no migration",
      ["up", "upgrade"],
      [RESTORED],
      undefined,
      ["the data of the older installation are in it: no migration ended here"],
    ],
    [
      "another migration",
      ALL,
      [RESTORED],
      "elsewhere",
      ["it is not so that the data of the older installation are in it"],
    ],
    ["a backup that was only read", ALL, [{ ...BACKUP, verified: "read" }], "old", ["was not restored on trial"]],
    ["no backup", ALL, [], "old", ["none was made with this tool"]],
    ["no start", ["migrate", "upgrade"], [RESTORED], "old", ["no start of it was measured"]],
    ["no upgrade", ["migrate", "up"], [RESTORED], "old", ["by an upgrade: none was made"]],
    ["nothing", [], [], undefined, ["no state of it was kept"]],
  ] as const)("with %s", async (_, operations, backups, from, words) => {
    const path = await made(LEGACY);
    writeFileSync(join(home, "old/lamb_v4.db"), "");
    keep(operations, backups, from === undefined ? undefined : join(home, from));
    const found = await cutover({ from: [path], dir: join(home, "next"), environment: {}, access: DISK, ask });
    expect(found.verdict).toBe(words.length === 0 ? "yes" : "no");
    for (const one of words) expect(found.reasons).toContainEqual(expect.stringContaining(one));
    if (words.length > 0) return expect(formatCutover(found)).toMatch(/^verdict: no; \d+ to be decided by a person$/m);
    expect(found.reasons).toEqual([]);
    expect(of(found, "data-moved")).toHaveLength(1);
    expect(formatCutover(found)).toContain(
      "2 files, compared one by one; 3 places in them rewritten (2026-01-02 00:00 UTC)",
    );
    expect(cutoverPage(found)).toContain("**Verdict: yes**");
  });

  it("a question that is answered wrongly, and one that nobody asks, speak against it", async () => {
    const wrong = async () => [
      { id: "pages", what: "LAMB's pages are there", url: "https://x", problem: "answered 502" },
    ];
    const path = await made(LEGACY);
    const request = { from: [path], dir: join(home, "next"), environment: {}, access: DISK };
    const failed = await cutover({ ...request, ask: wrong });
    expect(failed.reasons).toContainEqual(expect.stringContaining("it is not so that it answers its users: 0 of 1"));
    expect((await cutover(request)).reasons).toContainEqual(expect.stringContaining("nobody asked it"));
  });

  it("files that Compose would refuse are said to be those", async () => {
    const error = { code: "not-resolved", reason: expect.stringContaining("LAMB_BEARER_TOKEN") };
    await expect(decided({ ...NEXT, env: "OWI_PATH=/x\n" })).rejects.toMatchObject(error);
  });
});
