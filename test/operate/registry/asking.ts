import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImageReference, imageReference } from "../../../lib/construct/image/reference";
import { OperateError } from "../../../lib/operate/error";
import { RegistryClient } from "../../../lib/operate/registry/client";
import type { RetryPolicy } from "../../../lib/operate/registry/send";

/** Does not wait for what a test does on purpose. */
export const HASTY: RetryPolicy = { timeout: 1500, pauses: [5, 5] };

const folders: string[] = [];

/** A folder with Docker's configuration. */
export function dockerConfig(config: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), "lamb-compose-docker-"));
  folders.push(folder);
  writeFileSync(join(folder, "config.json"), typeof config === "string" ? config : JSON.stringify(config));
  return folder;
}

export function removeConfigs(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** A client that knows the credentials of a configuration, and no others. */
export function clientWith(
  config: unknown = {},
  more: { PATH?: string; retryPolicy?: RetryPolicy } = {},
): RegistryClient {
  const { PATH = process.env.PATH, retryPolicy = HASTY } = more;
  return new RegistryClient({ environment: { DOCKER_CONFIG: dockerConfig(config), PATH }, retryPolicy });
}

export function named(text: string): ImageReference {
  const reference = imageReference(text);
  if (reference === undefined) throw new Error(`${text} is no name of an image`);
  return reference;
}

/** The error that something ends with. */
export async function errorOf(work: Promise<unknown>): Promise<OperateError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof OperateError) return error;
    throw error;
  }
  throw new Error("no error");
}

/** `docker login`'s entry for a password. */
export function auth(user: string, password: string): { readonly auth: string } {
  return { auth: Buffer.from(`${user}:${password}`).toString("base64") };
}
