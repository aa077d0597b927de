import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ExistingProjects, existingProjects, freeProjectName } from "../../lib/operate/project-names";
import { describeWith, run } from "../support/tools";

const FILES = ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"];
const taken = (...names: string[]): ExistingProjects =>
  new Map(names.map((name) => [name, { files: new Set(["/srv/x/compose.yaml"]), volumes: [] }]));

describe("the name of a new deployment", () => {
  it.each([
    ["/srv/lamb", undefined, "lamb"],
    ["/srv/try-out", undefined, "lamb-try-out"],
    ["/srv/lamb-test", undefined, "lamb-test"],
    ["/srv/It's LAMB", undefined, "lamb-it-s-lamb"],
    ["/", undefined, "lamb"],
    ["/srv/_x_", undefined, "lamb-x"],
    ["/srv/lamb", taken("lamb", "lamb-2"), "lamb-3"],
    ["/srv/other", taken("lamb"), "lamb-other"],
  ] as const)("in %s", (dir, existing, name) => {
    expect(freeProjectName("lamb", dir, FILES, existing).name).toBe(name);
  });

  it("is its own one, when its own containers have it", () => {
    const own = new Map([["lamb", { files: new Set([`/srv/lamb/${FILES[0]}`]), volumes: ["lamb_data"] }]]);
    expect(freeProjectName("lamb", "/srv/lamb", FILES, own)).toEqual({ name: "lamb", notes: [] });
  });

  it("is not that of volumes that somebody may still want", () => {
    const left = new Map([["lamb", { files: new Set<string>(), volumes: ["lamb_a", "lamb_b", "lamb_c", "lamb_d"] }]]);
    const { name, notes } = freeProjectName("lamb", "/srv/lamb", FILES, left);
    expect(name).toBe("lamb-2");
    expect(notes[0]).toContain("lamb_a, lamb_b, lamb_c, …, set COMPOSE_PROJECT_NAME=lamb");
  });
});

describeWith("docker-compose", "Compose takes each of these names", () => {
  it.each(["/srv/It's LAMB", "/srv/..x", "/srv/ÄÖÜ", "/srv/2024", "/"])("of %s", (dir) => {
    const { name } = freeProjectName("lamb", dir, FILES, undefined);
    const words = ["compose", "-p", name, "-f", "-", "config", "-q"];
    expect(run("docker", words, { input: "services: {a: {image: x}}" })).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("the projects of the engine", () => {
  let folder = "";
  const path = process.env.PATH;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lamb-compose-engine-"));
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true, force: true });
  });
  const docker = (script: string) => {
    writeFileSync(join(folder, "docker"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "docker"), 0o755);
    process.env.PATH = `${folder}:/usr/bin:/bin`;
  };

  it("are those of its containers and volumes", async () => {
    docker(`case $1 in
      ps) printf 'a\\t/srv/a/x.yaml,/srv/a/y.yaml\\na\\t/srv/a/x.yaml\\n';;
      volume) printf 'a\\ta_data\\nb\\tb_data\\n';;
    esac`);
    const found = await existingProjects();
    expect(found?.get("a")).toEqual({ files: new Set(["/srv/a/x.yaml", "/srv/a/y.yaml"]), volumes: ["a_data"] });
    expect(found?.get("b")).toEqual({ files: new Set(), volumes: ["b_data"] });
  });

  it("are not known without an engine, or a docker that answers in time", async () => {
    docker("echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    expect(await existingProjects()).toBeUndefined();
    docker("exec sleep 60");
    const start = Date.now();
    expect(await existingProjects()).toBeUndefined();
    expect(Date.now() - start).toBeLessThan(20_000);
    process.env.PATH = join(folder, "empty");
    expect(await existingProjects()).toBeUndefined();
  });
});
