import { spawn } from "node:child_process";
import { systemCode } from "../error";
import type { Credentials, Environment } from "./docker-config";
import { loginTo } from "./host";
import { problem, type Question } from "./problems";

/** A program that asks a person for a password waits for them. */
const PATIENCE_MS = 60_000;
const NAME = /^[\w.-]+$/;
/** What a helper says in place of a user's name when it gives a token. */
const TOKEN_USER = "<token>";
/** How helpers say that they know nothing of a registry, which is no failure. */
const NOTHING = /credentials not found/i;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/**
 * Asks a credential helper, `docker-credential-NAME get`, for the credentials of a registry.
 *
 * @throws OperateError `credential-helper`, without a word of what the program wrote: it may be a password
 */
export async function askHelper(
  question: Question,
  name: string,
  key: string,
  environment: Environment,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const login = loginTo(question.host);
  const failed = (reason: string, fix: string) =>
    problem("credential-helper", question, `${program}, which Docker's config.json names, ${reason}`, fix);
  if (!NAME.test(name)) throw failed("is no name of a program", "correct credsStore or credHelpers in config.json");
  let ended: Ended;
  try {
    ended = await run(program, key, environment);
  } catch (error) {
    if (systemCode(error) === "ENOENT") {
      throw failed("is not on the PATH", `install it, or take it out of config.json and run \`${login}\` again`);
    }
    throw failed(`cannot be started (${systemCode(error) ?? "unknown"})`, `try \`${program} list\``);
  }
  if (ended.code !== 0) {
    if (NOTHING.test(ended.output)) return undefined;
    const how = ended.code === null ? "did not end in time" : `ended with ${ended.code}`;
    throw failed(how, `try \`${program} list\`, and run \`${login}\` again`);
  }
  const found = credentialsIn(ended.output);
  if (found === undefined) throw failed("gave no credentials that can be read", `run \`${login}\` again`);
  return found.password === "" ? undefined : asCredentials(found);
}

function asCredentials({ user, password }: { readonly user: string; readonly password: string }): Credentials {
  return user === TOKEN_USER ? { kind: "identity", token: password } : { kind: "password", user, password };
}

function credentialsIn(output: string): { readonly user: string; readonly password: string } | undefined {
  let data: unknown;
  try {
    data = JSON.parse(output);
  } catch {
    return undefined;
  }
  if (typeof data !== "object" || data === null) return undefined;
  const user: unknown = Reflect.get(data, "Username");
  const password: unknown = Reflect.get(data, "Secret");
  return typeof user === "string" && typeof password === "string" ? { user, password } : undefined;
}

/** Runs the program with the key on its standard input. What it says beside its answer goes nowhere. */
function run(program: string, input: string, environment: Environment): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], {
      env: { ...environment },
      stdio: ["pipe", "pipe", "ignore"],
      timeout: PATIENCE_MS,
    });
    const parts: Uint8Array[] = [];
    child.stdout.on("data", (part: Uint8Array) => parts.push(part));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: Buffer.concat(parts).toString("utf8") }));
    // A program that ends without reading is judged by how it ends.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
