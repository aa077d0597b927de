import { Config, Network, Secret, Service, Volume } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { describeWith, run } from "../../support/tools";
import { codesOf, findingOf, program, textOf } from "../support";

const BAD = [
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "10",
  "007",
  "a/b",
  "a\nb",
  "a b",
  "a:b",
  "ä",
  "\u0000",
  "a\u2028b",
];
const GOOD = ["a", "lamb-data", "a.b", "A_1", "1a", "true", "null", "n", "1e3x", "-a", "_a"];

describe("a name", () => {
  const made = {
    services: (name: string) => {
      const { app, file } = program();
      new Service(file, name, { image: "x:1" });
      return app;
    },
    networks: (name: string) => {
      const { app, file } = program();
      new Network(file, name);
      return app;
    },
    volumes: (name: string) => {
      const { app, file } = program();
      new Volume(file, name);
      return app;
    },
    configs: (name: string) => {
      const { app, file } = program();
      new Config(file, name, { content: "a" });
      return app;
    },
    secrets: (name: string) => {
      const { app, file } = program();
      new Secret(file, name, { file: "./a" });
      return app;
    },
  } as const;

  describe.each(Object.entries(made))("of %s", (section, make) => {
    it.each(BAD)("that cannot be one is a finding with its place: %j", (name) => {
      const app = make(name);
      const finding = findingOf(app, "invalid-name");
      expect(finding).toMatchObject({
        severity: "error",
        value: JSON.stringify(name),
        file: "docker-compose.next.yaml",
      });
      expect(finding.path).toMatch(new RegExp(`^${section}[.[]`));
      expect(finding.construct).toMatch(/^next\/./);
    });

    it.each(GOOD)("that can be one is: %j", (name) => {
      expect(codesOf(make(name))).toEqual([]);
    });
  });
});

describeWith("docker-compose", "to Compose", () => {
  it("the good names are good, and read as they are written", () => {
    const { app, file } = program();
    for (const name of GOOD)
      new Service(file, name, { image: "x:1", volumes: [new Volume(file, `${name}v`).at("/a")] });
    const words = ["compose", "-p", "p", "-f", "-", "config", "--services"];
    const { stdout } = run("docker", words, { input: textOf(app) });
    expect(stdout.trim().split("\n").sort()).toEqual([...GOOD].sort());
  });
});
