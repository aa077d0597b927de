import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ComposeError } from "../../lib/compose/error";
import { resolve } from "../../lib/compose/project";
import { readContentSync } from "../../lib/disk/read-file";
import { audit, auditSettings, readAudited } from "../../lib/operate/audit/audit";
import { checkEnvOf } from "../../lib/operate/env/command";
import { ConstructError } from "../../lib/report/errors";
import { describeWith, dockerCompose, run } from "../support/tools";

const dir = mkdtempSync(join(tmpdir(), "lamb-compose-encodings-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** How editors save a text. */
const ENCODINGS = {
  plain: (text: string) => Buffer.from(text),
  mark: (text: string) => Buffer.from(`\ufeff${text}`),
  windows: (text: string) => Buffer.from(text.replaceAll("\n", "\r\n")),
  both: (text: string) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`),
  utf16le: (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
  utf16be: (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  "unmarked UTF-16": (text: string) => Buffer.from(text, "utf16le"),
  "Latin-1": (text: string) => Buffer.from(`${text}# \u00e4\n`, "latin1"),
} as const satisfies Record<string, (text: string) => Buffer>;

/** What people hand over. */
const TEXTS = {
  "compose.yaml": 'services:\n  a:\n    image: "x:1"\n    environment: {A: "${TOKEN}"}\n',
  ".env": "TOKEN=changeme\nB=1\n",
  Caddyfile: "lamb.example.org {\n\treverse_proxy lamb:9099\n}\n",
} as const;

/** A folder for each encoding of one of the files; the others are plain. */
const folder = (file: string, encoding: string) => join(dir, encoding, file, "app");

beforeAll(() => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    for (const file of Object.keys(TEXTS)) {
      mkdirSync(folder(file, name), { recursive: true });
      for (const [other, text] of Object.entries(TEXTS)) {
        writeFileSync(join(folder(file, name), other), other === file ? encode(text) : text);
      }
    }
  }
});

/** What a command finds, or why it refuses. */
async function outcome(
  find: () => Promise<readonly string[]> | readonly string[],
): Promise<readonly string[] | string> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof ConstructError) return `${error.code}: ${error.reason}; ${error.fix}`;
    if (error instanceof ComposeError) return error.message;
    throw error;
  }
}

const COMMANDS = {
  config: (at: string) =>
    resolve([join(at, "compose.yaml")], { read: (path) => readContentSync(path)?.bytes })
      .toYaml()
      .split("\n"),
  audit: async (at: string, file: string) => {
    const files = await Promise.all(["compose.yaml", file].map((name) => readAudited(join(at, name))));
    return [...audit(files), ...(await auditSettings(files))].map(({ code, path }) => `${code} ${path}`);
  },
  "env check": async (at: string) =>
    (await checkEnvOf({ dir: at, environment: {} })).problems.map(({ code, name, line }) => `${code} ${name} ${line}`),
} as const satisfies Record<string, (at: string, file: string) => Promise<readonly string[]> | readonly string[]>;

/** The encodings that are read like plain text; of the others each is refused, in words that name the encoding. */
const READ = ["mark", "windows", "both"];
const CASES: readonly (readonly [file: keyof typeof TEXTS, command: keyof typeof COMMANDS, read: readonly string[]])[] =
  [
    ["compose.yaml", "config", [...READ, "utf16le", "utf16be"]],
    ["compose.yaml", "audit", [...READ, "utf16le", "utf16be"]],
    ["compose.yaml", "env check", [...READ, "utf16le", "utf16be"]],
    [".env", "config", [...READ, "Latin-1"]],
    [".env", "audit", READ],
    [".env", "env check", READ],
    ["Caddyfile", "audit", READ],
  ];

describe.each(CASES)("%s for %s", (file, command, read) => {
  it("is read in each encoding like plain text, or refused", async () => {
    const tried = async (encoding: string) => {
      const at = folder(file, encoding);
      const found = await outcome(() => COMMANDS[command](at, file));
      return JSON.stringify(found).replaceAll(at, "/app");
    };
    const expected = await tried("plain");
    expect(expected).toMatch(/^\["/);
    for (const encoding of Object.keys(ENCODINGS)) {
      const found = await tried(encoding);
      if (encoding === "plain" || read.includes(encoding)) expect([encoding, found]).toEqual([encoding, expected]);
      else expect([encoding, found]).toEqual([encoding, expect.stringMatching(/^"/)]);
      if (encoding.startsWith("utf16") && !read.includes(encoding)) {
        expect(found).toMatch(/is in UTF-16, .* must be in UTF-8.*iconv -f UTF-16 -t UTF-8/);
      }
    }
  });
});

describeWith("docker-compose", "Compose", () => {
  it.each(["compose.yaml", ".env"] as const)("reads the same encodings of %s", (file) => {
    const read = new Set(CASES.find(([name, command]) => name === file && command === "config")?.[2]);
    for (const encoding of Object.keys(ENCODINGS)) {
      // docker compose config --quiet
      const { status } = dockerCompose(["config", "--quiet"], { cwd: folder(file, encoding) });
      expect([encoding, status === 0]).toEqual([encoding, encoding === "plain" || read.has(encoding)]);
    }
  });
});

describeWith("caddy", "Caddy", () => {
  it("reads the same encodings of a Caddyfile, and Latin-1, of which it makes other names", () => {
    for (const encoding of Object.keys(ENCODINGS)) {
      // caddy adapt --config Caddyfile --adapter caddyfile
      const { status } = run("caddy", ["adapt", "--config", "Caddyfile", "--adapter", "caddyfile"], {
        cwd: folder("Caddyfile", encoding),
      });
      expect([encoding, status === 0]).toEqual([encoding, !/utf/i.test(encoding)]);
    }
  });
});
