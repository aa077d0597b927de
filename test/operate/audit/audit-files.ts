import type { Finding } from "lamb-compose";
import { audit } from "../../../lib/operate/audit/audit";

/** Plain data. In a patch, `undefined` takes away. */
type Data = string | number | boolean | null | undefined | readonly Data[] | { readonly [key: string]: Data };

/** What every service here has. */
const HARD = {
  restart: "unless-stopped",
  stop_grace_period: "30s",
  security_opt: ["no-new-privileges:true"],
  cap_drop: ["ALL"],
  pids_limit: 500,
  logging: { driver: "json-file", options: { "max-size": "10m" } },
};

const healthy = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, { condition: "service_healthy" }]));
const demanded = (...names: string[]) => Object.fromEntries(names.map((name) => [name, `\${${name}:?set it}`]));

/** A deployment of LAMB, written by hand, in which nothing is wrong. */
const BASE: Data = {
  services: {
    lamb: {
      ...HARD,
      image: "ghcr.io/lamb-project/lamb:${LAMB_VERSION:-v0.7}",
      environment: {
        ...demanded("LAMB_BEARER_TOKEN", "LAMB_JWT_SECRET", "SIGNUP_SECRET_KEY", "LTI_SECRET", "OWI_ADMIN_PASSWORD"),
        ...demanded("LAMB_KB_SERVER_TOKEN", "LAMB_LIBRARY_TOKEN", "OWI_ADMIN_EMAIL"),
        LAMB_WEB_HOST: "${LAMB_WEB_HOST:-http://localhost:9099}",
        LAMB_BACKEND_HOST: "http://localhost:9099",
        LAMB_DB_PATH: "/data/lamb",
        LAMB_KB_SERVER: "http://kb:9090",
        LAMB_LIBRARY_SERVER: "http://library-manager:9091",
        OPENAI_API_KEY: "${OPENAI_API_KEY:-}",
        OPENAI_BASE_URL: "https://api.openai.com/v1",
        OPENAI_MODEL: "gpt-4o-mini",
        OLLAMA_ENABLED: "false",
        OWI_PATH: "/data/openwebui",
        OWI_BASE_URL: "http://openwebui:8080",
        OWI_PUBLIC_BASE_URL: "${OWI_PUBLIC_BASE_URL:-http://localhost:8080}",
        OWI_ADMIN_NAME: "Admin",
      },
      healthcheck: { test: ["CMD", "python", "-c", "import sqlite3  # asks both databases, and /status"] },
      ports: ["127.0.0.1:9099:9099"],
      volumes: ["lamb-data:/data/lamb", "lamb-static:/app/backend/static/public", "openwebui-data:/data/openwebui"],
      depends_on: healthy("kb", "openwebui", "library-manager"),
      networks: ["asks", "chats", "library"],
    },
    kb: {
      ...HARD,
      image: "ghcr.io/lamb-project/lamb-kb:${LAMB_VERSION:-v0.7}",
      environment: {
        LAMB_API_KEY: "${LAMB_KB_SERVER_TOKEN:?set it}",
        HOME_URL: "${KB_HOME_URL:-http://localhost:9090}",
        EMBEDDINGS_ENDPOINT: "https://api.openai.com/v1/embeddings",
        FIRECRAWL_API_URL: "http://host.docker.internal:3002",
      },
      extra_hosts: ["host.docker.internal:host-gateway"],
      healthcheck: { test: "curl -fsS -H @/tmp/key http://127.0.0.1:9090/database/status" },
      ports: [{ target: 9090, published: "9090", host_ip: "127.0.0.1" }],
      volumes: ["kb-data:/app/backend/data", "kb-static:/app/backend/static"],
      networks: ["asks"],
    },
    "library-manager": {
      ...HARD,
      image: "ghcr.io/lamb-project/lamb-library-manager:${LAMB_VERSION:-v0.7}",
      environment: ["LAMB_API_TOKEN=${LAMB_LIBRARY_TOKEN:?set it}", "DATA_DIR=/app/data"],
      read_only: true,
      healthcheck: { test: ["CMD-SHELL", "curl -fsS http://127.0.0.1:9091/health | grep -q ok"] },
      volumes: ["library-manager-data:/app/data"],
      networks: { library: null },
    },
    openwebui: {
      ...HARD,
      read_only: true,
      tmpfs: ["/tmp:size=1g"],
      image: "ghcr.io/lamb-project/openwebui:${LAMB_VERSION:-v0.7}",
      environment: {
        ...demanded("WEBUI_SECRET_KEY"),
        WEBUI_AUTH_TRUSTED_EMAIL_HEADER: "X-User-Email",
        WEBUI_AUTH_TRUSTED_NAME_HEADER: "X-User-Name",
        ENABLE_SIGNUP: "false",
        OPENAI_API_BASE_URLS: "http://lamb:9099/v1",
        OPENAI_API_KEYS: "${LAMB_BEARER_TOKEN:?set it}",
      },
      healthcheck: {
        test: [
          "CMD",
          "python",
          "-c",
          "import sqlite3; sqlite3.connect('/app/backend/data/webui.db').execute('SELECT 1 FROM user')",
        ],
      },
      volumes: ["openwebui-data:/app/backend/data"],
      networks: ["chats"],
    },
  },
  networks: { asks: null, chats: null, library: null },
  volumes: Object.fromEntries(
    ["lamb-data", "lamb-static", "kb-data", "kb-static", "library-manager-data", "openwebui-data"].map((name) => [
      name,
      null,
    ]),
  ),
};

