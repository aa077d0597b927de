import { spawn } from "node:child_process";
import type { Environment } from "../../env/file";
import { objectIn } from "../../spec/json";
import { systemCode } from "../error";
import type { Credentials } from "./docker-config";
import { loginTo } from "./host";
import { problem, type RegistryRequest } from "./problems";

/** A program that asks a person for a password waits for them. */
const TIMEOUT_MS = 60_000;
/** Credentials are short; a program that writes more writes something else. */
const MAX_OUTPUT_BYTES = 256 * 2 ** 10;
const NAME = /^[\w.-]+$/;
/** What a helper says in place of a user's name when it gives a token. */
const TOKEN_USER = "<token>";
/** How helpers say that they know nothing of a registry, which is no failure. */
const NOTHING = /credentials not found/i;

type Ended =
  | { readonly code: number | null; readonly output: string }
  /** It was ended, with everything that it started: `how` says why. */
  | { readonly stopped: string };

/**
 * Asks a credential helper, `docker-credential-NAME get`, for the credentials of a registry.
 *
 * @throws OperateError `credential-helper`, without a word of what the program wrote: it may be a password
 */
export async function askHelper(
  asked: RegistryRequest,
  name: string,
  key: string,
  environment: Environment,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const login = loginTo(asked.host);
  const failed = (reason: string, fix: string) =>
    problem("credential-helper", asked, `${program}, which Docker's config.json names, ${reason}`, fix);
  if (!NAME.test(name))
    throw failed("is not the name of a program", "correct credsStore or credHelpers in config.json");
  let ended: Ended;
  try {
    ended = await run(program, key, environment, timeoutMs);
  } catch (error) {
    if (systemCode(error) === "ENOENT") {
      throw failed("is not on the PATH", `install it, or take it out of config.json and run \`${login}\` again`);
    }
    throw failed(`cannot be started (${systemCode(error) ?? "unknown"})`, `try \`${program} list\``);
  }
  if ("stopped" in ended) throw failed(ended.stopped, `try \`${program} list\`, and run \`${login}\` again`);
  if (ended.code !== 0) {
    if (NOTHING.test(ended.output)) return undefined;
    throw failed(`ended with ${ended.code ?? "a signal"}`, `try \`${program} list\`, and run \`${login}\` again`);
  }
  const found = credentialsIn(ended.output);
  if (found === undefined) throw failed("gave no credentials that can be read", `run \`${login}\` again`);
  return found.password === "" ? undefined : asCredentials(found);
}

function asCredentials({ user, password }: { readonly user: string; readonly password: string }): Credentials {
  return user === TOKEN_USER ? { kind: "identity", token: password } : { kind: "password", user, password };
}

function credentialsIn(output: string): { readonly user: string; readonly password: string } | undefined {
  const { Username: user, Secret: password } = objectIn(output) ?? {};
  return typeof user === "string" && typeof password === "string" ? { user, password } : undefined;
}

/**
 * Runs the program with the key on its standard input. What it says beside its answer goes nowhere. It leads a process
 * group of its own, so that what it started ends with it.
 */
function run(program: string, input: string, environment: Environment, timeoutMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], {
      env: { ...environment },
      stdio: ["pipe", "pipe", "ignore"],
      detached: true,
    });
    const parts: Uint8Array[] = [];
    let size = 0;
    const finish = (ended: Ended): void => {
      clearTimeout(timer);
      endGroup(child.pid);
      child.stdout.destroy();
      resolve(ended);
    };
    const timer = setTimeout(() => finish({ stopped: "did not end in time" }), timeoutMs);
    child.stdout.on("data", (part: Uint8Array) => {
      size += part.byteLength;
      if (size > MAX_OUTPUT_BYTES) finish({ stopped: "writes more than credentials" });
      else parts.push(part);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code) => finish({ code, output: Buffer.concat(parts).toString("utf8") }));
    // A program that ends without reading is judged by how it ends.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** Ends all processes of a group that are still there. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    if (systemCode(error) !== "ESRCH") throw error;
  }
}
