import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { Docker } from "../../../lib/operate/engine/docker";
import { ComposeProject } from "../../../lib/operate/engine/project";
import { FakeDocker } from "./fake-docker";

it("a project as Compose printed it has every service: those of profiles that are off are not printed", async () => {
  const services = { web: { image: "web:1" }, models: { image: "ollama:1", profiles: ["ollama"] } };
  const project = new ComposeProject(".", new Docker({})).ofText("shop", JSON.stringify({ name: "shop", services }));
  const { model } = await project.resolved();
  expect(Object.keys(model.services ?? {}).sort()).toEqual(["models", "web"]);
});

it.each([
  ["has files of its own", "sub/compose.yml", {}, undefined],
  ["lies in one with files, which Compose would take", "sub/notes.txt", {}, "no-deployment"],
  ["is told of files by the environment", "sub/notes.txt", { COMPOSE_FILE: "../compose.yaml" }, undefined],
  ["is told of files by its .env", "sub/.env", {}, undefined],
])("the project of a directory that %s", async (_, file, environment, code) => {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-above-"));
  const docker = new FakeDocker([{ when: "compose config", stdout: "name: shop" }]);
  try {
    const dir = join(folder, "sub");
    mkdirSync(dir);
    writeFileSync(join(folder, "compose.yaml"), "services: {}\n");
    writeFileSync(join(folder, file), "COMPOSE_FILE=../compose.yaml\n");
    const text = new ComposeProject(dir, new Docker({ ...docker.environment, ...environment })).text();
    if (code === undefined) expect(await text).toBe("name: shop");
    else await expect(text).rejects.toMatchObject({ code, path: dir, fix: `name that one: --dir ${folder}` });
  } finally {
    docker.remove();
    rmSync(folder, { recursive: true, force: true });
  }
});
