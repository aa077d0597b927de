import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { Deployment, type DeploymentProps } from "./deployment";
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

  it("university: a certificate and a service of its own", async () => {
    const files = { TLS_CERTIFICATE_FILE: "./campus.pem", TLS_KEY_FILE: "./campus.key" };
    stack = await Deployment.create(example("university", { ...publicAnswers, ...files }));
    const names = [LAMB_HOST, OWI_HOST].map((host) => `DNS:${host}`).join(",");
    const place = ["-keyout", "campus.key", "-out", "campus.pem", "-days", "2", "-subj", "/CN=Campus"];
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
    await must("openssl", ["req", ...kind, ...place, "-addext", `subjectAltName=${names}`], { cwd: stack.directory });
    await stack.up();
    expect(await stack.running()).toEqual(["caddy", "grades", "kb", "lamb", "openwebui"]);

    const authority = await readFile(join(stack.directory, "campus.pem"), "utf8");
    for (const [host, service] of [
      [LAMB_HOST, "lamb"],
      [OWI_HOST, "openwebui"],
    ] as const) {
      const answer = await eventually(
        15,
        () => ask(host, "/health", { authority }),
        ({ status }) => status === 200,
      );
      expect(answer, host).toMatchObject({ status: 200, headers: { "x-stand-in": service } });
    }
  });
});
