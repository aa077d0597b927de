import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ENTRYPOINT } from "../../../lib/images/generated/programs";
import { type ContainerContract, contractText } from "../../../lib/images/python/contract";
import { describeWith, run } from "../../support/tools";
import { folderOf } from "./support";

const CONTRACT: ContainerContract = {
  program: "Shop",
  variables: [
    { names: ["SHOP_TOKEN", "OLD_TOKEN"], without: "stops", secret: true },
    { names: ["SHOP_URL"], kind: "address" },
    { names: ["SHOP_WORKERS"], kind: "count" },
    { names: ["SHOP_OPEN"], kind: "flag" },
    { names: ["SHOP_FOLDER"], kind: "path" },
    { names: ["SHOP_FERNET"], kind: "fernet", secret: true },
    { names: ["PORT"], only: { value: "80", because: "it is built in" } },
  ],
  folders: [],
  refused: ["change-me"],
};

/** A secret that nobody guesses. */
const DRAWN = "4e7f41b2c06f4a0d9b1d7c3a58e2f690";

/** Somebody for whom a file's mode means something: root may write everything. */
const NOBODY = 65_534;

/** Starts the entrypoint with a `uvicorn` that prints what became of it. */
function start(contract: ContainerContract, env: Readonly<Record<string, string>>, ...words: readonly string[]) {
  const cwd = folderOf({
    "entrypoint.py": ENTRYPOINT,
    "contract.json": contractText(contract),
    "bin/uvicorn": '#!/bin/sh\necho "$@"\nenv | grep ^SHOP_ | sort\n',
  });
  chmodSync(join(cwd, "bin/uvicorn"), 0o755);
  chmodSync(cwd, 0o777);
  const command = words.length === 0 ? ["uvicorn", "main:app"] : words;
  const path = `${join(cwd, "bin")}:${process.env.PATH}`;
  return { cwd, ...run("python3", [join(cwd, "entrypoint.py"), ...command], { cwd, env: { PATH: path, ...env } }) };
}

