import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, ComposeFile, Policy, PRODUCTION_RULES, run, Service } from "lamb-compose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { capturedStreams } from "../support/streams";
import { GOOD } from "./support";

let out: string;
const streams = capturedStreams();

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "lamb-compose-report-"));
});

afterEach(() => {
  rmSync(out, { recursive: true });
});

function program(spec: object): App {
  const app = new App();
  const file = new ComposeFile(app, "next");
  new Service(file, "web", { ...GOOD, ...spec });
  new Policy(file, "policy", { rules: PRODUCTION_RULES });
  return app;
}

describe("run --report", () => {
  it("keeps the standard output for the report", async () => {
    await run(program({ restart: "no" }), { args: ["--out", out, "--report", "json"] });
    expect(JSON.parse(streams.stdout).findings).toMatchObject([{ code: "restart-set", construct: "next/web" }]);
    expect(streams.stderr).toBe(`wrote ${out}/docker-compose.next.yaml\n`);
    expect(process.exitCode).toBe(0);
  });

  it("reports what keeps the files from being written, with the rules", async () => {
    await run(program({ image: "traefik" }), { args: ["--out", out, "--report=sarif"] });
    const [{ tool, results }] = JSON.parse(streams.stdout).runs;
    expect(tool.driver.rules).toMatchObject([{ id: "image-pinned", defaultConfiguration: { level: "error" } }]);
    expect(results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: `${out}/docker-compose.next.yaml` },
      region: { startLine: expect.any(Number) },
    });
    expect(process.exitCode).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  });

  it("says text without it", async () => {
    await run(program({ restart: "no" }), { args: ["--out", out] });
    expect(streams.stderr).toMatch(/^warning restart-set at next\/web /);
    expect(streams.stdout).toBe(`wrote ${out}/docker-compose.next.yaml\n`);
  });

  it("does not know other words", async () => {
    await run(program({}), { args: ["--report", "xml"] });
    expect(process.exitCode).toBe(2);
    expect(streams.stderr).toContain("--report is one of text, json, sarif");
  });
});
