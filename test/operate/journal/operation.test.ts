import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateFolder } from "../../../lib/operate/journal/folder";
import { openDeployment } from "../../../lib/operate/journal/open";
import { runOperation } from "../../../lib/operate/journal/operation";
import { operationRecord } from "../../../lib/operate/journal/record";
import { builtProgram } from "../../support/command";
import { run } from "../../support/tools";
import { POINTS, runSwitching, switching } from "./switching";

const QUIET = { step: () => {}, note: () => {} };

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-journal-"));
  writeFileSync(join(dir, "version"), "old");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const version = () => readFileSync(join(dir, "version"), "utf8");
const journal = () => readdirSync(join(dir, ".lamb-compose"));
const noKill = () => {};

describe("an operation", () => {
  it("does its steps, and leaves no journal", async () => {
    const { outcome, facts, steps } = await runSwitching(dir, false, noKill);
    expect([outcome, version(), steps.length]).toEqual(["ok", "new", 4]);
    expect(facts).toEqual({ prepare: "done", keep: "done", switch: "done", verify: "done" });
    expect(journal()).toEqual([]);
  });

  it("that fails is taken back by itself", async () => {
    const { outcome, error } = await runSwitching(dir, true, noKill);
    expect([outcome, version()]).toEqual(["returned", "old"]);
    expect(error).toMatchObject({ message: "the new one does not work" });
    expect(journal()).toEqual([]);
  });

  it("that fails before anything was touched has changed nothing", async () => {
    const operation = { ...switching(dir, true, noKill), touches: new Set<string>() };
    const options = { dir, progress: QUIET, signals: { asked: undefined }, now: () => new Date() };
    await stateFolder(dir);
    expect((await runOperation(operation, options)).outcome).toBe("failed");
  });

  it("that cannot be taken back keeps its journal, and says both reasons", async () => {
    const { back = [], ...operation } = switching(dir, true, noKill);
    const [restore] = back;
    if (restore === undefined) throw new Error("there is a step");
    const broken = { ...restore, run: () => Promise.reject(new Error("the disk is gone")) };
    const options = { dir, progress: QUIET, signals: { asked: undefined }, now: () => new Date() };
    await stateFolder(dir);
    const { outcome, error, second } = await runOperation({ ...operation, back: [broken] }, options);
    expect([outcome, String(error), String(second)]).toEqual([
      "stuck",
      "Error: the new one does not work",
      "Error: the disk is gone",
    ]);
    expect(await operationRecord.read(dir)).toMatchObject({ direction: "back", step: "restore" });
  });

  it("from which nothing leads back that is known here says what does, and leaves no journal in its way", async () => {
    const noReturn = (facts: Readonly<Record<string, string>>) =>
      facts.switch === undefined ? undefined : new Error("use the backup");
    const operation = { ...switching(dir, true, noKill), noReturn };
    const options = { dir, progress: QUIET, signals: { asked: undefined }, now: () => new Date() };
    await stateFolder(dir);
    const { outcome, error, second } = await runOperation(operation, options);
    expect([outcome, version(), journal()]).toEqual(["stuck", "new", []]);
    expect([String(error), String(second)]).toEqual(["Error: the new one does not work", "Error: use the backup"]);
    const signals: { asked: NodeJS.Signals | undefined } = { asked: undefined };
    const early = switching(dir, false, (point) => {
      if (point === "prepare between") signals.asked = "SIGINT";
    });
    expect((await runOperation({ ...early, noReturn }, { ...options, signals })).outcome).toBe("failed");
  });

  it("is taken back after the step in which somebody asked to stop", async () => {
    const signals: { asked: NodeJS.Signals | undefined } = { asked: undefined };
    const operation = switching(dir, false, (point) => {
      if (point === "switch between") signals.asked = "SIGINT";
    });
    await stateFolder(dir);
    const result = await runOperation(operation, { dir, progress: QUIET, signals, now: () => new Date() });
    expect([result.outcome, version(), String(result.error)]).toEqual(["returned", "old", "Error: stopped by SIGINT"]);
  });
});

describe("an operation that is killed", () => {
  const forward = ["prepare", "keep", "switch", "verify"].flatMap((step) => POINTS.map((point) => `${step} ${point}`));
  const back = ["restore", "tidy"].flatMap((step) => POINTS.map((point) => `${step} ${point}`));

  function kill(fails: boolean, point: string): void {
    const words = [builtProgram("test/operate/journal/switching.ts"), dir, fails ? "fails" : "works", point];
    expect(run(process.execPath, words).status).toBeNull();
    expect(["old", "new"]).toContain(version());
    expect(journal()).toContain("operation.json");
  }

  it.each(forward)("at %s is whole and new after it is given again", async (point) => {
    kill(false, point);
    const { outcome, facts } = await runSwitching(dir, false, noKill);
    expect([outcome, version(), journal()]).toEqual(["ok", "new", []]);
    expect(Object.keys(facts).sort()).toEqual(["keep", "prepare", "switch", "verify"]);
  });

  it.each(back)("on its way back at %s is whole and old after it is given again", async (point) => {
    kill(true, point);
    const { outcome, error } = await runSwitching(dir, true, noKill);
    expect([outcome, version(), journal()]).toEqual(["returned", "old", []]);
    expect(error).toMatchObject({ message: "the new one does not work" });
  });

  it("does none of the steps again that were done", async () => {
    kill(false, "switch before");
    expect((await runSwitching(dir, false, noKill)).steps).toEqual(["switch", "verify"]);
  });
});

describe("the journal", () => {
  it("is for nobody but the owner", async () => {
    await stateFolder(dir, "history");
    expect(statSync(join(dir, ".lamb-compose")).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, ".lamb-compose", "history")).mode & 0o777).toBe(0o700);
  });

  it("that cannot be read is said, and nothing is begun", async () => {
    const folder = await stateFolder(dir);
    writeFileSync(join(folder, "operation.json"), '{"version":2}');
    await expect(openDeployment(dir, "up", QUIET)).rejects.toMatchObject({ code: "bad-journal" });
    await expect(openDeployment(dir, "up", QUIET)).rejects.toMatchObject({ code: "bad-journal" });
  });

  it("of another operation that was cut off comes first", async () => {
    await stateFolder(dir);
    await operationRecord.write(dir, {
      operation: "switch",
      began: "x",
      direction: "forward",
      step: "keep",
      facts: {},
    });
    await expect(openDeployment(dir, "up", QUIET)).rejects.toMatchObject({
      code: "other-operation",
      reason: '`lamb-compose switch` was interrupted at "keep"',
    });
  });

  it("of an `up` that was cut off keeps nobody: it has stopped nothing, and nothing of it has to be taken back", async () => {
    await stateFolder(dir);
    const record = { operation: "up", began: "x", direction: "forward", step: "start db", facts: { a: "b" } } as const;
    await operationRecord.write(dir, record);
    const opened = await openDeployment(dir, "upgrade", QUIET);
    await opened.close();
    expect(opened.cutOff).toBeUndefined();
  });

  it("is one's at a time", async () => {
    const first = await openDeployment(dir, "up", QUIET);
    await expect(openDeployment(dir, "up", QUIET)).rejects.toMatchObject({ code: "in-use" });
    await first.close();
    await (await openDeployment(dir, "up", QUIET)).close();
    expect(existsSync(join(dir, ".lamb-compose", "lock"))).toBe(false);
  });
});