const PROD: Data = {
  services: {
    lamb: {
      environment: {
        LAMB_WEB_HOST: "https://${LAMB_PUBLIC_HOST:?set it}",
        OWI_PUBLIC_BASE_URL: "https://${OWI_PUBLIC_HOST:?set it}",
      },
      networks: ["edge-lamb"],
    },
    kb: { environment: { HOME_URL: "https://${LAMB_PUBLIC_HOST:?set it}/kb" }, networks: ["edge-kb"] },
    openwebui: { networks: ["edge-openwebui"] },
    caddy: {
      ...HARD,
      image: "caddy:2.10.2-alpine",
      cap_add: ["NET_BIND_SERVICE"],
      environment: demanded("LAMB_PUBLIC_HOST", "OWI_PUBLIC_HOST", "CADDY_EMAIL"),
      read_only: true,
      healthcheck: { test: ["CMD", "wget", "-qO-", "http://127.0.0.1:2019/config/"] },
      ports: ["80:80", "443:443", "443:443/udp"],
      configs: [{ source: "caddyfile", target: "/etc/caddy/Caddyfile" }],
      volumes: ["caddy-data:/data"],
      depends_on: healthy("lamb", "kb", "openwebui"),
      networks: ["edge-lamb", "edge-kb", "edge-openwebui"],
    },
  },
  configs: { caddyfile: { file: "./Caddyfile" } },
  networks: { "edge-lamb": null, "edge-kb": null, "edge-openwebui": null },
  volumes: { "caddy-data": null },
};

const TEMPLATE = `\
# Fill in what is empty.
LAMB_BEARER_TOKEN=
LAMB_JWT_SECRET=
SIGNUP_SECRET_KEY=
LTI_SECRET=
OWI_ADMIN_PASSWORD=
OWI_ADMIN_EMAIL=
LAMB_KB_SERVER_TOKEN=
LAMB_LIBRARY_TOKEN=
WEBUI_SECRET_KEY=
LAMB_PUBLIC_HOST=
OWI_PUBLIC_HOST=
CADDY_EMAIL=
# LAMB_VERSION=v0.7
# LAMB_WEB_HOST=http://localhost:9099
# OWI_PUBLIC_BASE_URL=http://localhost:8080
# KB_HOME_URL=http://localhost:9090
# OPENAI_API_KEY=
COMPOSE_FILE=docker-compose.yaml:docker-compose.prod.yaml
`;

const CADDYFILE = `\
{
	email {$CADDY_EMAIL}
}

(common) {
	request_body {
		max_size 500MB
	}
	header Strict-Transport-Security max-age=31536000
	header {
		X-Content-Type-Options nosniff
	}
}

{$LAMB_PUBLIC_HOST} {
	import common
	@described path /docs /redoc /openapi.json
	respond @described 404
	handle /kb/static/* {
		uri strip_prefix /kb
		reverse_proxy kb:9090
	}
	handle /openwebui/* {
		uri strip_prefix /openwebui
		redir https://{$OWI_PUBLIC_HOST}{uri} 308
	}
	handle {
		reverse_proxy lamb:9099
	}
}

{$OWI_PUBLIC_HOST} {
	import common
	request_header -X-User-Email
	request_header -X-User-Name
	reverse_proxy openwebui:8080
}
`;

/** What is different from the files in which nothing is wrong. */
export interface Changes {
  readonly base?: Data;
  readonly prod?: Data;
  /** A file over both. */
  readonly gpu?: Data;
  readonly template?: (text: string) => string;
  readonly caddyfile?: (text: string) => string;
}

/** The files with changes: mappings are merged, anything else takes the place of what is there. */
export function filesWith({ base, prod, gpu, template = (text) => text, caddyfile = (text) => text }: Changes = {}) {
  const compose = (path: string, data: Data) => ({ path, text: JSON.stringify(data, null, 2) });
  return [
    compose("docker-compose.yaml", patched(BASE, base ?? {})),
    compose("docker-compose.prod.yaml", patched(PROD, prod ?? {})),
    ...(gpu === undefined ? [] : [compose("docker-compose.gpu.yaml", gpu)]),
    { path: ".env.example", text: template(TEMPLATE) },
    { path: "Caddyfile", text: caddyfile(CADDYFILE) },
  ];
}

/** Whether somebody should do something about it. */
export function isOpen({ severity }: Finding): boolean {
  return severity !== "suppressed";
}

/** Code and place of what an audit finds in the files with changes. */
export function foundWith(changes: Changes = {}): readonly string[] {
  return audit(filesWith(changes))
    .filter(isOpen)
    .map(({ code, path, value }) => `${code} ${path ?? value}`);
}

function isData(data: Data): data is { readonly [key: string]: Data } {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function patched(data: Data, patch: Data): Data {
  if (!isData(patch) || !isData(data)) return patch;
  const result: { [key: string]: Data } = { ...data };
  for (const [key, change] of Object.entries(patch)) result[key] = patched(data[key], change);
  return result;
}
