import { chmod, mkdir, readFile, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment, type DeploymentProps } from "./deployment";
import { Poll } from "./poll";
import { eventually, must } from "./run";
import { answers, LAMB_HOST, OWI_HOST, publicAnswers } from "./stacks";
import { ask } from "./web";

/** What `npx tsx examples/NAME.ts` writes, with the operator's answers. */
const example = (name: string, given: Readonly<Record<string, string>>): DeploymentProps => ({
  write: (directory) => must("npx", ["tsx", `examples/${name}.ts`, "--out", directory]),
  answers: { ...answers, ...given },
});

describeWith("docker-engine", "the examples, as their programs write them", () => {
  let stack: Deployment | undefined;
  afterEach(() => stack?.remove());

  it("prod: LAMB behind Caddy", async () => {
    stack = await Deployment.create(example("prod", publicAnswers));
    await stack.up();
    expect(await stack.running()).toEqual(["caddy", "kb", "lamb", "library-manager", "ollama", "openwebui"]);
  });

  it("gpu: without a graphics card, as its comment says", async () => {
    const files = { COMPOSE_FILE: "docker-compose.next.yaml:docker-compose.next.prod.yaml" };
    stack = await Deployment.create(example("gpu", { ...publicAnswers, ...files }));
    await stack.up();
    expect(await stack.running()).toEqual(["caddy", "kb", "lamb", "library-manager", "ollama", "openwebui"]);
  });

  it("university: a certificate and a service of its own, and nobody is cut off when it is renewed", async () => {
    // As certbot has them: what the names lead to is another file after a renewal.
    const [chain, key] = ["live/campus/fullchain.pem", "live/campus/privkey.pem"];
    const files = { TLS_FOLDER: "./certs", TLS_CERTIFICATE_FILE: chain, TLS_KEY_FILE: key };
    const one = await Deployment.create(example("university", { ...publicAnswers, ...files }));
    stack = one;
    const certs = join(one.directory, "certs");
    for (const folder of ["live", "archive"]) await mkdir(join(certs, folder, "campus"), { recursive: true });
    const names = [LAMB_HOST, OWI_HOST].map((host) => `DNS:${host}`).join(",");
    const made = async (number: number) => {
      const [chainFile, keyFile] = [`fullchain${number}.pem`, `privkey${number}.pem`];
      const place = ["-keyout", keyFile, "-out", chainFile, "-days", "2", "-subj", "/CN=Campus"];
      const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
      const archive = join(certs, "archive", "campus");
      await must("openssl", ["req", ...kind, ...place, "-addext", `subjectAltName=${names}`], { cwd: archive });
      for (const file of [chainFile, keyFile]) {
        const link = join(certs, "live", "campus", file.replace(/\d/, ""));
        await symlink(`../../archive/campus/${file}`, `${link}.new`);
        await rename(`${link}.new`, link);
      }
      return readFile(join(archive, chainFile), "utf8");
    };
    const first = await made(1);
    await one.up();
    expect(await one.running()).toEqual(["caddy", "grades", "kb", "lamb", "openwebui"]);
    for (const [host, service] of [
      [LAMB_HOST, "lamb"],
      [OWI_HOST, "openwebui"],
    ] as const) {
      const answer = await eventually(
        15,
        () => ask(host, "/health", { authority: first }),
        ({ status }) => status === 200,
      );
      expect(answer, host).toMatchObject({ status: 200, headers: { "x-stand-in": service } });
    }

    const { Id } = await one.inspect("caddy");
    const poll = new Poll([{ name: "lamb", port: 443, host: LAMB_HOST, path: "/health" }]);
    const second = await made(2);
    // Nobody says so to Caddy.
    const renewed = await eventually(
      30,
      () => ask(LAMB_HOST, "/health", { authority: second }).catch(() => undefined),
      (answer) => answer?.status === 200,
    );
    expect(renewed?.status).toBe(200);
    await expect(ask(LAMB_HOST, "/health", { authority: first })).rejects.toThrow(/self-signed|verify/);
    const { lamb } = await poll.end();
    expect([lamb?.failed, lamb?.by]).toEqual([0, { "200": lamb?.count }]);
    expect((await one.inspect("caddy")).Id).toBe(Id);

    // `lamb-compose up` has it read at once.
    const third = await made(3);
    await chmod(join(one.directory, ".env"), 0o600);
    const up = await one.lamb("up");
    expect(up.code, up.stdout + up.stderr).toBe(0);
    expect((await ask(LAMB_HOST, "/health", { authority: third })).status).toBe(200);
    const { checks } = JSON.parse((await one.lamb("doctor", "--json")).stdout);
    const rows: { id: string; state: string }[] = checks;
    expect(rows.find(({ id }) => id === "certificate-served")?.state).toBe("ok");
    expect((await one.inspect("caddy")).Id).toBe(Id);
  });
});
