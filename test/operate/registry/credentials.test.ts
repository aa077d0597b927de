import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CredentialStore } from "../../../lib/operate/registry/credentials";
import { askHelper } from "../../../lib/operate/registry/helper";
import { registryHost } from "../../../lib/operate/registry/host";
import { auth, dockerConfig, errorOf, removeConfigs } from "./asking";

const PASSWORD = "t0p:s3cret";
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), "lamb-compose-helpers-"));
});
afterEach(() => {
  rmSync(bin, { recursive: true });
  removeConfigs();
});

/** What the store has for a registry. */
function lookUp(name: string, config: unknown, store = storeWith(config)) {
  const host = registryHost(name);
  return store.of({ image: `${name}/x:1`, host }, host);
}

function storeWith(config: unknown): CredentialStore {
  const PATH = `${bin}${delimiter}${process.env.PATH}`;
  return new CredentialStore({ DOCKER_CONFIG: dockerConfig(config), PATH });
}

const password = { kind: "password", user: "user", password: PASSWORD };

describe("credentials in Docker's configuration", () => {
  it.each<[string, string, string]>([
    ["as docker login writes it", "ghcr.io", "ghcr.io"],
    ["with its port", "localhost:5000", "localhost:5000"],
    ["as an old docker login wrote it", "ghcr.io", "https://ghcr.io/v1/"],
    ["as an address", "ghcr.io", "https://ghcr.io"],
    ["as an address without TLS", "localhost:5000", "http://localhost:5000/v2/"],
    ["for Docker Hub", "docker.io", "https://index.docker.io/v1/"],
    ["for Docker Hub, as an address", "docker.io", "https://index.docker.io/v2/"],
    ["for Docker Hub, from another program", "docker.io", "docker.io"],
  ])("are found: %s", async (_, registry, key) => {
    expect(await lookUp(registry, { auths: { other: auth("o", "p"), [key]: auth("user", PASSWORD) } })).toEqual(
      password,
    );
  });

  it.each<[string, string, string]>([
    ["another registry", "ghcr.io", "docker.io"],
    ["another port", "localhost:5000", "localhost:5001"],
    ["no port", "localhost:5000", "localhost"],
    ["a longer name", "ghcr.io", "ghcr.io.example"],
    ["Docker Hub", "registry.example", "https://index.docker.io/v1/"],
  ])("are not taken from %s", async (_, registry, key) => {
    expect(await lookUp(registry, { auths: { [key]: auth("user", PASSWORD) } })).toBeUndefined();
  });

  it.each<[string, unknown, unknown]>([
    ["a password with a colon", auth("user", PASSWORD), password],
    ["a password that is padded", auth("user", `${PASSWORD}\0\0`), password],
    ["no password", auth("user", ""), { kind: "password", user: "user", password: "" }],
    ["a password beside it", { username: "user", password: PASSWORD }, password],
    ["an identity token", { ...auth("user", PASSWORD), identitytoken: "t" }, { kind: "identity", token: "t" }],
    ["a token for the registry", { registrytoken: "t" }, { kind: "bearer", token: "t" }],
    ["that there was a log-in", {}, undefined],
    ["an empty one", { auth: "" }, undefined],
    ["text", "ghcr.io", undefined],
    ["null", null, undefined],
  ])("may be %s", async (_, entry, expected) => {
    expect(await lookUp("ghcr.io", { auths: { "ghcr.io": entry } })).toEqual(expected);
  });

  it("are those of the registry's own name rather than of another spelling", async () => {
    const auths = { "https://ghcr.io/v1/": auth("other", "0ther"), "ghcr.io": auth("user", PASSWORD) };
    expect(await lookUp("ghcr.io", { auths })).toEqual(password);
  });

  it("are none where there is no configuration", async () => {
    const store = new CredentialStore({ DOCKER_CONFIG: join(bin, "nowhere"), PATH: "" });
    expect(await lookUp("ghcr.io", {}, store)).toBeUndefined();
  });

  it("are looked for in the home folder when nothing else is said", async () => {
    const home = process.env.HOME;
    const folder = dockerConfig({});
    try {
      process.env.HOME = folder;
      for (const DOCKER_CONFIG of [undefined, ""]) {
        const store = new CredentialStore({ DOCKER_CONFIG });
        expect(await lookUp("ghcr.io", {}, store)).toBeUndefined();
      }
      const { mkdirSync } = await import("node:fs");
      mkdirSync(join(folder, ".docker"));
      writeFileSync(
        join(folder, ".docker", "config.json"),
        JSON.stringify({ auths: { "ghcr.io": auth("user", PASSWORD) } }),
      );
      expect(await lookUp("ghcr.io", {}, new CredentialStore({}))).toEqual(password);
    } finally {
      process.env.HOME = home;
    }
  });

  it.each([["{"], ["[]"], ["null"], [""], [JSON.stringify({ auths: { "ghcr.io": { auth: "!!" } } })]])(
    "are not read from %j",
    async (text) => {
      const error = await errorOf(lookUp("ghcr.io", text));
      expect(error).toMatchObject({ code: "bad-docker-config", path: expect.stringMatching(/config\.json$/) });
    },
  );
});

