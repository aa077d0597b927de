import { TLS_CERTIFICATE_FILE, TLS_KEY_FILE } from "./variables";

/** The operator's own certificate and its key: the secrets through which Caddy reads them, and who names the files. */
export const OWN_CERTIFICATE = {
  certificate: { secret: "tls-certificate", variable: TLS_CERTIFICATE_FILE },
  key: { secret: "tls-key", variable: TLS_KEY_FILE },
} as const;
