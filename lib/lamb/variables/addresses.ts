import type { DistinctFrom } from "../../construct/env-distinct";
import type { EnvVar } from "../../construct/env-var";
import { type Details, group, port, url } from "./kinds";

const ports = group("Ports on this host");
const otherPort = (variable: EnvVar): DistinctFrom => {
  return { variable, as: "number", reason: "one port of the host leads to one service" };
};
export const LAMB_PORT = ports("LAMB_PORT", "port of LAMB on 127.0.0.1", { default: 9099, type: port });
export const KB_PORT = ports("KB_PORT", "port of the knowledge base on 127.0.0.1", {
  default: 9090,
  type: port,
  distinctFrom: [otherPort(LAMB_PORT)],
});
export const OPENWEBUI_PORT = ports("OPENWEBUI_PORT", "port of Open WebUI on 127.0.0.1", {
  default: 8080,
  type: port,
  distinctFrom: [otherPort(LAMB_PORT), otherPort(KB_PORT)],
});

const addresses = group("Addresses that browsers use");
export const LAMB_WEB_HOST = addresses("LAMB_WEB_HOST", "address of LAMB", {
  default: `http://localhost:${LAMB_PORT}`,
  type: url,
  formerNames: ["PIPELINES_HOST"],
});
export const OWI_PUBLIC_BASE_URL = addresses("OWI_PUBLIC_BASE_URL", "address of Open WebUI", {
  default: `http://localhost:${OPENWEBUI_PORT}`,
  type: url,
  distinctFrom: [
    { variable: LAMB_WEB_HOST, as: "origin", reason: "browsers would find LAMB where they look for Open WebUI" },
  ],
});
export const LAMB_PUBLIC_BASE_URL = addresses(
  "LAMB_PUBLIC_BASE_URL",
  "address of LAMB in LTI redirects, when it is not the one that a request came to",
  { type: url },
);
export const KB_HOME_URL = addresses("KB_HOME_URL", "address before /static/… of the knowledge base's files", {
  default: `http://localhost:${KB_PORT}`,
  type: url,
  formerNames: ["HOME_URL"],
});

const publicName = group("Public names");
const hostName: Details["type"] = (z) =>
  z
    .hostname("must be a host name alone, without a port, such as lamb.uni.edu")
    .refine((text) => text.includes("."), "must be a full name, with the domain")
    // Caddy takes the name with a dot for another one than the one that browsers ask for.
    .refine((text) => !text.endsWith("."), "must have no dot at its end");
export const LAMB_PUBLIC_HOST = publicName("LAMB_PUBLIC_HOST", "host name under which people reach LAMB", {
  required: true,
  example: "lamb.campus.example",
  refused: ["lamb.yourdomain.com"],
  type: hostName,
});
export const OWI_PUBLIC_HOST = publicName(
  "OWI_PUBLIC_HOST",
  "host name under which people reach Open WebUI, the chat",
  {
    required: true,
    example: "chat.campus.example",
    refused: ["owi.lamb.yourdomain.com"],
    type: hostName,
    distinctFrom: [
      {
        variable: LAMB_PUBLIC_HOST,
        as: "host",
        reason: "Caddy tells LAMB and Open WebUI apart by their names, and does not start with two sites of one name",
      },
    ],
  },
);
export const CADDY_EMAIL = publicName("CADDY_EMAIL", "e-mail address to which the certificate authority writes", {
  required: true,
  example: "it@campus.example",
  refused: ["admin@yourdomain.com"],
  type: (z) => z.email(),
});
/** The container sees the folder and nothing else of the host, and a Caddyfile ends a word at a space. */
const inFolder: Details["type"] = (z) =>
  z
    .string()
    .regex(/^[^\s"'`{}#\\]*$/, "must have no spaces, quotes, braces, # or backslashes")
    .refine(
      (text) => !/^\/|(^|\/)\.\.(\/|$)/.test(text),
      "must be a path in TLS_FOLDER: without / at its beginning, and without ..",
    );
export const TLS_FOLDER = publicName(
  "TLS_FOLDER",
  "folder on this host that Caddy sees, with the files of certificates and all that links in it lead to",
  { required: true, example: "./certs" },
);
export const TLS_CERTIFICATE_FILE = publicName(
  "TLS_CERTIFICATE_FILE",
  "file in TLS_FOLDER with the certificate for both names and its chain, PEM",
  { default: "fullchain.pem", type: inFolder },
);
export const TLS_KEY_FILE = publicName("TLS_KEY_FILE", "file in TLS_FOLDER with the certificate's private key, PEM", {
  default: "privkey.pem",
  type: inFolder,
});
export const ACME_ROOT_FILE = publicName(
  "ACME_ROOT_FILE",
  "file in TLS_FOLDER with the root certificate of the authority that gives the certificates, PEM",
  { default: "root.pem", type: inFolder },
);