describe("credentials from a helper", () => {
  const heard = () => readFileSync(join(bin, "heard"), "utf8");

  /** A helper that writes down how it is called, and then does as it is told. */
  function helper(name: string, script: string): void {
    const path = join(bin, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\nprintf '%s %s ' "$0" "$*" >>'${bin}/heard'\ncat >>'${bin}/heard'\n${script}\n`);
    chmodSync(path, 0o755);
  }

  const gives = (user: string, secret: string) =>
    `echo '${JSON.stringify({ ServerURL: "x", Username: user, Secret: secret })}'`;

  it("that keeps all are asked for with the registry on the standard input", async () => {
    helper("pass", gives("user", PASSWORD));
    expect(await lookUp("ghcr.io", { auths: { "ghcr.io": {} }, credsStore: "pass" })).toEqual(password);
    expect(heard()).toBe(`${bin}/docker-credential-pass get ghcr.io`);
  });

  it("are asked for under Docker Hub's own key", async () => {
    helper("pass", gives("<token>", "id-t0k3n"));
    expect(await lookUp("docker.io", { credsStore: "pass" })).toEqual({ kind: "identity", token: "id-t0k3n" });
    expect(heard()).toBe(`${bin}/docker-credential-pass get https://index.docker.io/v1/`);
  });

  it("of one registry come before the one that keeps all", async () => {
    helper("ours", gives("user", PASSWORD));
    const config = { credsStore: "nowhere", credHelpers: { "registry.example": "ours" } };
    expect(await lookUp("registry.example", config)).toEqual(password);
    expect(await errorOf(lookUp("ghcr.io", config))).toMatchObject({ code: "credential-helper" });
  });

  it("are asked for once", async () => {
    helper("pass", gives("user", PASSWORD));
    const store = storeWith({ credsStore: "pass" });
    await Promise.all([lookUp("ghcr.io", {}, store), lookUp("ghcr.io", {}, store)]);
    expect(heard().match(/ get /g)).toHaveLength(1);
  });

  it.each([
    ["stdout", "echo 'credentials not found in native keychain'; exit 1"],
    ["an empty answer", gives("", "")],
  ])("that has none leaves the file's: %s", async (_, script) => {
    helper("pass", script);
    expect(await lookUp("ghcr.io", { credsStore: "pass" })).toBeUndefined();
    expect(await lookUp("ghcr.io", { credsStore: "pass", auths: { "ghcr.io": auth("user", PASSWORD) } })).toEqual(
      password,
    );
  });

  it.each<[string, string | undefined, RegExp, RegExp]>([
    ["is not there", undefined, /is not on the PATH$/, /install it/],
    ["fails", `echo '${PASSWORD}'; echo '${PASSWORD}' >&2; exit 3`, /ended with 3$/, /docker-credential-pass list/],
    ["gives no JSON", `echo '${PASSWORD}'`, /gave no credentials that can be read$/, /docker login ghcr\.io/],
    ["gives something else", `echo '{"Username": 1, "Secret": "${PASSWORD}"}'`, /gave no credentials/, /docker login/],
    ["ends without reading", "exec 0<&-; exit 4", /ended with 4$/, /list/],
  ])("that %s is an error without a word of it", async (_, script, reason, fix) => {
    if (script !== undefined) helper("pass", script);
    const error = await errorOf(lookUp("ghcr.io", { credsStore: "pass" }));
    expect(error).toMatchObject({
      code: "credential-helper",
      reason: expect.stringMatching(reason),
      fix: expect.stringMatching(fix),
    });
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("s3cret");
  });

  it.each([["../pass"], ["a b"], ["a/b"], ["$(touch x)"]])("with the name %j is not started", async (name) => {
    helper("pass", gives("user", PASSWORD));
    const error = await errorOf(lookUp("ghcr.io", { credsStore: name }));
    expect(error).toMatchObject({
      code: "credential-helper",
      reason: expect.stringContaining("not the name of a program"),
    });
    expect(existsSync(join(bin, "heard"))).toBe(false);
  });

  /** Whether a process is there, and no zombie that nobody has asked for yet. */
  function isRunning(pid: string): boolean {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
    } catch {
      return false;
    }
  }

  /** Asks a helper that starts a child, and has the child's number. */
  async function childOf(script: string) {
    helper("pass", `sleep 300 & echo $! >"${bin}/child"; ${script}`);
    const host = registryHost("ghcr.io");
    const question = { image: "ghcr.io/x:1", host };
    const environment = { PATH: `${bin}${delimiter}${process.env.PATH}` };
    const error = await errorOf(askHelper(question, "pass", host.key, environment, 1500));
    return { error, child: readFileSync(join(bin, "child"), "utf8").trim() };
  }

  it("that writes without end is ended, with what it started", async () => {
    const { error, child } = await childOf("exec yes 0123456789012345678901234567890123456789");
    expect(error).toMatchObject({ code: "credential-helper", reason: expect.stringContaining("writes more than") });
    await expect.poll(() => isRunning(child)).toBe(false);
  });

  it("that does not end is ended, with what it started", async () => {
    const { error, child } = await childOf("sleep 300");
    expect(error).toMatchObject({ code: "credential-helper", reason: expect.stringContaining("did not end in time") });
    await expect.poll(() => isRunning(child)).toBe(false);
  });
});
