import type { EnvVar } from "../construct/env-var";
import { placeholder } from "./caddy/token";
import { ACME_ROOT_FILE, TLS_CERTIFICATE_FILE, TLS_FOLDER, TLS_KEY_FILE } from "./variables";

/** The operator's own certificate and its key: who names the files in the folder. */
export const OWN_CERTIFICATE = { certificate: TLS_CERTIFICATE_FILE, key: TLS_KEY_FILE } as const;

/** Where Caddy's container has the operator's folder. A file alone would stay the old one when it is renewed. */
export const TLS_MOUNT = "/etc/tls";

/** An entry of Caddy's `volumes`: the folder as it is, for reading. Its labels are those of whoever renews the files. */
export const TLS_VOLUME = {
  type: "bind",
  source: `${TLS_FOLDER}`,
  target: TLS_MOUNT,
  read_only: true,
  bind: { create_host_path: false },
} as const;

/** A file of the folder, as a Caddyfile names it. */
export function inTlsFolder(variable: EnvVar): string {
  return `${TLS_MOUNT}/${placeholder(variable)}`;
}

/** A file of the folder, as a Compose file names it. */
export function inTlsMount(variable: EnvVar): string {
  return `${TLS_MOUNT}/${variable}`;
}

/** The variables that name files of the folder. */
export const TLS_FILES: readonly EnvVar[] = [TLS_CERTIFICATE_FILE, TLS_KEY_FILE, ACME_ROOT_FILE];
