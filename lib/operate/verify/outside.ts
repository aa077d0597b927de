import { lookup as lookupHost } from "node:dns";
import type { IncomingMessage } from "node:http";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import type { LookupFunction } from "node:net";
import { asResolved } from "../doctor/host";
import { type OutsideQuestion, releaseFacts } from "../engine/facts";
import type { ProjectModel } from "../engine/model";
import { messageOf, systemCode } from "../error";

/** Milliseconds that an answer may take, to its end: longer than a proxy holds a request while a service starts. */
const PATIENCE_MS = 70_000;
/** Characters of an answer that are looked at. */
const MOST = 1 << 20;
/** From here on a status says that the server failed, and not the question. */
const SERVER_FAILED = 500;

/** What became of one question. */
export interface OutsideAnswer {
  readonly id: string;
  readonly what: string;
  readonly url: string;
  /** Why it is not as it should be. `undefined` when all is well. */
  readonly problem: string | undefined;
}

/**
 * Asks a deployment as its users do: by its names, through its proxy, with TLS. Nothing is changed by it.
 */
export function askOutside(questions: Readonly<Record<string, OutsideQuestion>>): Promise<readonly OutsideAnswer[]> {
  return Promise.all(
    Object.entries(questions).map(async ([id, question]) => {
      const { what, url } = question;
      return { id, what, url, problem: await problemOf(question) };
    }),
  );
}

/** Names of the questions that a deployment answers as it should, by now: what is asked again after a change. */
export async function answeredNow(model: ProjectModel): Promise<string[]> {
  const answers = await askOutside(releaseFacts(model).outside);
  return answers.flatMap(({ id, problem }) => (problem === undefined ? [id] : []));
}

async function problemOf(question: OutsideQuestion): Promise<string | undefined> {
  const { right, wrong = [], contains } = question;
  try {
    const { status, text } = await ask(question);
    if (right?.includes(status) === false) return `answered ${status}, and ${right.join(" or ")} would be right`;
    if (right === undefined && (status >= SERVER_FAILED || wrong.includes(status))) return `answered ${status}`;
    if (contains !== undefined && !text.includes(contains))
      return `the answer does not have ${JSON.stringify(contains)} in it`;
    return undefined;
  } catch (error) {
    return `no answer: ${systemCode(error) ?? messageOf(error)}`;
  }
}

function ask({ url, method, headers, body, ownAuthority }: OutsideQuestion): Promise<{ status: number; text: string }> {
  const isSecure = url.startsWith("https:");
  const options = { method, headers, lookup, agent: false } as const;
  return new Promise((resolve, reject) => {
    const sent = isSecure ? secure(url, { ...options, rejectUnauthorized: !ownAuthority }) : plain(url, options);
    const late = new Error(`no whole answer within ${PATIENCE_MS / 1000} seconds`);
    const timer = setTimeout(() => sent.destroy(late), PATIENCE_MS);
    sent.once("close", () => clearTimeout(timer));
    sent.once("response", (answer: IncomingMessage) => {
      let text = "";
      const end = () => resolve({ status: answer.statusCode ?? 0, text });
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
        if (text.length < MOST) return;
        end();
        sent.destroy();
      });
      answer.once("end", end);
      answer.once("error", reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

const lookup: LookupFunction = (host, options, done) => {
  lookupHost(asResolved(host), options, done);
};
