import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSealed, SEALED, sealEnv, writeOpened } from "../../../lib/operate/env/seal";
import { describeWith, run } from "../../support/tools";

let dir = "";
const { PATH, SOPS_AGE_KEY_FILE } = process.env;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-seal-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
  for (const [name, value] of Object.entries({ PATH, SOPS_AGE_KEY_FILE })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});
const path = (name: string) => join(dir, name);

/** What SOPS's own reading of an .env would lose: order, comments, quotes, lines without a value. */
const ENV = `# a comment\n\nA='it''s $x #1'\nB="two\nlines"\nLONE\nA=again\r\nSECRET=5b7e1f0a9c3d\n`;

describe("an .env in version control", () => {
  it("needs SOPS, and says so", async () => {
    writeFileSync(path(".env"), ENV);
    process.env.PATH = path("empty");
    await expect(sealEnv(dir)).rejects.toMatchObject({ code: "sops-missing" });
    expect(existsSync(path(SEALED))).toBe(false);
  });

  it("needs a file to begin with", async () => {
    await expect(sealEnv(dir)).rejects.toMatchObject({ code: "no-env" });
    await expect(openSealed(dir)).rejects.toMatchObject({ code: "no-sealed-env" });
  });
});

describeWith("sops", "env seal and env open", () => {
  /** age-keygen -o key.txt, and its public key. */
  function recipient(name: string): string {
    const { status, stderr } = run("age-keygen", ["-o", path(name)]);
    expect(status, stderr).toBe(0);
    process.env.SOPS_AGE_KEY_FILE = path(name);
    return /public key: (age1\w+)/.exec(readFileSync(path(name), "utf8"))?.[1] ?? "";
  }

  it("keep every byte, hide every value, and change nothing that is the same", async () => {
    const age = recipient("key.txt");
    writeFileSync(path(".env"), ENV, { mode: 0o600 });
    expect(await sealEnv(dir, age)).toEqual({ path: path(SEALED), isWritten: true });
    const sealed = readFileSync(path(SEALED), "utf8");
    for (const word of ["SECRET", "5b7e", "lines"]) expect(sealed).not.toContain(word);
    expect(await sealEnv(dir, age)).toMatchObject({ isWritten: false });
    expect(readFileSync(path(SEALED), "utf8")).toBe(sealed);

    const other = recipient("other.txt");
    process.env.SOPS_AGE_KEY_FILE = path("key.txt");
    expect(await sealEnv(dir, `${other},${age}`)).toMatchObject({ isWritten: true });
    expect(await sealEnv(dir, `${age}, ${other}`)).toMatchObject({ isWritten: false });
    process.env.SOPS_AGE_KEY_FILE = path("other.txt");

    rmSync(path(".env"));
    expect(await writeOpened(await openSealed(dir), new Date(0))).toBeUndefined();
    expect(readFileSync(path(".env"), "utf8")).toBe(ENV);
    expect(statSync(path(".env")).mode & 0o777).toBe(0o600);
  });

  it("keep what was there beside what was opened, and take who it is for from .sops.yaml", async () => {
    writeFileSync(
      path(".sops.yaml"),
      `creation_rules:\n  - path_regex: \\.env\\.sealed\\.json$\n    age: ${recipient("k")}\n`,
    );
    writeFileSync(path(".env"), "A=1\n");
    await sealEnv(dir);
    writeFileSync(path(".env"), "A=2\n");
    chmodSync(path(".env"), 0o600);
    const backup = await writeOpened(await openSealed(dir), new Date(0));
    expect([readFileSync(path(".env"), "utf8"), readFileSync(backup ?? "", "utf8")]).toEqual(["A=1\n", "A=2\n"]);
  });

  it("encrypt the same text again once .sops.yaml names others", async () => {
    const rule = (...recipients: readonly string[]) =>
      writeFileSync(
        path(".sops.yaml"),
        `creation_rules:\n  - path_regex: \\.env\\.sealed\\.json$\n    age: ${recipients.join(",")}\n`,
      );
    const [mine, leaver] = [recipient("mine"), recipient("leaver")];
    writeFileSync(path(".env"), "A=1\n");
    rule(leaver, mine);
    expect(await sealEnv(dir)).toMatchObject({ isWritten: true });
    rule(mine, leaver);
    expect(await sealEnv(dir)).toMatchObject({ isWritten: false });
    rule(mine);
    process.env.SOPS_AGE_KEY_FILE = path("mine");
    expect(await sealEnv(dir)).toMatchObject({ isWritten: true });
    process.env.SOPS_AGE_KEY_FILE = path("leaver");
    await expect(openSealed(dir)).rejects.toMatchObject({ code: "sops-failed" });
  });

  it("say what SOPS says when nobody is named, or no key opens it", async () => {
    writeFileSync(path(".env"), "SECRET=5b7e1f0a9c3d\n");
    await expect(sealEnv(dir)).rejects.toMatchObject({ code: "sops-failed" });
    expect(existsSync(path(SEALED))).toBe(false);
    writeFileSync(path(".sops.yaml"), `creation_rules: [{ path_regex: '[.]env$', age: ${recipient("rule")} }]\n`);
    await expect(sealEnv(dir)).rejects.toThrow(`whose path_regex fits ${SEALED}`);
    rmSync(path(".sops.yaml"));
    await sealEnv(dir, recipient("one"));
    recipient("other");
    const refusal = await openSealed(dir).catch((error: unknown) => String(error));
    expect(refusal).toMatch(/^OperateError: sops-failed/);
    expect(refusal).not.toContain("5b7e");
  });
});
