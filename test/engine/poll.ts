import { Agent, request as http } from "node:http";
import { request as https, Agent as SecureAgent } from "node:https";

/** What is asked again and again. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly path: string;
  /** Sent as the host, and as the name for TLS. @default - plain HTTP to 127.0.0.1 */
  readonly host?: string;
  /** @default "GET" */
  readonly method?: string;
}

/** What became of the requests to one target. */
export interface Polled {
  readonly count: number;
  /** No answer, or a status from 500. */
  readonly failed: number;
  /** Status or code of an error → how many. */
  readonly by: Readonly<Record<string, number>>;
  /** Seconds of the longest wait for an answer. */
  readonly longest: number;
  /**
   * In how few stops all that failed were under way, or were asked while the service ended. A service that stops once cuts off
   * what it is at work on then: one. What is asked later, and fails, makes it more.
   */
  readonly stops: number;
}

/** One request and what became of it, in seconds of one clock. */
interface Row {
  readonly name: string;
  readonly status: string;
  readonly start: number;
  readonly end: number;
}

/** Milliseconds between two requests to a target. */
const EVERY_MS = 50;
const PATIENCE_MS = 120_000;

/** A client that does not stop asking: people who use what is being changed. */
export class Poll {
  private readonly rows: Row[] = [];
  private readonly plain = new Agent({ keepAlive: true });
  private readonly secure = new SecureAgent({ keepAlive: true, rejectUnauthorized: false });
  private readonly timer: NodeJS.Timeout;
  private open = 0;

  constructor(targets: readonly Target[]) {
    this.timer = setInterval(() => {
      for (const target of targets) this.ask(target);
    }, EVERY_MS);
  }

  /** Stops, waits for the answers that are still to come, and says what became of all, by the targets' names. */
  async end(): Promise<Readonly<Record<string, Polled>>> {
    clearInterval(this.timer);
    while (this.open > 0) await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    this.plain.destroy();
    this.secure.destroy();
    const names = [...new Set(this.rows.map(({ name }) => name))];
    return Object.fromEntries(names.map((name) => [name, this.of(name)]));
  }

  private of(name: string): Polled {
    const rows = this.rows.filter((row) => row.name === name);
    const by: Record<string, number> = {};
    for (const { status } of rows) by[status] = (by[status] ?? 0) + 1;
    const failed = rows.filter(({ status }) => !(Number(status) >= 200 && Number(status) < 500));
    const longest = Math.max(0, ...rows.map(({ start, end }) => end - start));
    return { count: rows.length, failed: failed.length, by, longest, stops: stopsOf(failed) };
  }

  private ask(target: Target): void {
    this.open++;
    this.send(target, seconds());
  }

  private send(target: Target, start: number): void {
    const { name, port, path, host, method = "GET" } = target;
    let isOver = false;
    const end = (status: string) => {
      if (isOver) return;
      isOver = true;
      this.open--;
      this.rows.push({ name, status, start, end: seconds() });
    };
    const options = { host: "127.0.0.1", port, path, method, timeout: PATIENCE_MS };
    const sent =
      host === undefined
        ? http({ ...options, agent: this.plain })
        : https({ ...options, agent: this.secure, servername: host, headers: { host } });
    sent.once("response", (answer) => {
      answer.resume();
      answer.once("end", () => end(`${answer.statusCode}`));
      answer.once("error", () => end("cut"));
    });
    sent.once("timeout", () => sent.destroy());
    sent.once("error", (error) => {
      const code = "code" in error ? String(error.code) : error.message;
      // The server closed an idle connection while this was on its way: browsers ask again, and people see nothing.
      if (!isOver && code === "ECONNRESET" && sent.reusedSocket && method === "GET") this.send(target, start);
      else end(code);
    });
    sent.end();
  }
}

function seconds(): number {
  return performance.now() / 1000;
}

/** Seconds for which a server takes requests at most that has been told to stop, and does not answer them. */
const STOPPING = 2;

/** The fewest stops such that each request was under way, or asked, during one of them. */
function stopsOf(rows: readonly Row[]): number {
  let [count, over] = [0, Number.NEGATIVE_INFINITY];
  for (const { start, end } of [...rows].sort((one, other) => one.end - other.end)) {
    if (start <= over) continue;
    over = end + STOPPING;
    count++;
  }
  return count;
}
