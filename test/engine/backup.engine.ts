import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { describeWith } from "../support/tools";
import { countedStack } from "./counted";
import { Operated } from "./operated";
import { must } from "./run";
import { stackImages } from "./switched";

const KEPT = ["--key-kept", "a safe"];

describeWith(["docker-engine", "restic"], "lamb-compose backup and restore", () => {
  vi.setConfig({ testTimeout: 120_000 });
  let one: Operated;
  let place: string;
  const repository = (name = "repository") => join(place, name);

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "lamb-compose-backup-"));
    const [[image, name] = ["", ""]] = stackImages();
    await must("docker", ["tag", image, name]);
    one = await Operated.create(countedStack({ megabytes: Number(process.env.BACKUP_MEGABYTES ?? 1) }));
    const { code, stderr } = await one.lamb("up");
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => {
    await one?.remove();
    await rm(place, { recursive: true, force: true });
    const [[, name] = ["", ""]] = stackImages();
    await must("docker", ["image", "rm", name]);
  });

  it("backs up while people work, and services are held for a moment only", async () => {
    const ran = await one.lamb("backup", "--to", repository(), ...KEPT);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toMatch(/^backed up \d\.\d MB as \w{8} into \S+, which grew by/);
    const [, held = ""] = /held for (\d+\.\d) s/.exec(ran.stdout) ?? [];
    expect(Number(held)).toBeLessThan(3);
    expect(await one.conditions()).toEqual({ writer: "healthy" });
    expect((await one.lamb("backup", "list")).stdout).toContain("read");
    expect((await one.lamb("backup", "check")).stdout).toBe(`${repository()} is sound\n`);
  });
});
