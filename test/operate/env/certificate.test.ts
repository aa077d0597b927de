import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planDeployment } from "../../../lib/operate/deployment";
import { certificateMistakes } from "../../../lib/operate/env/certificate";
import { checkEnvOf, planEnvOf } from "../../../lib/operate/env/command";
import { initialize } from "../../../lib/operate/init";
import { describeWith, run } from "../../support/tools";

const dir = mkdtempSync(join(tmpdir(), "lamb-compose-certificate-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const path = (name: string) => join(dir, name);
const bytes = (name: string) => readFileSync(path(name));
const put = (name: string, ...parts: (string | Uint8Array)[]) =>
  writeFileSync(path(name), Buffer.concat(parts.map((part) => Buffer.from(part))));

const LAMB = "lamb.campus.test";
const CHAT = "chat.campus.test";
const DAY = 24 * 60 * 60 * 1000;
/** Behind the moment at which the certificates are made. */
const now = new Date(Date.now() + 60 * 60 * 1000);
const inDays = (days: number) => new Date(now.getTime() + days * DAY);

function openssl(words: string): void {
  const { status, stderr } = run("openssl", words.split(" "), { cwd: dir });
  if (status !== 0) throw new Error(`openssl ${words}: ${stderr}`);
}

/** A certificate of `issuer`, for 400 days: authority, authority between, server. */
function make(name: string, issuer: string | undefined, extensions: string): void {
  put(`${name}.ext`, extensions);
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  openssl(`req ${key} -keyout ${name}.key -subj /CN=${name} -out ${name}.csr`);
  const by = issuer === undefined ? `-signkey ${name}.key` : `-CA ${issuer}.pem -CAkey ${issuer}.key -CAcreateserial`;
  openssl(`x509 -req -in ${name}.csr ${by} -days 400 -extfile ${name}.ext -out ${name}.pem`);
}

function makeFiles(): void {
  make("root", undefined, "basicConstraints=critical,CA:true\n");
  make("between", "root", "basicConstraints=critical,CA:true\n");
  make("leaf", "between", `subjectAltName=DNS:${LAMB},DNS:${CHAT}\n`);
  make("wild", "between", "subjectAltName=DNS:*.campus.test\n");
  make("one", "between", `subjectAltName=DNS:${LAMB},DNS:*.chat.campus.test\n`);
  make("common-name", "between", "basicConstraints=CA:false\n");
  for (const name of ["leaf", "wild", "one", "common-name"])
    put(`${name}.chain`, bytes(`${name}.pem`), bytes("between.pem"));
  put("reversed", bytes("between.pem"), bytes("leaf.pem"));
  put("gap", bytes("leaf.pem"), bytes("root.pem"));
  put("windows", bytes("leaf.chain").toString().replaceAll("\n", "\r\n"));
  put("marked", "\ufeff", bytes("leaf.chain"));
  put("described", "subject=CN = leaf\n", bytes("leaf.chain"));
  put("both", bytes("leaf.chain"), bytes("leaf.key"));
  put("broken", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  put("empty", "");
  openssl("x509 -in leaf.pem -outform der -out leaf.der");
  openssl("pkey -in leaf.key -outform der -out key.der");
  openssl("pkey -in leaf.key -traditional -out traditional.key");
  openssl("ecparam -name prime256v1 -out parameters.pem");
  put("with-parameters.key", bytes("parameters.pem"), bytes("traditional.key"));
  openssl("pkcs8 -topk8 -in leaf.key -passout pass:x -out encrypted.key");
}

/** What is there → what is said, and whether Caddy starts with it. */
const CASES: readonly (readonly [certificate: string, key: string, codes: readonly string[], starts: boolean])[] = [
  ["leaf.chain", "leaf.key", [], true],
  ["wild.chain", "wild.key", [], true],
  ["leaf.pem", "leaf.key", [], true],
  ["windows", "leaf.key", [], true],
  ["described", "leaf.key", [], true],
  ["both", "both", [], true],
  ["leaf.chain", "traditional.key", [], true],
  ["leaf.chain", "with-parameters.key", [], true],
  ["one.chain", "one.key", ["name-not-covered"], true],
  ["common-name.chain", "common-name.key", ["name-not-covered"], true],
  ["gap", "leaf.key", ["warning chain-order"], true],
  ["reversed", "leaf.key", ["chain-order", "name-not-covered", "warning chain-order"], false],
  ["leaf.chain", "wild.key", ["key-differs"], false],
  ["marked", "leaf.key", ["not-pem"], false],
  ["leaf.der", "leaf.key", ["not-pem"], false],
  ["leaf.chain", "key.der", ["not-pem"], false],
  ["leaf.key", "leaf.chain", ["not-pem", "not-pem"], false],
  ["broken", "leaf.key", ["not-pem"], false],
  ["empty", "empty", ["not-pem", "not-pem"], false],
  ["leaf.chain", "encrypted.key", ["not-pem"], false],
];

describeWith("openssl", "a certificate of the operator's", () => {
  beforeAll(makeFiles);
  const found = (certificate: string, key: string, at = now) =>
    certificateMistakes(bytes(certificate), bytes(key), [LAMB, CHAT], at);

  it.each(CASES)("%s with %s: %j", (certificate, key, codes) => {
    const said = found(certificate, key).map(({ code, severity }) =>
      severity === "error" ? code : `${severity} ${code}`,
    );
    expect(said).toEqual(codes);
  });

  it.each([
    [0, []],
    [369, []],
    [371, ["warning leaf certificate-expires-soon", "warning between certificate-expires-soon"]],
    [401, ["error leaf certificate-expired", "error between certificate-expired"]],
    [-2, ["error leaf certificate-not-yet-valid", "error between certificate-not-yet-valid"]],
  ])("is looked at on the day %i", (days, expected) => {
    const said = found("leaf.chain", "leaf.key", inDays(days)).map(
      ({ code, severity, reason }) => `${severity} ${reason.includes("as number 2") ? "between" : "leaf"} ${code}`,
    );
    expect(said).toEqual(expected);
  });

  it("says which names it is for, and nothing of the key", () => {
    const said = JSON.stringify(found("one.chain", "encrypted.key").concat(found("one.chain", "wild.key")));
    expect(said).toContain(`does not cover ${CHAT}: it is for ${LAMB}, *.chat.campus.test`);
    for (const line of bytes("encrypted.key").toString().split("\n").slice(1, -2)) expect(said).not.toContain(line);
  });

  it("is read in time that grows with its size", () => {
    put("many", "-----BEGIN CERTIFICATE-----\n".repeat(30_000));
    const begin = performance.now();
    expect(found("many", "many")).toHaveLength(2);
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  describe("that an .env names", () => {
    const deployment = join(dir, "deployment");
    const values = (certificate: string, key: string, folder = "./certs") =>
      new Map(
        Object.entries({
          OWI_ADMIN_EMAIL: "it@uni.edu",
          LAMB_PUBLIC_HOST: LAMB,
          OWI_PUBLIC_HOST: CHAT,
          TLS_FOLDER: folder,
          TLS_CERTIFICATE_FILE: certificate,
          TLS_KEY_FILE: key,
        }),
      );
    const said = async (...[certificate, key, folder]: Parameters<typeof values>) => {
      rmSync(join(deployment, ".env"), { force: true });
      const { env } = await initialize({
        dir: deployment,
        choices: { tls: "certificate" },
        given: values(certificate, key, folder),
      });
      const { problems } = await checkEnvOf({ dir: deployment, environment: {} });
      expect(env.problems).toEqual(problems);
      expect((await planEnvOf({ dir: deployment, environment: {} })).problems).toEqual(problems);
      return problems.map(({ code, severity, name, reason, line, fix }) => ({
        code,
        severity,
        name,
        reason,
        line,
        fix,
      }));
    };
    const place = () => {
      rmSync(deployment, { recursive: true, force: true });
      mkdirSync(join(deployment, "certs"), { recursive: true });
      writeFileSync(join(deployment, "certs/chain.pem"), bytes("leaf.chain"));
      writeFileSync(join(deployment, "certs/key.pem"), bytes("leaf.key"));
    };
    const check = (certificate: string, key: string, mode = 0o600, owner = 0) => {
      place();
      chmodSync(join(deployment, "certs/key.pem"), mode);
      if (owner !== 0) chownSync(join(deployment, "certs/key.pem"), owner, owner);
      return said(certificate, key);
    };

    it("is opened by env check and by init", async () => {
      expect(await check("chain.pem", "./key.pem")).toEqual([]);
      expect(await check("chain.pem", "gone.pem")).toMatchObject([
        {
          code: "file-missing",
          severity: "error",
          name: "TLS_KEY_FILE",
          reason: `names ${deployment}/certs/gone.pem, which is not there`,
          line: expect.any(Number),
        },
      ]);
      expect(await check(".", "chain.pem")).toMatchObject([
        { code: "file-unreadable", name: "TLS_CERTIFICATE_FILE", reason: expect.stringContaining("is a directory") },
      ]);
      expect(await check("chain.pem", "chain.pem")).toMatchObject([{ code: "not-pem", name: "TLS_KEY_FILE" }]);
    });

    it.each(["/etc/ssl/chain.pem", "../chain.pem", "chain .pem", 'a"b'])(
      "is named in its folder: not %s",
      async (name) => {
        place();
        await expect(said("chain.pem", name)).rejects.toThrow(
          /TLS_KEY_FILE must (be a path in TLS_FOLDER|have no spaces)/,
        );
      },
    );

    describe("by links, as certbot has them", () => {
      const layout = () => {
        place();
        mkdirSync(join(deployment, "certs/live"));
        mkdirSync(join(deployment, "certs/archive"));
        for (const name of ["chain.pem", "key.pem"]) {
          renameSync(join(deployment, "certs", name), join(deployment, "certs/archive", name));
          symlinkSync(`../archive/${name}`, join(deployment, "certs/live", name));
        }
      };

      it("is found where the links stay in the folder", async () => {
        layout();
        expect(await said("live/chain.pem", "live/key.pem")).toEqual([]);
      });

      it("is not what the container sees where they lead out of it: the fix names the folder that has both", async () => {
        layout();
        const problems = await said("chain.pem", "key.pem", "certs/live");
        expect(problems).toMatchObject([
          { code: "file-outside", severity: "error", name: "TLS_CERTIFICATE_FILE" },
          { code: "file-outside", severity: "error", name: "TLS_KEY_FILE" },
        ]);
        expect(problems[1]?.reason).toContain(`${deployment}/certs/archive/key.pem`);
        const set = `set TLS_FOLDER=${deployment}/certs and TLS_KEY_FILE=live/key.pem, or`;
        expect(problems[1]?.fix).toContain(set);
        expect(await said("live/chain.pem", "live/key.pem", `${deployment}/certs`)).toEqual([]);
      });

      it("is not found by an absolute link, which has another meaning in a container", async () => {
        layout();
        rmSync(join(deployment, "certs/live/key.pem"));
        symlinkSync(join(deployment, "certs/archive/key.pem"), join(deployment, "certs/live/key.pem"));
        expect(await said("live/chain.pem", "live/key.pem")).toMatchObject([
          { code: "file-outside", name: "TLS_KEY_FILE", fix: expect.stringContaining("make the link a relative one") },
        ]);
      });

      it("is not found where a link leads to itself", async () => {
        layout();
        symlinkSync("round.pem", join(deployment, "certs/round.pem"));
        expect(await said("live/chain.pem", "round.pem")).toMatchObject([
          { code: "file-unreadable", name: "TLS_KEY_FILE", reason: expect.stringContaining("leads to itself") },
        ]);
      });

      it.runIf(process.getuid?.() === 0)("is not reached through a folder that Caddy may not enter", async () => {
        layout();
        chownSync(join(deployment, "certs/archive"), 1000, 1000);
        chmodSync(join(deployment, "certs/archive"), 0o700);
        expect((await said("live/chain.pem", "live/key.pem"))[0]).toMatchObject({
          code: "file-unreadable",
          reason: expect.stringContaining(`the rights of ${deployment}/certs/archive: it belongs to user 1000`),
        });
      });
    });

    it.runIf(process.getuid?.() === 0).each([
      [0o600, 1000, "file-unreadable"],
      [0o640, 1000, "file-unreadable"],
      [0o604, 1000, undefined],
      [0o600, 0, undefined],
      [0o040, 0, "file-unreadable"],
    ])("with mode %o of user %i is one that Caddy can read, or not: %s", async (mode, owner, code) => {
      const [first, ...others] = await check("chain.pem", "key.pem", mode, owner);
      expect([first?.code, others]).toEqual([code, []]);
      if (code !== undefined) expect(first?.reason).toContain("caddy cannot read: it runs as root without the right");
    });

    it("is nothing where nobody named one, and where the deployment has none", async () => {
      rmSync(deployment, { recursive: true, force: true });
      const planned = planDeployment({ tls: "certificate" });
      await planned.synthesis.write(deployment);
      const { problems } = await checkEnvOf({ dir: deployment, environment: {} });
      expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["missing"]));
    });
  });
});

describeWith("caddy", "Caddy", () => {
  beforeAll(makeFiles);

  it("starts with what is in order, and not with what is an error of the files", () => {
    for (const [certificate, key, , starts] of CASES) {
      put("Caddyfile", `{\n\tauto_https disable_certs\n\tadmin off\n}\n${LAMB} {\n\ttls ${certificate} ${key}\n}\n`);
      // caddy validate --config Caddyfile
      const { status } = run("caddy", ["validate", "--config", "Caddyfile"], { cwd: dir });
      expect([certificate, key, status === 0]).toEqual([certificate, key, starts]);
    }
  });
});
