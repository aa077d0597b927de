import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseDotenv } from "../../lib/compose/dotenv/dotenv";
import type { DeploymentChoices } from "../../lib/operate/choices";
import { readDeployment } from "../../lib/operate/env/directory";
import { writeEnvOnDisk } from "../../lib/operate/env/file";
import { planRotation } from "../../lib/operate/env/rotate";
import { initialize } from "../../lib/operate/init";
import { callsOf, closeFiles, killedAt, killsOf } from "../support/faults";

vi.mock("node:fs/promises", async (original) => {
  const { faultyFiles } = await import("../support/faults");
  return faultyFiles(await original());
});
vi.mock("../../lib/disk/holder", async (original) => {
  const { processes } = await import("../support/faults");
  return processes(await original());
});

let dir = "";
let path = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-init-faults-"));
  path = join(dir, "lamb");
});
afterEach(async () => {
  await closeFiles();
  rmSync(dir, { recursive: true, force: true });
});

const GIVEN = new Map([
  ["OWI_ADMIN_EMAIL", "it@uni.test"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.test"],
  ["OWI_PUBLIC_HOST", "chat.uni.test"],
]);

const init = (choices: DeploymentChoices) => initialize({ dir: path, choices, given: GIVEN });
const initAgain = () => initialize({ dir: path, choices: { tls: "internal", ollama: true } });
const first = () => init({ tls: "internal" });
const renew = async () => {
  const { contract, env } = await readDeployment(path, {});
  const { text, backup } = planRotation(contract, env, "LTI_SECRET", new Date());
  await writeEnvOnDisk(env, text, backup);
};
/** Makes the directory what the first run left. */
function restore(): void {
  rmSync(path, { recursive: true, force: true });
  cpSync(`${path}.kept`, path, { recursive: true, preserveTimestamps: true });
}
const env = () => readFileSync(join(path, ".env"), "utf8");
const secret = () => parseDotenv(env()).values.get("LTI_SECRET");

/** What is secret is its owner's in whatever file it stands, and nothing that a killed run left is there. */
function expectTidy(what: string): void {
  const names = readdirSync(path);
  expect(
    names.filter((name) => /\.(tmp|lock|claim)$/.test(name)),
    what,
  ).toEqual([]);
  expectPrivate(what);
}

function expectPrivate(what: string): void {
  if (!existsSync(path)) return;
  for (const name of readdirSync(path).filter((one) => one.startsWith(".env") && !one.includes(".example"))) {
    if (!name.includes(".lock")) expect(lstatSync(join(path, name)).mode & 0o777, `${what}: ${name}`).toBe(0o600);
  }
}

describe("killed before or behind any call that changes the disk", () => {
  it("init of a new directory can be repeated", async () => {
    const calls = await callsOf(first);
    for (const { step, call, moment } of killsOf(calls)) {
      const what = `${moment} ${step}: ${call}`;
      rmSync(path, { recursive: true, force: true });
      await killedAt(step, moment, first);
      expectPrivate(what);
      const before = existsSync(join(path, ".env")) ? env() : undefined;
      await first();
      if (before !== undefined) expect(env(), what).toBe(before);
      expectTidy(what);
    }
  }, 120_000);

  it("a later init can be repeated, and .env loses nothing", async () => {
    await first();
    cpSync(path, `${path}.kept`, { recursive: true, preserveTimestamps: true });
    const calls = await callsOf(initAgain);
    for (const { step, call, moment } of killsOf(calls)) {
      const what = `${moment} ${step}: ${call}`;
      restore();
      const before = env();
      await killedAt(step, moment, initAgain);
      expect(env().startsWith(before), what).toBe(true);
      await initAgain();
      expect(env().startsWith(before), what).toBe(true);
      expectTidy(what);
    }
  }, 120_000);

  it("a rotation can be repeated, and no secret is lost", async () => {
    await first();
    cpSync(path, `${path}.kept`, { recursive: true, preserveTimestamps: true });
    const calls = await callsOf(renew);
    for (const { step, call, moment } of killsOf(calls)) {
      const what = `${moment} ${step}: ${call}`;
      restore();
      const [before, old] = [env(), secret() ?? ""];
      await killedAt(step, moment, renew);
      expectPrivate(what);
      const backups = () => readdirSync(path).filter((name) => name.endsWith(".bak"));
      const isOld = env() === before;
      if (!isOld)
        expect(
          backups().map((name) => readFileSync(join(path, name), "utf8")),
          what,
        ).toEqual([before]);
      await renew();
      expect(secret(), what).not.toBe(old);
      expect(
        backups()
          .map((name) => readFileSync(join(path, name), "utf8"))
          .join(),
        what,
      ).toContain(old);
      expectTidy(what);
    }
  }, 120_000);
});
