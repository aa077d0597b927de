import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeploymentChoices } from "../../lib/operate/choices";
import { deploymentImages } from "../../lib/operate/images";
import { initialize } from "../../lib/operate/init";
import { commandWords } from "../support/command";
import { lockOf } from "../support/locks";
import { run } from "../support/tools";

const MIRROR = "mirror.uni.edu/lamb";
const GIVEN = new Map([
  ["OWI_ADMIN_EMAIL", "it@uni.edu"],
  ["LAMB_PUBLIC_HOST", "lamb.uni.edu"],
  ["OWI_PUBLIC_HOST", "chat.uni.edu"],
  ["CADDY_EMAIL", "it@uni.edu"],
]);

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-images-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const init = (choices: DeploymentChoices) => {
  const given = choices.caddy === false ? new Map([...GIVEN].slice(0, 1)) : GIVEN;
  return initialize({ dir, choices, given });
};
const names = async (mirror?: string) =>
  (await deploymentImages(dir, {}, mirror)).map(({ name, mirrored }) => mirrored ?? name);

describe("images", () => {
  it("are those that a mirror must have, under the names that init gives them there", async () => {
    await init({ release: "0.7", ollama: true });
    const wanted = await names(MIRROR);
    expect(wanted).toHaveLength(6);
    await init({ registry: MIRROR });
    expect((await names()).sort()).toEqual([...wanted].sort());
    const sources = (await deploymentImages(dir, {})).map(({ source }) => source);
    expect(sources).toEqual(
      expect.arrayContaining([expect.stringMatching(/^caddy:/), "ghcr.io/lamb-project/lamb:v0.7"]),
    );
  });

  it("have the version of .env, the digests of the lock, and the services that run them", async () => {
    await init({ release: "0.6", caddy: false });
    writeFileSync(join(dir, "images.lock.json"), `${lockOf({ "ghcr.io/lamb-project/lamb:v0.6": "a" })}`);
    const lamb = (await deploymentImages(dir, {})).find(({ services }) => services.includes("lamb"));
    expect(lamb).toMatchObject({ name: "ghcr.io/lamb-project/lamb:v0.6", digest: expect.stringMatching(/^sha256:a/) });
    rmSync(join(dir, "images.lock.json"));
    expect((await deploymentImages(dir, { LAMB_VERSION: "v0.6.1" })).map(({ name }) => name)).toContain(
      "ghcr.io/lamb-project/lamb:v0.6.1",
    );
  });

  it("have a name in the mirror, too, when their own registry has a port", async () => {
    await init({ release: "0.6", caddy: false });
    const file = join(dir, "docker-compose.next.yaml");
    const other = readFileSync(file, "utf8").replace(
      "image: ghcr.io/lamb-project/lamb:",
      "image: 127.0.0.1:5000/team/lamb:",
    );
    writeFileSync(file, other);
    expect(await names(MIRROR)).toContain(`${MIRROR}/127.0.0.1-5000/team/lamb:v0.6`);
  });

  it("are shown as commands for a shell", async () => {
    await init({ release: "0.6", caddy: false });
    const { status, stdout } = run(
      process.execPath,
      commandWords("images", "--dir", dir, "--mirror", `${MIRROR}/`, "--save"),
    );
    expect(status).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toContain(`docker buildx imagetools create --tag ${MIRROR}/lamb:v0.6 ghcr.io/lamb-project/lamb:v0.6`);
    expect(lines).toContain("docker load --input lamb-images.tar");
    // sh -n reads a script, and runs nothing.
    expect(run("sh", ["-n"], { input: stdout }).status).toBe(0);
  });
});
