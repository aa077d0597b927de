import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { registerAudit } from "../../../lib/cli/audit";
import { initialize } from "../../../lib/operate/init";
import { capturedStreams } from "../../support/streams";
import { filesWith } from "./audit-files";

let folder: string;
const streams = capturedStreams();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lamb-compose-audit-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs the command over files with changes, and says its exit status. */
async function audit(changes: Parameters<typeof filesWith>[0], ...words: string[]): Promise<unknown> {
  const paths = filesWith(changes).map(({ path, text }) => {
    const file = join(folder, path);
    writeFileSync(file, text);
    return file;
  });
  return parse([...paths, ...words]);
}

async function parse(words: readonly string[]): Promise<unknown> {
  process.exitCode = undefined;
  const program = new Command().exitOverride();
  registerAudit(program);
  await program.parseAsync(["audit", ...words], { from: "user" });
  return process.exitCode;
}

const open = { base: { services: { kb: { ports: ["9090:9090"] } } } };

describe("the command audit", () => {
  it("ends with 0 when nothing is found, and says what has a known reason", async () => {
    expect(await audit({})).toBe(0);
    expect(streams.stderr).toBe("nothing found in 4 file(s)\n");
    expect(streams.stdout).toBe("3 suppressed with a reason: --verbose shows what and why\n");
    streams.stdout = "";
    await audit({}, "--verbose");
    expect(streams.stdout.match(/^suppressed /gm)).toHaveLength(3);
  });

  it("ends with 1 when something is", async () => {
    expect(await audit(open)).toBe(1);
    expect(streams.stderr).toBe("1 finding(s) in 4 file(s)\n");
    expect(streams.stdout).toMatch(/^error loopback-ports at \S+docker-compose\.yaml:\d+ services\.kb\.ports\[0\]$/m);
    const [, line] = /docker-compose\.yaml:(\d+) services\.kb\.ports\[0\]/.exec(streams.stdout) ?? [];
    const lines = readFileSync(join(folder, "docker-compose.yaml"), "utf8").split("\n");
    expect(lines[Number(line) - 1]).toContain("9090:9090");
  });

  it("takes an .env for what somebody runs with, and a template for a template", async () => {
    const { text = "" } = filesWith().find(({ path }) => path === ".env.example") ?? {};
    const env = join(folder, ".env");
    writeFileSync(env, `${text.replace(/^LTI_SECRET=.*$/m, "LTI_SECRET=change-me")}\nNOBODY_READS=1\n`);
    expect(await audit({}, env)).toBe(1);
    expect(streams.stdout).toContain("error env-public-value at");
    expect(streams.stdout).toMatch(/warning env-unknown-name at [\s\S]*got NOBODY_READS/);
    expect(streams.stdout).not.toContain("template-");
    expect(streams.stdout).not.toContain("change-me");
  });

  it("has nothing against the .env that init makes", async () => {
    const plan = await initialize({
      dir: folder,
      choices: { caddy: false },
      given: new Map([["OWI_ADMIN_EMAIL", "it@uni.edu"]]),
    });
    await parse([join(folder, "docker-compose.next.yaml"), plan.env.env.path]);
    expect(streams.stdout).not.toContain("env-");
    expect(streams.stdout).not.toContain("template-");
  });

  it("knows a secret by its name when no file says what it is for", async () => {
    const env = join(folder, ".env");
    writeFileSync(env, "COMPOSE_FILE=a.yaml\nDB_PASSWORD=hunter2\nCOLOUR=green\n");
    expect(await parse([env])).toBe(1);
    expect(streams.stderr).toBe("1 finding(s) in 1 file(s)\n");
    expect(streams.stdout).toMatch(/error env-public-value at [\s\S]*got DB_PASSWORD/);
  });

  it("speaks JSON", async () => {
    expect(await audit(open, "--report", "json")).toBe(1);
    const { findings } = JSON.parse(streams.stdout);
    expect(findings.map(({ code }: { code: string }) => code)).toContain("loopback-ports");
  });

  it("speaks SARIF, with the line of each finding", async () => {
    expect(await audit(open, "--report", "sarif")).toBe(1);
    const [{ results }] = JSON.parse(streams.stdout).runs;
    const found = results.find(({ ruleId }: { ruleId: string }) => ruleId === "loopback-ports");
    const { artifactLocation, region } = found.locations[0].physicalLocation;
    expect(artifactLocation.uri).toBe(join(folder, "docker-compose.yaml"));
    const [base] = filesWith(open);
    expect(base?.text.split("\n")[region.startLine - 1]).toContain("9090:9090");
  });

  it("does not know other words", async () => {
    await expect(audit({}, "--report", "xml")).rejects.toThrow(/Allowed choices are text, json, sarif/);
  });

  it("says which file is not there", async () => {
    await expect(parse([join(folder, "nowhere.yaml")])).rejects.toThrow(/nowhere\.yaml/);
  });
});
