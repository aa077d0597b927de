import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  App,
  Artifact,
  CaddyOverlay,
  ComposeFile,
  ImageLock,
  LambStack,
  type RunOptions,
  run,
  Service,
} from "lamb-compose";
import { resolve } from "lamb-compose/compose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtProgram } from "../support/command";
import { lockOf } from "../support/locks";
import { capturedStreams } from "../support/streams";
import { run as start } from "../support/tools";

let directory: string;
let out: string;
const streams = capturedStreams();

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lamb-compose-run-"));
  out = join(directory, "out");
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function app(texts: Readonly<Record<string, string>> = { a: "1\n", "b/c": "2\n" }): App {
  const made = new App();
  for (const [fileName, content] of Object.entries(texts)) new Artifact(made, fileName, { fileName, content });
  return made;
}

/** Runs a program in this process: its exit code, and in `streams.stdout` and `streams.stderr` what this run said. */
async function code(program: App, args: readonly string[], options: RunOptions = {}): Promise<unknown> {
  process.exitCode = undefined;
  streams.stdout = "";
  streams.stderr = "";
  await run(program, { ...options, args });
  return process.exitCode;
}

describe("run", () => {
  it("writes, and says what it did", async () => {
    expect(await code(app(), ["--out", out])).toBe(0);
    expect(streams.stdout).toBe(`wrote ${out}/a\nwrote ${out}/b/c\n`);
    expect(streams.stderr).toBe("");
    expect(readFileSync(join(out, "b/c"), "utf8")).toBe("2\n");

    expect(await code(app({ a: "1\n", d: "3\n" }), [`--out=${out}`])).toBe(0);
    expect(streams.stdout).toBe(`wrote ${out}/d\nremoved ${out}/b/c\n1 file(s) unchanged in ${out}\n`);
  });

  it("says what Compose refuses without a stack, and without what steers a terminal", async () => {
    const program = app();
    const text = 'services: {a: {image: "${A:?\\e[2J\\u202e}"}}';
    const content = () => resolve([{ path: "/p/c.yaml", text }], { envFiles: [] }).toYaml();
    new Artifact(program, "config", { fileName: "config.yaml", content });
    expect(await code(program, ["--out", out])).toBe(1);
    expect(streams.stdout).toBe("");
    expect(streams.stderr).toMatch(/^error while interpolating .*required variable A .*\\u001b\[2J\\u202e\n$/);
    const faulty = app();
    new Artifact(faulty, "faulty", { fileName: "x", content: () => String(JSON.parse("{")) });
    await expect(code(faulty, ["--out", out])).rejects.toThrow(SyntaxError);
  });

  it("writes where the program says when the words do not", async () => {
    expect(await code(app(), [], { out })).toBe(0);
    expect(existsSync(join(out, "a"))).toBe(true);
    const other = join(directory, "other");
    expect(await code(app(), ["--out", other], { out })).toBe(0);
    expect(existsSync(join(other, "a"))).toBe(true);
  });

  it("says of files that were changed by hand, and overwrites them when told to", async () => {
    await code(app(), ["--out", out]);
    writeFileSync(join(out, "a"), "by hand\n");
    expect(await code(app({ a: "2\n", "b/c": "2\n" }), ["--out", out])).toBe(1);
    expect(streams.stderr).toMatch(/^edited at .*\(got a\)\n {2}fix: .*--force/);
    expect(streams.stdout).toBe("");
    expect(readFileSync(join(out, "a"), "utf8")).toBe("by hand\n");
    expect(await code(app({ "b/c": "2\n" }), ["--out", out])).toBe(0);
    expect(streams.stdout).toContain(`left ${out}/a, which was changed by hand\n`);
  });

  it("overwrites them with --force", async () => {
    await code(app(), ["--out", out]);
    writeFileSync(join(out, "a"), "by hand\n");
    expect(await code(app(), ["--out", out, "--force"])).toBe(0);
    expect(readFileSync(join(out, "a"), "utf8")).toBe("1\n");
  });

  it("refuses a file that is not its own: 1, and nothing is changed", async () => {
    await code(app({ a: "1\n" }), ["--out", out]);
    writeFileSync(join(out, "b"), "theirs");
    expect(await code(app({ a: "2\n", b: "2\n" }), ["--out", out, "--force"])).toBe(1);
    expect(streams.stderr).toMatch(/^not-ours at .*\(got b\)\n {2}fix: /);
    expect(readFileSync(join(out, "a"), "utf8")).toBe("1\n");
  });
});

describe("run --check", () => {
  it("ends with 0 when all is what the program makes", async () => {
    await code(app(), ["--out", out]);
    expect(await code(app(), ["--out", out, "--check"])).toBe(0);
    expect(streams.stdout).toBe(`${out} is what the program makes\n`);
  });

  it("ends with 1 for drift, shows it, and writes nothing", async () => {
    expect(await code(app(), ["--out", out, "--check"])).toBe(1);
    expect(existsSync(out)).toBe(false);
    await code(app(), ["--out", out]);
    writeFileSync(join(out, "a"), "by hand\n");
    expect(await code(app({ a: "1\n", d: "3\n" }), ["--out", out, "--check"])).toBe(1);
    expect(streams.stdout).toContain("different: a\n");
    expect(streams.stdout).toContain("-by hand\n+1\n");
    expect(streams.stdout).toContain("missing: d\n");
    expect(streams.stdout).toContain("left over: b/c\n");
    expect(streams.stdout).toMatch(new RegExp(`\\n3 file\\(s\\) differ in ${out}\n$`));
    expect(readFileSync(join(out, "a"), "utf8")).toBe("by hand\n");
  });
});

describe("run --explain", () => {
  function stack(): App {
    const made = new App();
    new CaddyOverlay(new LambStack(made, "next"), "prod");
    return made;
  }

  it("says who wrote a value", async () => {
    expect(await code(stack(), ["--out", out, "--explain", "services.lamb.image"])).toBe(0);
    expect(streams.stdout).toMatch(/^services\.lamb\.image: "ghcr\S+"\n {2}from \S+, written by next\/lamb\n/);
  });

  it("says which overlay removed one, and where it stood", async () => {
    expect(await code(stack(), ["--out", out, "--explain", "services.lamb.ports"])).toBe(0);
    expect(streams.stdout).toMatch(
      /^services\.lamb\.ports: removed by !reset at docker-compose\.next\.prod\.yaml:\d+:\d+, written by next\/prod\n(?: {2}it stood at docker-compose\.next\.yaml:\d+:\d+\n)+$/,
    );
  });

  it("knows the services of every profile", async () => {
    const made = new App();
    new Service(new ComposeFile(made, "next"), "extra", { image: "x:1", profiles: ["extra"] });
    expect(await code(made, ["--out", out, "--explain", "services.extra.image"])).toBe(0);
  });

  it("ends with 1 for a path that never was", async () => {
    expect(await code(stack(), ["--out", out, "--explain", "services.lamb.prots"])).toBe(1);
    expect(streams.stdout).toBe("");
    expect(streams.stderr).toMatch(/there is nothing at services\.lamb\.prots: no file of the program has it\n$/);
  });
});

describe("run beside a lock", () => {
  const lock = lockOf({ "redis:7.2": "a" });
  const image = `redis:7.2@sha256:${"a".repeat(64)}`;
  const file = () => join(out, "docker-compose.next.yaml");
  const put = (text: string) => {
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, ImageLock.fileName), text);
  };

  function withImage(name: string): App {
    const made = new App();
    new Service(new ComposeFile(made, "next"), "web", { image: name });
    return made;
  }

  it("names images by its digests, and leaves it as it is", async () => {
    put(lock.toString());
    expect(await code(withImage("redis:7.2"), ["--out", out])).toBe(0);
    expect([streams.stdout, streams.stderr]).toEqual([`wrote ${file()}\n`, ""]);
    expect(readFileSync(file(), "utf8")).toContain(`image: ${image}\n`);
    expect(readFileSync(join(out, ImageLock.fileName), "utf8")).toBe(lock.toString());
    expect(await code(withImage("redis:7.2"), ["--out", out, "--force"])).toBe(0);
    expect(streams.stdout).toBe(`1 file(s) unchanged in ${out}\n`);
  });

  it("--check and --explain do, too", async () => {
    await code(withImage("redis:7.2"), ["--out", out]);
    put(lock.toString());
    expect(await code(withImage("redis:7.2"), ["--out", out, "--check"])).toBe(1);
    expect(streams.stdout).toContain(`+    image: ${image}\n`);
    await code(withImage("redis:7.2"), ["--out", out]);
    expect(await code(withImage("redis:7.2"), ["--out", out, "--check"])).toBe(0);
    expect(streams.stdout).toBe(`${out} is what the program makes\n`);
    expect(await code(withImage("redis:7.2"), ["--out", out, "--explain", "services.web.image"])).toBe(0);
    expect(streams.stdout).toContain(JSON.stringify(image));
  });

  it("warns of an image that it lacks, and writes", async () => {
    put(lock.toString());
    expect(await code(withImage("redis:8"), ["--out", out])).toBe(0);
    expect(streams.stderr).toMatch(
      /^warning image-not-locked at next\/web · .*\n.*\(got redis:8\)\n {2}fix: run `lamb-compose lock`/,
    );
    expect(readFileSync(file(), "utf8")).toContain("image: redis:8\n");
  });

  it("that is none: 1, and nothing is written", async () => {
    put("<<<<<<< ours\n");
    for (const words of [[], ["--check"]]) {
      expect(await code(withImage("redis:7.2"), ["--out", out, ...words])).toBe(1);
      expect(streams.stderr).toMatch(/^bad-lock at .*images\.lock\.json: is not JSON/);
      expect([streams.stdout, existsSync(file())]).toEqual(["", false]);
    }
  });

  it("looks for it in the output directory alone", async () => {
    put(lock.toString());
    const other = join(directory, "other");
    expect(await code(withImage("redis:7.2"), ["--out", other], { out })).toBe(0);
    expect(readFileSync(join(other, "docker-compose.next.yaml"), "utf8")).toContain("image: redis:7.2\n");
  });
});

