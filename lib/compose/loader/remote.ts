import { ComposeError } from "../error";
import type { Origin } from "../tree/node";

/** What Docker Compose fetches: an artifact of a registry, or a git repository. */
const REMOTE = /^(?:oci:\/\/|https?:\/\/|git:\/\/|ssh:\/\/|git@|github\.com\/)/;

/** Whether Docker Compose would fetch a file from elsewhere. */
export function isRemote(path: string): boolean {
  return REMOTE.test(path);
}

/** The path of a file on this disk. @throws ComposeError `remote` for one that Docker Compose would fetch */
export function localPath(path: string, origin?: Origin): string {
  if (!isRemote(path)) return path;
  const advice = `fetch it first: \`docker compose -f ${path} config --no-interpolate > compose.yaml\``;
  throw new ComposeError("remote", `${path} is on another machine, and nothing is fetched here: ${advice}`, origin);
}
