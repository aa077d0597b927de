import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
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
      answer.statusCode = Number(status);
      answer.end(`${request.method} ${request.headers["x-user-email"] ?? "nobody"} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" ? (address?.port ?? 0) : 0;
});
afterAll(() => server.close());

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
  });
});