describeWith("python", "the entrypoint", () => {
  it("becomes the server when nothing is wrong", () => {
    const { status, stdout, stderr } = start(CONTRACT, {
      SHOP_TOKEN: DRAWN,
      SHOP_URL: "http://kb:9090/x",
      PORT: "80",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe(`main:app\nSHOP_TOKEN=${DRAWN}\nSHOP_URL=http://kb:9090/x\n`);
    expect(status).toBe(0);
  });

  it.each([
    ["_-8Zr1b2y3xkQwLmN4oPqRsTuVwXyZ0123456789abc=", true],
    ["4e7f41b2c06f4a0d9b1d7c3a58e2f6904e7f41b2c06f4a0d9b1d7c3a58e2f690", false],
    ["_-8Zr1b2y3xkQwLmN4oPqRsTuVwXyZ0123456789ab", false],
    ["+/8Zr1b2y3xkQwLmN4oPqRsTuVwXyZ0123456789abc=", false],
  ])("knows a key for Fernet: %s", (key, good) => {
    const { status, stderr } = start(CONTRACT, { SHOP_TOKEN: DRAWN, SHOP_FERNET: key });
    expect(status).toBe(good ? 0 : 78);
    if (!good) expect(stderr).toContain("SHOP_FERNET must be a Fernet key");
    expect(stderr).not.toContain(key);
  });

  it("says how a key for Fernet is made", () => {
    const { stderr } = start(CONTRACT, { SHOP_TOKEN: DRAWN, SHOP_FERNET: "change-me" });
    expect(stderr).toContain("make one with openssl rand -base64 32 | tr +/ -_");
  });

  it("takes a variable by any of its names", () => {
    expect(start(CONTRACT, { OLD_TOKEN: DRAWN }).status).toBe(0);
  });

  it("says everything that is wrong at once, and no value, and ends with EX_CONFIG", () => {
    const { status, stdout, stderr } = start(CONTRACT, {
      SHOP_TOKEN: "change-me",
      SHOP_URL: "kb:9090/secret",
      SHOP_WORKERS: "none-of-your-business",
      SHOP_OPEN: "maybe-later",
      SHOP_FOLDER: "some/where",
      PORT: "8080",
    });
    expect(stderr.split("\n")).toEqual([
      "SHOP_TOKEN or OLD_TOKEN is a value that everybody can read in public: make one with openssl rand -hex 32",
      "SHOP_URL must be an address such as https://www.uni.edu or http://service:9000, without a / at its end",
      "SHOP_WORKERS must be a whole number from 1",
      "SHOP_OPEN must be true or false",
      "SHOP_FOLDER must be a path that begins with /",
      "PORT must be 80: it is built in",
      "Shop was not started: 6 problem(s)",
      "",
    ]);
    expect(stderr).not.toMatch(/change-me|secret|business|later|where|8080/);
    expect(stdout).toBe("");
    expect(status).toBe(78);
  });

  it.each(["", undefined])("misses a required variable that is %j", (value) => {
    const { status, stderr } = start(CONTRACT, value === undefined ? {} : { SHOP_TOKEN: value });
    expect(stderr).toContain("SHOP_TOKEN or OLD_TOKEN is missing or empty: without it Shop stops\n");
    expect(status).toBe(78);
  });

  it.each([
    ["SHOP_URL", "https://a.test"],
    ["SHOP_URL", "http://[::1]:80/v1"],
    ["SHOP_WORKERS", "16"],
    ["SHOP_OPEN", "false"],
    ["SHOP_FOLDER", "/data"],
  ])("takes %s=%s", (name, value) => {
    expect(start(CONTRACT, { SHOP_TOKEN: DRAWN, [name]: value }).stderr).toBe("");
  });

  it.each([
    ["SHOP_URL", "http://a.example/"],
    ["SHOP_URL", "ftp://a.example"],
    ["SHOP_URL", "http://a b"],
    ["SHOP_WORKERS", "0"],
    ["SHOP_WORKERS", "1.5"],
    ["SHOP_WORKERS", "1\n"],
    ["SHOP_FOLDER", "data"],
  ])("does not take %s=%j", (name, value) => {
    expect(start(CONTRACT, { SHOP_TOKEN: DRAWN, [name]: value })).toMatchObject({ status: 78 });
  });

  it("becomes any other command as it is", () => {
    const { status, stdout } = start(CONTRACT, { SHOP_TOKEN: DRAWN }, "sh", "-c", "echo as it is");
    expect(stdout).toBe("as it is\n");
    expect(status).toBe(0);
  });

  it.each([
    ["uvicorn", "main:app"],
    ["./bin/uvicorn", "main:app"],
    ["python3", "-m", "uvicorn", "main:app"],
    ["sh", "-c", "uvicorn main:app"],
    ["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "main:app"],
  ])("checks however the server is started: %s %s", (...words) => {
    const { status, stdout, stderr } = start(CONTRACT, { SHOP_TOKEN: "change-me" }, ...words);
    expect(stderr).toContain("Shop was not started: 1 problem(s)\n");
    expect(stdout).toBe("");
    expect(status).toBe(78);
  });

  it("says that there is no command, or none of the name, or none that can be run", () => {
    const words = (env: Readonly<Record<string, string>>, ...command: readonly string[]) => {
      const cwd = folderOf({ "entrypoint.py": ENTRYPOINT, "contract.json": contractText(CONTRACT) });
      const { status, stderr } = run("python3", [join(cwd, "entrypoint.py"), ...command], { cwd, env });
      return [status, stderr];
    };
    const env = { PATH: process.env.PATH ?? "", SHOP_TOKEN: DRAWN };
    const not = "Shop was not started: ";
    expect(words(env)).toEqual([64, `${not}there is no command. Give one, such as uvicorn main:app\n`]);
    expect(words(env, "nope")).toEqual([127, `${not}'nope' is not there\n`]);
    expect(words(env, "./contract.json")).toEqual([126, `${not}'./contract.json' cannot be run: Permission denied\n`]);
  });

  it.each([" CHANGE-ME ", "Change Me", "<your secret>", "p4ssw0rd", "TODO", "admin123"])(
    "refuses the secret %j",
    (value) => {
      const { status, stdout, stderr } = start(CONTRACT, { SHOP_TOKEN: value });
      expect(stderr).toMatch(/^SHOP_TOKEN or OLD_TOKEN is .*: make one with openssl rand -hex 32\n/);
      expect(stderr).not.toContain(value);
      expect(stdout).toBe("");
      expect(status).toBe(78);
    },
  );

  it("refuses a placeholder where a value is needed, and warns of it elsewhere", () => {
    const contract: ContainerContract = {
      ...CONTRACT,
      variables: [...CONTRACT.variables, { names: ["SHOP_NAME"], without: "has no name" }, { names: ["SHOP_MAIL"] }],
    };
    const said = "is a placeholder that was never replaced\n";
    const needed = start(contract, { SHOP_TOKEN: DRAWN, SHOP_NAME: "<your shop>", SHOP_MAIL: "me@shop.test" });
    expect(needed).toMatchObject({ status: 78, stdout: "" });
    expect(needed.stderr).toBe(`SHOP_NAME ${said}Shop was not started: 1 problem(s)\n`);
    const optional = start(contract, { SHOP_TOKEN: DRAWN, SHOP_NAME: "Corner", SHOP_MAIL: "you@example.org" });
    expect(optional).toMatchObject({ status: 0, stderr: `SHOP_MAIL ${said}` });
  });

  it("takes a secret of spaces for none", () => {
    expect(start(CONTRACT, { SHOP_TOKEN: " \t" })).toMatchObject({ status: 78 });
  });

  it("warns of a secret that is weak, or used twice, and starts", () => {
    const contract: ContainerContract = {
      ...CONTRACT,
      variables: [...CONTRACT.variables, { names: ["SHOP_KEY"], secret: true }],
    };
    const weak = start(contract, { SHOP_TOKEN: "k3Y-9z" });
    expect(weak).toMatchObject({ status: 0 });
    expect(weak.stderr).toMatch(/^SHOP_TOKEN or OLD_TOKEN is short or simple enough to be guessed: .*\n$/);
    const twice = start(contract, { SHOP_TOKEN: DRAWN, SHOP_KEY: DRAWN });
    expect(twice).toMatchObject({ status: 0 });
    expect(twice.stderr).toBe("SHOP_KEY has the value of SHOP_TOKEN or OLD_TOKEN: who learns one knows the other\n");
  });

  it("refuses one address for two things, however it is written", () => {
    const contract: ContainerContract = {
      ...CONTRACT,
      otherOrigins: [["CHAT_URL", "SHOP_URL", "the shop would hide it"]],
    };
    const started = (chat: string) =>
      start(contract, { SHOP_TOKEN: DRAWN, SHOP_URL: "https://bücher.test", CHAT_URL: chat });
    for (const same of ["https://BÜCHER.test.", "https://xn--bcher-kva.test:443/x"]) {
      const { status, stderr } = started(same);
      expect(stderr).toMatch(/^CHAT_URL names the same host as SHOP_URL, and must not: the shop would hide it\n/);
      expect(status).toBe(78);
    }
    expect(started("https://bücher.test:8443").status).toBe(0);
  });

  it("starts as many processes as the variable says, or one", () => {
    const contract = { ...CONTRACT, workers: "SHOP_WORKERS" };
    expect(start(contract, { SHOP_TOKEN: DRAWN, SHOP_WORKERS: "4" }).stdout).toMatch(/^main:app --workers 4\n/);
    expect(start(contract, { SHOP_TOKEN: DRAWN }).stdout).toMatch(/^main:app --workers 1\n/);
  });

  it("makes a variable empty that is missing, and leaves alone one that is there", () => {
    const contract = { ...CONTRACT, emptyWhenMissing: ["SHOP_KEY"] };
    expect(start(contract, { SHOP_TOKEN: DRAWN }).stdout).toContain("SHOP_KEY=\n");
    expect(start(contract, { SHOP_TOKEN: DRAWN, SHOP_KEY: "k" }).stdout).toContain("SHOP_KEY=k\n");
  });

  it("says which folders are missing or cannot be written, and what to do", () => {
    const folder = folderOf({ "own/database.db": "", "locked/database.db": "", "locked/lost+found/x": "" });
    mkdirSync(join(folder, "empty"));
    chmodSync(join(folder, "locked/database.db"), 0o444);
    chmodSync(join(folder, "locked/lost+found"), 0o700);
    const contract: ContainerContract = {
      ...CONTRACT,
      variables: [],
      folders: [
        { path: join(folder, "own"), holds: "the goods" },
        { path: "$SHOP_DATA", holds: "the orders" },
        { path: join(folder, "gone"), holds: "the past" },
        { path: "$UNSET", holds: "nothing" },
      ],
    };
    for (const path of ["", "own", "own/database.db", "locked", "empty"]) chmodSync(join(folder, path), 0o777);
    const cwd = folderOf({ "entrypoint.py": ENTRYPOINT, "contract.json": contractText(contract) });
    for (const path of ["", "entrypoint.py", "contract.json"]) chmodSync(join(cwd, path), 0o755);
    const { status, stderr } = spawnSync("python3", [join(cwd, "entrypoint.py"), "uvicorn", "main:app"], {
      cwd,
      encoding: "utf8",
      env: { PATH: process.env.PATH, SHOP_DATA: join(folder, "locked"), PYTHONDONTWRITEBYTECODE: "1" },
      ...(process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}),
    });
    const [first, second, ...rest] = stderr.split("\n");
    expect(first).toMatch(
      new RegExp(
        `^${join(folder, "locked/database.db")}: user \\d+:\\d+, as whom Shop runs, cannot write the orders\\.`,
      ),
    );
    expect(first).toMatch(
      new RegExp(`docker compose run .* --entrypoint chown SERVICE -R \\d+:\\d+ ${join(folder, "locked")}$`),
    );
    expect(second).toBe(`${join(folder, "gone")} is missing: it holds the past, and needs a volume`);
    expect(rest).toEqual(["Shop was not started: 2 problem(s)", ""]);
    expect(status).toBe(78);
  });

  it("writes the settings of the pages, as JSON that the browser reads", () => {
    const folder = folderOf({});
    const settings = {
      path: join(folder, "config.js"),
      object: "SHOP",
      values: {
        api: { url: { from: ["SHOP_API", "SHOP_URL"], else: "/api" }, name: "fixed" },
        open: { from: ["SHOP_OPEN"], else: true },
        debug: { from: ["SHOP_DEBUG"], else: false },
      },
    };
    const written = (env: Readonly<Record<string, string>>) => {
      expect(start({ ...CONTRACT, settings }, { SHOP_TOKEN: DRAWN, ...env }).status).toBe(0);
      const text = readFileSync(settings.path, "utf8");
      expect(text).toMatch(/^window\.SHOP = \{[\s\S]*\};\n$/);
      return JSON.parse(text.slice("window.SHOP = ".length, -2));
    };
    expect(written({})).toEqual({ api: { url: "/api", name: "fixed" }, open: true, debug: false });
    expect(written({ SHOP_URL: "http://a.example", SHOP_OPEN: "false", SHOP_DEBUG: "true" })).toEqual({
      api: { url: "http://a.example", name: "fixed" },
      open: false,
      debug: true,
    });
    expect(written({ SHOP_API: '";alert(1)//</script>', SHOP_URL: "http://a.example" })).toMatchObject({
      api: { url: '";alert(1)//</script>' },
    });
  });

  it("writes no settings when it does not start", () => {
    const folder = folderOf({});
    const settings = { path: join(folder, "config.js"), object: "SHOP", values: {} };
    expect(start({ ...CONTRACT, settings }, {}).status).toBe(78);
    expect(existsSync(settings.path)).toBe(false);
  });
});
