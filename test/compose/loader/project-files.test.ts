import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { projectFiles } from "../../../lib/compose/loader/project-files";
import { describeWith, dockerCompose } from "../../support/tools";

type Values = Readonly<Record<string, string>>;
const split = (values: Values) => projectFiles((name) => values[name]);

it("separates the names of COMPOSE_FILE by what COMPOSE_PATH_SEPARATOR says", () => {
  expect(split({})).toBeUndefined();
  expect(split({ COMPOSE_PATH_SEPARATOR: ";" })).toBeUndefined();
  expect(split({ COMPOSE_FILE: "a.yaml:b.yaml" })).toEqual(["a.yaml", "b.yaml"]);
  expect(split({ COMPOSE_FILE: "a.yaml::b.yaml", COMPOSE_PATH_SEPARATOR: "::" })).toEqual(["a.yaml", "b.yaml"]);
  expect(projectFiles((name) => ({ COMPOSE_FILE: "C:\\a.yaml;b.yaml" })[name], ";")).toEqual(["C:\\a.yaml", "b.yaml"]);
});

describeWith("docker-compose", "Compose separates them in the same way", () => {
  /** Every name that a case can have is a file with one service. */
  const NAMES = ["a.yaml", "b.yaml", " b.yaml", "a.yaml;b.yaml", "a.yaml,b.yaml"];
  let dir = "";
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "lamb-compose-project-files-"));
    for (const [index, name] of NAMES.entries()) writeFileSync(join(dir, name), `services: {s${index}: {image: x}}\n`);
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.each<Values>([
    { COMPOSE_FILE: "a.yaml:b.yaml" },
    { COMPOSE_FILE: "a.yaml: b.yaml" },
    { COMPOSE_FILE: "a.yaml;b.yaml" },
    { COMPOSE_FILE: "a.yaml;b.yaml", COMPOSE_PATH_SEPARATOR: ";" },
    { COMPOSE_FILE: "a.yaml,b.yaml", COMPOSE_PATH_SEPARATOR: "" },
    { COMPOSE_FILE: "a.yaml::b.yaml", COMPOSE_PATH_SEPARATOR: "::" },
    { COMPOSE_FILE: "a.yaml:" },
    { COMPOSE_FILE: "" },
  ])("%j", (env) => {
    const { status, stdout } = dockerCompose(["config", "--services"], { cwd: dir, env });
    const files = split(env) ?? [];
    const known = files.every((name) => NAMES.includes(name));
    expect(status === 0).toBe(known);
    const services = files.map((name) => `s${NAMES.indexOf(name)}`).sort();
    if (known) expect(stdout.trim().split("\n").sort()).toEqual(services);
  });
});