describe("run with findings", () => {
  function faulty(image: string, depends_on: string[]): App {
    const made = new App();
    new Service(new ComposeFile(made, "next"), "web", { image, depends_on });
    return made;
  }

  it("ends with 1 for errors, says all, and writes and checks nothing", async () => {
    for (const words of [[], ["--check"]]) {
      expect(await code(faulty("x:${TAG}", ["b", "c"]), ["--out", out, ...words])).toBe(1);
      expect(streams.stdout).toBe("");
      expect(streams.stderr).toMatch(/^error dangling-reference at 2 places\n( {4}next\/web .*\n){2}/);
      expect(streams.stderr).toMatch(/^warning variable-unexplained at next\/web/m);
      expect(streams.stderr).toMatch(/\n2 error\(s\), nothing was written\n$/);
      expect(existsSync(out)).toBe(false);
    }
  });

  it("says warnings, and writes", async () => {
    expect(await code(faulty("x:${TAG}", []), ["--out", out])).toBe(0);
    expect(streams.stderr).toMatch(/^warning /);
    expect(existsSync(join(out, "docker-compose.next.yaml"))).toBe(true);
  });
});

describe("run with other words", () => {
  it.each([[["--outt", "x"]], [["stray"]], [["--out"]], [["--check=yes"]], [["-x"]], [["--out", ""]]])(
    "%j: 2, and how it is called",
    async (words) => {
      expect(await code(app(), words, { out })).toBe(2);
      expect(streams.stderr).toContain("--out DIR");
      expect(streams.stdout).toBe("");
      expect(existsSync(out)).toBe(false);
    },
  );

  it("--help: how it is called, and nothing else", async () => {
    expect(await code(app(), ["--help"], { out })).toBeUndefined();
    for (const option of ["--out DIR", "--check", "--force", "--help"])
      expect(streams.stdout).toContain(`  ${option} `);
    expect(existsSync(out)).toBe(false);
  });
});

describe("a program", () => {
  it("is a command: its words, its exit code, its default directory", () => {
    const started = (...words: string[]) =>
      start(process.execPath, [builtProgram("examples/prod.ts"), ...words], { cwd: directory });

    expect(started()).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("wrote compose.out/docker-compose.next.yaml\n"),
    });
    expect(existsSync(join(directory, "compose.out/docker-compose.next.yaml"))).toBe(true);
    expect(started("--check")).toMatchObject({ status: 0 });
    writeFileSync(join(directory, "compose.out/docker-compose.next.yaml"), "services: {}\n");
    expect(started("--check")).toMatchObject({ status: 1, stdout: expect.stringContaining("-services: {}\n") });
    expect(started("--nothing")).toMatchObject({ status: 2 });
  });
});
