import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";
import { CHROMIUM } from "./tools";

/** What a page or a frame shows. */
interface Shown {
  readonly url: string;
  readonly text: string;
}

/** A real Chromium. Every host name leads to this computer, and every certificate is good. */
export interface Browser {
  /** Opens a page in place of the one before. */
  open(url: string): Promise<void>;
  /** The page, and the frames in it. */
  shown(): Promise<readonly Shown[]>;
  /** Waits until the page, or a frame in it, shows a text. */
  see(text: string | RegExp, seconds?: number): Promise<Shown>;
  /** Messages about pages so far, such as of what a policy refused. */
  log(): string;
  stop(): Promise<void>;
}

const FLAGS = [
  "--headless",
  // Tests may run as root, whom Chromium's sandbox refuses. All pages are their own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--disable-background-networking",
  "--no-first-run",
  "--ignore-certificate-errors",
  // A frame of another site is a target of its own.
  "--site-per-process",
  "--host-resolver-rules=MAP * 127.0.0.1",
  // Commands come on descriptor 3, answers go to 4: JSON with a zero behind each.
  "--remote-debugging-pipe",
];

const MESSAGE = z.object({
  id: z.number().optional(),
  method: z.string().optional(),
  sessionId: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const ATTACHED = z.object({ sessionId: z.string(), targetInfo: z.object({ type: z.string() }) });
const DETACHED = z.object({ sessionId: z.string() });
/** A page, or a frame of its site in it. */
const PLACE = z.object({ context: z.object({ uniqueId: z.string() }) });
const GONE = z.object({ executionContextUniqueId: z.string() });
const LOGGED = z.object({ entry: z.object({ text: z.string() }) });
const SAID = z.object({ args: z.array(z.object({ value: z.unknown().optional() })) });
const EVALUATED = z.object({ result: z.object({ value: z.object({ url: z.string(), text: z.string() }).optional() }) });
const TARGET = z.object({ targetId: z.string() });

const LOOK = "({ url: location.href, text: document.body?.innerText ?? '' })";
const ATTACH = { autoAttach: true, waitForDebuggerOnStart: false, flatten: true };
const ANSWER_MS = 20_000;

interface Waiting {
  readonly done: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

/** The commands of Chromium's DevTools over two pipes. */
class Devtools {
  private readonly waiting = new Map<number, Waiting>();
  private readonly sessions = new Map<string, Set<string>>();
  private last = 0;
  log = "";

  constructor(
    private readonly input: Writable,
    output: Readable,
  ) {
    let rest = "";
    output.setEncoding("utf8").on("data", (chunk: string) => {
      const messages = (rest + chunk).split("\0");
      rest = messages.pop() ?? "";
      for (const message of messages) this.receive(MESSAGE.parse(JSON.parse(message)));
    });
    input.on("error", (error) => this.fail(error));
    output.on("close", () => this.fail(new Error("Chromium ended")));
  }

  /** The session of the page. */
  get page(): string | undefined {
    return [...this.sessions.keys()][0];
  }

  /** The page and its frames, by session. */
  get places(): readonly (readonly [session: string, context: string])[] {
    return [...this.sessions].flatMap(([session, contexts]) => [...contexts].map((one) => [session, one] as const));
  }

  async ask(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    const id = ++this.last;
    const answer = new Promise<unknown>((done, fail) => this.waiting.set(id, { done, fail }));
    this.input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const timer = setTimeout(
      () => this.waiting.get(id)?.fail(new Error(`Chromium does not answer ${method}`)),
      ANSWER_MS,
    );
    return await answer.finally(() => {
      clearTimeout(timer);
      this.waiting.delete(id);
    });
  }

  private receive({ id, method, sessionId = "", params, result, error }: z.infer<typeof MESSAGE>): void {
    if (id !== undefined) {
      const waiting = this.waiting.get(id);
      if (error === undefined) waiting?.done(result);
      else waiting?.fail(new Error(error.message));
    }
    if (method === "Target.attachedToTarget") this.attach(ATTACHED.parse(params));
    if (method === "Target.detachedFromTarget") this.sessions.delete(DETACHED.parse(params).sessionId);
    const contexts = this.sessions.get(sessionId);
    if (method === "Runtime.executionContextCreated") contexts?.add(PLACE.parse(params).context.uniqueId);
    if (method === "Runtime.executionContextDestroyed") contexts?.delete(GONE.parse(params).executionContextUniqueId);
    if (method === "Runtime.executionContextsCleared") contexts?.clear();
    if (method === "Log.entryAdded") this.log += `${LOGGED.parse(params).entry.text}\n`;
    if (method === "Runtime.consoleAPICalled") this.log += `${JSON.stringify(SAID.parse(params).args)}\n`;
  }

  private attach({ sessionId, targetInfo: { type } }: z.infer<typeof ATTACHED>): void {
    if (type !== "page" && type !== "iframe") return;
    this.sessions.set(sessionId, new Set());
    // A frame can be gone before it answers.
    for (const method of ["Log.enable", "Runtime.enable", "Page.enable"])
      this.ask(method, {}, sessionId).catch(() => {});
    this.ask("Target.setAutoAttach", ATTACH, sessionId).catch(() => {});
  }

  private fail(error: Error): void {
    for (const { fail } of this.waiting.values()) fail(error);
  }
}

/** Starts Chromium with a profile of its own, which goes with it. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "lamb-compose-browser-"));
  const child = spawn("sh", ["-c", `exec "$(${CHROMIUM})" "$@"`, "sh", ...FLAGS, `--user-data-dir=${profile}`], {
    env: { PATH: process.env.PATH, HOME: profile },
    stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const end = async () => {
    child.kill("SIGKILL");
    await ended;
    for (const pipe of child.stdio) pipe?.destroy();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const [, , , input, output] = child.stdio;
  try {
    const devtools = new Devtools(writable(input), readable(output));
    const { targetId } = TARGET.parse(await devtools.ask("Target.createTarget", { url: "about:blank" }));
    await devtools.ask("Target.attachToTarget", { targetId, flatten: true });
    const stop = async () => {
      // Its helpers write into the profile until it ends them itself.
      await devtools.ask("Browser.close").catch(() => {});
      await Promise.race([ended, new Promise((done) => setTimeout(done, ANSWER_MS))]);
      await end();
    };
    return { ...viewOf(devtools), log: () => devtools.log, stop };
  } catch (error) {
    await end();
    throw error;
  }
}

function viewOf(devtools: Devtools): Pick<Browser, "open" | "shown" | "see"> {
  const shown = async () => {
    const looks = devtools.places.map(async ([session, uniqueContextId]) => {
      try {
        const look = { expression: LOOK, returnByValue: true, uniqueContextId };
        const answer = await devtools.ask("Runtime.evaluate", look, session);
        return EVALUATED.parse(answer).result.value;
      } catch {
        // It went on to another page at this moment.
        return undefined;
      }
    });
    return (await Promise.all(looks)).filter((one) => one !== undefined);
  };
  return {
    open: async (url) => {
      await devtools.ask("Page.navigate", { url }, devtools.page);
    },
    shown,
    see: async (text, seconds = 20) => {
      const until = Date.now() + seconds * 1000;
      for (;;) {
        const all = await shown();
        const found = all.find((one) => (typeof text === "string" ? one.text.includes(text) : text.test(one.text)));
        if (found !== undefined) return found;
        if (Date.now() > until) throw new Error(`${text} is not shown, but ${JSON.stringify(all)}\n${devtools.log}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    },
  };
}

type Pipe = Readable | Writable | null | undefined;

function writable(pipe: Pipe): Writable {
  if (pipe === null || pipe === undefined || !("write" in pipe)) throw new Error("no pipe to Chromium");
  return pipe;
}

function readable(pipe: Pipe): Readable {
  if (pipe === null || pipe === undefined || !("read" in pipe)) throw new Error("no pipe from Chromium");
  return pipe;
}
