import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { commandTable } from "../../lib/cli/command-table";
import { makeProgram, runProgram } from "../../lib/cli/program";
import { answersOf } from "../operate/doctor/world";
import { FakeDocker } from "../operate/engine/fake-docker";
import { capturedStreams } from "../support/streams";

const rows = commandTable(makeProgram());
/** Those that do something. */
const commands = rows.filter(({ path, commands: below }) => path !== "" && (below.length === 0 || path === "backup"));

/** Commands without JSON, and what they make instead. */
const OTHERWISE: Readonly<Record<string, string>> = {
  init: "files",
  "env init": "a file",
  "env seal": "a file",
  "env open": "a file",
  lock: "a file",
  config: "what Docker Compose makes, by its own --format",
  dependencies: "a file",
  completion: "a script",
  manual: "a page",
};

/** Commands that are given to have something written, or started, of which they need not ask. */
const MAKING = new Set(["init", "up", "env init", "env seal", "lock", "dependencies", "backup key"]);
/** With these words it gets as far as it can where there is no deployment. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  backup: ["--to", join(tmpdir(), "lamb-compose-no-repository"), "--key-kept", "a safe"],
  "backup key": ["--kept", "a safe"],
  migrate: ["--from", tmpdir()],
  cutover: ["--from", "compose.yaml"],
};
/** What of Docker changes an engine. */
const CHANGING =
  /^(?:compose (?:-\S+ \S+ )*)?(?:up|down|start|stop|restart|kill|rm|pause|unpause|pull|create|run|tag|volume (?:rm|create)|image rm)\b/;

const optionsOf = (path: string): readonly string[] => {
  const [above = ""] = path.split(" ");
  return rows
    .filter((row) => row.path === path || row.path === above)
    .flatMap(({ options }) => options.flatMap(({ words }) => words));
};

const docker = new FakeDocker(
  answersOf({
    info: { DockerRootDir: tmpdir() },
    web: { image: "127.0.0.1:9/web:1" },
    facts: { outside: { page: { what: "the page answers", url: "http://127.0.0.1:9/" } } },
  }),
);
const dir = mkdtempSync(join(tmpdir(), "lamb-compose-every-"));
const ENV = "COMPOSE_PROJECT_NAME=shop\nA_TOKEN=first-4711\n";
writeFileSync(join(dir, "compose.yaml"), 'services: { web: { image: web, environment: { A_TOKEN: "${A_TOKEN}" } } }\n');
writeFileSync(join(dir, ".env"), ENV, { mode: 0o600 });
afterAll(() => {
  docker.remove();
  rmSync(dir, { recursive: true, force: true });
});
const streams = capturedStreams();
beforeEach(() => {
  vi.stubEnv("PATH", docker.environment.PATH);
  // The tests have no terminal, and there is nothing to read.
  vi.spyOn(process.stdin, Symbol.asyncIterator).mockImplementation(() => Readable.from([])[Symbol.asyncIterator]());
});

const files = () =>
  readdirSync(dir).map((name) => [name, name.startsWith(".lamb") ? "" : readFileSync(join(dir, name), "utf8")]);

describe("every command", () => {
  it("says its result as JSON, or makes something else", () => {
    const without = commands.filter(
      ({ path }) => !optionsOf(path).some((word) => /^--(?:json|report|format)$/.test(word)),
    );
    expect(without.map(({ path }) => path)).toEqual(Object.keys(OTHERWISE));
  });

  it("that can be taken back can do so, or go on, before another one", () => {
    const taken = commands.filter(({ path }) => optionsOf(path).includes("--abort"));
    expect(taken.length).toBeGreaterThan(5);
    for (const { path } of taken) expect(optionsOf(path), path).toContain("--cut-off");
  });

  it.each(commands.map(({ path, usage }) => [path, usage] as const))(
    "without a terminal asks nothing, and does nothing that it was not given for: %s",
    async (path, usage) => {
      const given = [...usage.matchAll(/<[^>]+>/g)].map(() => "A_TOKEN");
      const options = optionsOf(path);
      const json = options.includes("--json") ? ["--json"] : [];
      const where = options.includes("--dir") ? ["--dir", dir] : [];
      const [before, asked] = [files(), docker.asked.length];
      await runProgram([...path.split(" "), ...given, ...where, ...json]);
      if (json.length > 0 && streams.stdout !== "") JSON.parse(streams.stdout);
      if (MAKING.has(path)) return;
      expect(docker.asked.slice(asked).filter((words) => CHANGING.test(words))).toEqual([]);
      expect(files()).toEqual(before);
    },
  );

  it.each(
    commands.filter(({ path }) => optionsOf(path).includes("--dir")).map(({ path, usage }) => [path, usage] as const),
  )("leaves nothing in a directory that holds no deployment: %s", async (path, usage) => {
    const empty = mkdtempSync(join(tmpdir(), "lamb-compose-empty-"));
    const missing = { when: "compose", stderr: "no configuration file provided: not found", code: 14 };
    const none = new FakeDocker([...answersOf({}).filter(({ when }) => !when.startsWith("compose config")), missing]);
    vi.stubEnv("PATH", none.environment.PATH);
    try {
      const given = [...usage.matchAll(/<[^>]+>/g)].map(() => "A_TOKEN");
      const yes = optionsOf(path).includes("--yes") ? ["--yes"] : [];
      for (const words of [[], WORDS[path] ?? []]) {
        await runProgram([...path.split(" "), ...given, "--dir", empty, ...yes, ...words]);
        expect(readdirSync(empty), words.join(" ")).toEqual([]);
      }
    } finally {
      none.remove();
      rmSync(empty, { recursive: true, force: true });
    }
  });
});
