import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { describeWith } from "../support/tools";
import { Deployment } from "./deployment";
import { eventually } from "./run";
import { accepts, listening } from "./sockets";
import { ADMIN, LAMB_HOST, OWI_HOST, prod } from "./stacks";
import { ask } from "./web";

const ADDRESSES = z.object({ addresses: z.array(z.string()).nonempty() });
const CADDY_ROOT = "/data/caddy/pki/authorities/local/root.crt";

// Under `.localhost` Caddy signs its certificates itself and asks no authority.
describeWith("docker-engine", "the base stack behind Caddy", () => {
  let stack: Deployment;
  let before: string[];
  let authority: string;

  beforeAll(async () => {
    stack = await Deployment.create(prod);
    before = await listening();
    const { seconds } = await stack.up();
    console.log(`prod: healthy ${seconds.toFixed(1)} s after up`);
    const copy = join(stack.directory, "root.crt");
    await stack.compose("cp", `caddy:${CADDY_ROOT}`, copy);
    authority = await readFile(copy, "utf8");
  });
  afterAll(() => stack?.remove());

  it("listens on 80 and 443 and nowhere else", async () => {
    const opened = (await listening()).filter((socket) => !before.includes(socket));
    const expected = ["tcp :80", "tcp :443", "udp :443"].flatMap((socket) => {
      const [kind, port] = socket.split(" ");
      return [`${kind} 0.0.0.0${port}`, `${kind} [::]${port}`];
    });
    expect(opened).toEqual(expected.sort());
    for (const port of [80, 443]) {
      expect(await accepts("127.0.0.2", port), `${port}`).toBe(true);
    }
    for (const port of [2019, 8080, 9090, 9091, 9099, 11434]) {
      expect(await accepts("127.0.0.1", port), `${port}`).toBe(false);
    }
  });

  it("answers each public host over TLS with the service behind it", async () => {
    const lamb = await eventually(
      15,
      () => ask(LAMB_HOST, "/status", { authority }),
      ({ status }) => status === 200,
    );
    expect(lamb).toMatchObject({ status: 200, headers: { "x-stand-in": "lamb" } });
    const owi = await ask(OWI_HOST, "/health", { authority });
    expect(owi).toMatchObject({ status: 200, headers: { "x-stand-in": "openwebui" } });
  });

  it("still finds lamb under its former name `backend`", async () => {
    const lamb = await stack.call("openwebui", "GET", "/stand-in/resolve?name=lamb");
    const backend = await stack.call("openwebui", "GET", "/stand-in/resolve?name=backend");
    expect(ADDRESSES.parse(lamb).addresses).toEqual(expect.arrayContaining(ADDRESSES.parse(backend).addresses));
  });

  it("sends plain HTTP to TLS", async () => {
    const answer = await ask(LAMB_HOST, "/creator?x=1");
    expect([301, 302, 307, 308]).toContain(answer.status);
    expect(answer.headers.location).toBe(`https://${LAMB_HOST}/creator?x=1`);
  });

  it("passes /lamb on as it came: LTI launches and completions are mounted there", async () => {
    const { body } = await ask(LAMB_HOST, "/lamb/v1/lti_users/lti", { authority, method: "POST", body: "x" });
    expect(JSON.parse(body)).toMatchObject({ method: "POST", path: "/lamb/v1/lti_users/lti" });
  });

  it("lets nobody sign in at Open WebUI by writing a header", async () => {
    const forge = (header: string) =>
      ask(OWI_HOST, "/api/v1/auths/signin", {
        authority,
        method: "POST",
        headers: { [header]: ADMIN },
        body: "{}",
      });
    // The stand-in trusts the header as the real one does: LAMB itself signs in so.
    expect(await stack.call("lamb", "GET", "/stand-in/reach")).toEqual({ openwebui: 200, kb: 200 });
    for (const header of ["X-User-Email", "x-user-email", "X-USER-EMAIL", "X_User_Email"]) {
      expect((await forge(header)).status, header).toBe(400);
    }
  });

  it("publishes the knowledge base's files, and not its API", async () => {
    expect(await ask(LAMB_HOST, "/kb/static/marker", { authority })).toMatchObject({
      status: 200,
      headers: { "x-stand-in": "kb" },
    });
    for (const path of ["/kb/docs", "/kb/collections", "/kb/database/status", "/kb/static/../docs"]) {
      const { headers } = await ask(LAMB_HOST, path, { authority });
      expect(headers["x-stand-in"], path).not.toBe("kb");
    }
  });

  it("keeps its certificates", async () => {
    await stack.compose("down");
    await stack.up();
    // The authority of before the restart still vouches for both.
    for (const host of [LAMB_HOST, OWI_HOST]) {
      const answer = await eventually(
        15,
        () => ask(host, "/health", { authority }),
        ({ status }) => status === 200,
      );
      expect(answer.status, host).toBe(200);
    }
  });
});
