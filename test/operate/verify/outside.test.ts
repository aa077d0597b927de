import { createServer, type Server } from "node:http";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { App } from "../../../lib/construct/app";
import { CaddyOverlay } from "../../../lib/lamb/caddy-overlay";
import { LambStack } from "../../../lib/lamb/lamb-stack";
import { releaseFacts } from "../../../lib/operate/engine/facts";
import { PROJECT_MODEL } from "../../../lib/operate/engine/model";
import { askOutside } from "../../../lib/operate/verify/outside";

let server: Server;
let port = 0;
beforeAll(async () => {
  server = createServer((request, answer) => {
    const [, status = "200"] = /^\/(\d+)/.exec(request.url ?? "") ?? [];
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      if (request.url === "/endless") return void Readable.from(repeat("x".repeat(1 << 16))).pipe(answer);
      if (request.url === "/slow") return void Readable.from(drops()).pipe(answer);
      answer.statusCode = Number(status);
      answer.end(`${request.method} ${request.headers["x-user-email"] ?? "nobody"} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" ? (address?.port ?? 0) : 0;
});
afterAll(() => server.close());

function* repeat(text: string): Generator<string> {
  for (;;) yield text;
}

async function* drops(): AsyncGenerator<string> {
  for (const text of repeat("x")) {
    await new Promise((done) => setImmediate(done));
    yield text;
  }
}

async function asked(question: Readonly<Record<string, unknown>>) {
  const value = { what: "it answers", url: `http://127.0.0.1:${port}/200`, ...question };
  const model = PROJECT_MODEL.parse({ name: "p", services: {}, "x-lamb-compose": { outside: { page: value } } });
  const [answer] = await askOutside(releaseFacts(model).outside);
  return answer?.problem;
}
const at = (status: number) => ({ url: `http://127.0.0.1:${port}/${status}` });

it("takes for well what the files call right, and else what is no failure of the server's", async () => {
  expect(await asked({})).toBeUndefined();
  expect(await asked(at(401))).toBeUndefined();
  expect(await asked({ ...at(503) })).toBe("answered 503");
  expect(await asked({ ...at(404), wrong: "404 405" })).toBe("answered 404");
  expect(await asked({ ...at(302), right: "200 201" })).toBe("answered 302, and 200 or 201 would be right");
  expect(await asked({ ...at(500), right: "500" })).toBeUndefined();
});

it("sends what the files say, and reads the answer", async () => {
  const question = { method: "POST", headers: { "X-User-Email": "somebody" }, body: "words" };
  expect(await asked({ ...question, contains: "POST somebody words" })).toBeUndefined();
  expect(await asked({ ...question, contains: "GET" })).toBe('the answer does not have "GET" in it');
});

it("does not wait for the end of an answer that has none", async () => {
  const url = (path: string) => ({ url: `http://127.0.0.1:${port}${path}` });
  expect(await asked(url("/endless"))).toBeUndefined();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const slow = asked(url("/slow"));
    await new Promise((done) => setImmediate(done));
    vi.advanceTimersByTime(70_000);
    expect(await slow).toBe("no answer: no whole answer within 70 seconds");
  } finally {
    vi.useRealTimers();
  }
});

it("finds names below localhost on this machine, and says who does not answer", async () => {
  expect(await asked({ url: `http://shop.localhost:${port}/200` })).toBeUndefined();
  expect(await asked({ url: "http://127.0.0.1:1/" })).toBe("no answer: ECONNREFUSED");
  expect(await asked({ url: `https://127.0.0.1:${port}/` })).toMatch(/^no answer: /);
});

it("refuses facts that it does not know", () => {
  const model = PROJECT_MODEL.parse({
    name: "p",
    services: {},
    "x-lamb-compose": { outside: { page: { url: "file:///etc" } } },
  });
  expect(() => releaseFacts(model)).toThrow("bad-facts at x-lamb-compose.outside.page");
  expect(releaseFacts(PROJECT_MODEL.parse({ name: "p", services: {} }))).toEqual({
    stores: {},
    outside: {},
    reloads: {},
    releases: {},
    checks: {},
    waits: {},
  });
});

describe("what is asked of LAMB only where the operator says of what", () => {
  const asked = async (environment: Readonly<Record<string, string>>) => {
    const app = new App();
    new CaddyOverlay(new LambStack(app, "next"), "prod");
    const synthesis = app.synth();
    const required = synthesis.deployments.at(-1)?.sampleEnvironment() ?? {};
    const files = ["docker-compose.next.yaml", "docker-compose.next.prod.yaml"];
    const { model } = await synthesis.resolve({ files, environment: { ...required, ...environment } });
    return releaseFacts(PROJECT_MODEL.parse(model)).outside;
  };

  it("is a completion, with the key of the .env, and a document of the knowledge base", async () => {
    expect(Object.keys(await asked({}))).not.toContain("completion");
    expect(Object.keys(await asked({}))).not.toContain("knowledge-base-file");
    const environment = { LAMB_PUBLIC_HOST: "lamb.uni-of-tests.eu", LAMB_BEARER_TOKEN: "key" };
    const outside = await asked({ ...environment, VERIFY_ASSISTANT: "7", VERIFY_KB_FILE: "1/notes/a.pdf" });
    expect(outside).toMatchObject({
      completion: { url: "https://lamb.uni-of-tests.eu/v1/chat/completions", headers: { Authorization: "Bearer key" } },
      "knowledge-base-file": { url: "https://lamb.uni-of-tests.eu/kb/static/1/notes/a.pdf", right: [200] },
    });
    expect(JSON.parse(outside.completion?.body ?? "")).toMatchObject({ model: "lamb_assistant.7" });
  });
});
