import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Browser, startBrowser } from "../../support/browser";
import { describeWith } from "../../support/tools";
import { makeCertificate } from "./certificate";
import { type Face, type FaceOptions, LAMB_HOST, OWI_HOST, startFace } from "./face";
import { portOf, type StandIn } from "./services";

/** Of another site than LAMB, as a Moodle of another university, and below the domain of the chat. */
const LMS = { foreign: "moodle.example", own: `moodle.${OWI_HOST}` };

const LAUNCH = "/lamb/v1/lti/launch";
const COMPLETE = "/api/v1/auths/complete";
const TOKEN = "abc.def.ghi";

/** As Open WebUI's page for links from LAMB: a4836f14, `open_webui/routers/auths.py`, `complete_auth`. */
const KEEPS_TOKEN = `<!DOCTYPE html><html><head><script>
  localStorage.setItem('token', '${TOKEN}');
  window.location.href = '/';
</script></head></html>`;
/** As its program does then: asks who one is with the token, and goes on with that or, for files, with the cookie. */
const CHAT = `<!doctype html><body><script type="module">
  const headers = { Authorization: "Bearer " + localStorage.getItem("token") };
  await fetch("/api/v1/auths/", { headers });
  document.body.innerText = await (await fetch("/whoami", { headers })).text();
</script>`;
/** The same function's cookie, with the words for it that the overlay gives: `WEBUI_SESSION_COOKIE_SECURE=true`. */
const COOKIE = `token=${TOKEN}; HttpOnly; Path=/; SameSite=lax; Secure`;

function html(response: ServerResponse, text: string): boolean {
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(text);
  return true;
}

function answerAsLamb({ method, url }: IncomingMessage, response: ServerResponse, chat: string): boolean {
  if (method !== "POST" || url !== LAUNCH) return html(response, "<h1>Assistants</h1>");
  // LAMB itself sets no cookie: it sends people on with a token.
  response.writeHead(303, { Location: `${chat}${COMPLETE}?token=${TOKEN}` }).end();
  return true;
}

function answerAsOpenWebUi({ url = "", headers }: IncomingMessage, response: ServerResponse): boolean {
  if (url.startsWith(`${COMPLETE}?`)) return html(response, KEEPS_TOKEN);
  if (url === "/api/v1/auths/") response.setHeader("Set-Cookie", COOKIE);
  const { authorization = "none", cookie = "none" } = headers;
  return html(response, url === "/whoami" ? `bearer ${authorization}, cookie ${cookie}` : CHAT);
}

/** Listens again where a service was. */
function comeBack({ server, address }: StandIn): Promise<void> {
  return new Promise((done) => server.listen(Number(address.split(":")[1]), "127.0.0.1", done));
}

describeWith(["caddy", "chromium", "openssl"], "LAMB in a frame of a learning management system", () => {
  const scratch = mkdtempSync(join(tmpdir(), "lamb-compose-frame-"));
  let browser: Browser;
  let lms: Server;
  let page = "";

  beforeAll(async () => {
    const { certificate, key } = makeCertificate(scratch, Object.values(LMS));
    const pem = { cert: readFileSync(certificate), key: readFileSync(key) };
    lms = createServer(pem, (_, response) => html(response, page));
    await new Promise<void>((done) => lms.listen(0, "127.0.0.1", done));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.stop();
    lms?.closeAllConnections();
    lms?.close();
    rmSync(scratch, { recursive: true, force: true });
  });

  const lmsAt = (host: string) => `https://${host}:${portOf(lms)}`;

  async function withFace(options: FaceOptions, test: (face: Face, lamb: string) => Promise<void>): Promise<void> {
    const face = await startFace({ timeouts: { hold: "0s" }, ...options });
    const chat = `https://${OWI_HOST}:${face.httpsPort}`;
    face.lamb.answer = (request, response) => answerAsLamb(request, response, chat);
    face.openWebUi.answer = answerAsOpenWebUi;
    try {
      await test(face, `https://${LAMB_HOST}:${face.httpsPort}`);
    } finally {
      await browser.open("about:blank");
      await face.stop();
    }
  }

  async function show(text: string, host: string): Promise<void> {
    page = `<!doctype html><h1>Course</h1>${text}`;
    await browser.open(`${lmsAt(host)}/`);
    await browser.see("Course");
  }

  const framed = (url: string) => `<iframe src="${url}"></iframe>`;
  const launched = (lamb: string) =>
    `<iframe name="tool"></iframe><form method="post" target="tool" action="${lamb}${LAUNCH}"></form>` +
    "<script>document.forms[0].submit()</script>";

  it("says that a service restarts, and shows it as soon as it is back", async () => {
    await withFace({}, async ({ lamb }, address) => {
      await lamb.close();
      await show(framed(`${address}/assistants`), LMS.foreign);
      const { url } = await browser.see("The service is restarting");
      expect(url).toBe(`${address}/assistants`);
      await comeBack(lamb);
      // Nobody does anything: the page asks again by itself, every 10 seconds.
      expect((await browser.see("Assistants", 30)).url).toBe(`${address}/assistants`);
    });
  });

  it("says to go back where a launch meets a service that restarts", async () => {
    await withFace({}, async ({ lamb }, address) => {
      await lamb.close();
      await show(launched(address), LMS.foreign);
      await browser.see("Please go back, wait a minute, and try again.");
    });
  });

  it("signs in by a launch below its own domain, and keeps the cookie", async () => {
    await withFace({}, async (_, address) => {
      await show(launched(address), LMS.own);
      await browser.see(`bearer Bearer ${TOKEN}, cookie token=${TOKEN}`);
    });
  });

  it("signs in by a launch from another domain: the token is kept, the cookie is not", async () => {
    await withFace({}, async (_, address) => {
      await show(launched(address), LMS.foreign);
      await browser.see(`bearer Bearer ${TOKEN}, cookie none`);
    });
  });

  it("is shown by the one who is named, and by nobody else", async () => {
    await withFace({ frameAncestors: ["'self'", lmsAt(LMS.own)] }, async ({ lamb }, address) => {
      await show(framed(address), LMS.own);
      await browser.see("Assistants");
      await show(framed(`${address}/?refused`), LMS.foreign);
      await expect.poll(() => browser.log()).toContain(`Framing '${address}/' violates`);
      expect(lamb.seen).toContain("/?refused");
      expect(await browser.shown()).not.toContainEqual(expect.objectContaining({ text: "Assistants" }));
    });
  });
});
