import { FORMER_LAMB } from "./former-lamb";
import { LAMB } from "./lamb";

/** What became of a service of older files. */
export interface OldService {
  /** The service that does its work now. @default - none: nothing is left to do */
  readonly now?: string | undefined;
  /** The port at which everybody reached it. @default - none */
  readonly port?: number | undefined;
  /** Why: a sentence about it. */
  readonly reason: string;
}

/** Services of older files that have another name now, or none. */
export const OLD_SERVICES: Readonly<Record<string, OldService>> = {
  [FORMER_LAMB.name]: {
    now: LAMB.name,
    reason:
      "Open WebUI has saved an address with the old name: `lamb-compose init --alias` keeps it for one release, and a migration rewrites it",
  },
  frontend: { port: 5173, reason: "LAMB serves its pages itself" },
  "frontend-build": { reason: "the image of LAMB brings the pages" },
  "openwebui-build": { reason: "the image of Open WebUI brings the pages" },
};
