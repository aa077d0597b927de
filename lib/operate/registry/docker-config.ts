import { homedir } from "node:os";
import { join } from "node:path";
import { withoutEnd } from "../../compose/tree/gotext";
import { FileError } from "../../disk/error";
import { readText } from "../../disk/read-file";
import type { Environment } from "../../env/file";
import { isObject, parsedJson } from "../../spec/json";
import { messageOf, OperateError } from "../error";

/** What proves to a registry who asks. */
export type Credentials =
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  /** Is exchanged for tokens at the registry's token service. */
  | { readonly kind: "identity"; readonly token: string }
  /** Is shown to the registry itself. */
  | { readonly kind: "bearer"; readonly token: string };

/** What `docker login` keeps, and where it keeps the rest. */
export interface DockerConfig {
  readonly path: string;
  /** Key of a registry → what the file says of it. */
  readonly auths: ReadonlyMap<string, unknown>;
  /** Key of a registry → name of the program that keeps its credentials. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Name of the program that keeps all others. */
  readonly store: string | undefined;
}

/**
 * Reads Docker's configuration: `config.json` in `$DOCKER_CONFIG`, or in `~/.docker`. There need not be one.
 *
 * @throws OperateError `bad-docker-config`, without a word of what is in the file
 */
export async function readDockerConfig(environment: Environment): Promise<DockerConfig> {
  const { DOCKER_CONFIG = "" } = environment;
  const path = join(DOCKER_CONFIG === "" ? join(homedir(), ".docker") : DOCKER_CONFIG, "config.json");
  let text: string;
  try {
    text = (await readText(path)) ?? "{}";
  } catch (error) {
    throw badConfig(path, error instanceof FileError ? error.reason : messageOf(error));
  }
  const data = objectIn(text, path);
  const { auths, credHelpers, credsStore } = data;
  const helpers = Object.entries(isObject(credHelpers) ? credHelpers : {});
  return {
    path,
    auths: new Map(Object.entries(isObject(auths) ? auths : {})),
    helpers: new Map(helpers.flatMap(([key, name]) => (typeof name === "string" && name !== "" ? [[key, name]] : []))),
    store: typeof credsStore === "string" && credsStore !== "" ? credsStore : undefined,
  };
}

/**
 * The credentials in an entry of `auths`. `undefined` for one that only says that there was a log-in.
 *
 * @throws OperateError `bad-docker-config`
 */
export function credentialsOf(entry: unknown, { path }: DockerConfig, key: string): Credentials | undefined {
  const { auth, username, password, identitytoken, registrytoken } = isObject(entry) ? entry : {};
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const [identity, bearer] = [text(identitytoken), text(registrytoken)];
  if (bearer !== undefined && !isToken(bearer))
    throw badConfig(path, `has an entry for ${key} whose token is not valid`);
  if (bearer !== undefined) return { kind: "bearer", token: bearer };
  if (identity !== undefined) return { kind: "identity", token: identity };
  if (text(auth) === undefined) {
    const [user, secret] = [text(username), text(password)];
    return user === undefined || secret === undefined ? undefined : { kind: "password", user, password: secret };
  }
  const decoded = Buffer.from(text(auth) ?? "", "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  if (colon <= 0) throw badConfig(path, `has an entry for ${key} that is not base64 of user:password`);
  // Docker pads what it keeps with zeros at times.
  return { kind: "password", user: decoded.slice(0, colon), password: withoutEnd(decoded.slice(colon + 1), "\0") };
}

/** Whether a text can stand in a header. The error for one that cannot would show it. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

function objectIn(text: string, path: string): Readonly<Record<string, unknown>> {
  const data = parsedJson(text);
  if (data === undefined) throw badConfig(path, "is not JSON");
  if (!isObject(data)) throw badConfig(path, "is not a JSON object");
  return data;
}

function badConfig(path: string, reason: string): OperateError {
  const fix = "correct it, or name the folder of another one in DOCKER_CONFIG";
  return new OperateError({ code: "bad-docker-config", path, reason, fix });
}
