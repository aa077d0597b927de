import type { Files } from "../compose";

/**
 * A deployment written for these tests. It has every defect at once, so that each test can show that it would see its
 * own: what finds nothing in LAMB's files must find something here.
 */
const BASE = `
services:
  lamb:
    image: registry.test/lamb:latest
    build: {context: ., dockerfile: backend/Dockerfile}
    environment:
      PORT: \${LAMB_PORT:-9099}
      LAMB_BACKEND_HOST: http://localhost:9099
      LAMB_WEB_HOST: \${LAMB_WEB_HOST:-http://localhost:9099}
      LAMB_BEARER_TOKEN: \${LAMB_BEARER_TOKEN?needed}
      LAMB_KB_SERVER: http://kb:9090
      LAMB_KB_SERVER_TOKEN: \${LAMB_KB_SERVER_TOKEN:-public}
      LAMB_LIBRARY_TOKEN: \${LAMB_LIBRARY_TOKEN?needed}
      OLLAMA_BASE_URL: \${OLLAMA_BASE_URL:-http://ollama:11434}
      OWI_BASE_URL: http://openwebui:8080
      OWI_PATH: /data/openwebui
    ports: ["9099:9099"]
    volumes: ["lamb-data:/data/lamb", "openwebui-data:/data/openwebui"]
    depends_on:
      kb: {condition: service_started}
      openwebui: {condition: service_healthy}
      library-manager: {condition: service_healthy}
  kb:
    image: registry.test/lamb-kb:latest
    build: {context: ./kb}
    environment:
      PORT: \${KB_PORT:-9090}
      HOME_URL: \${KB_HOME_URL:-http://localhost:9090}
      LAMB_API_KEY: \${LAMB_API_KEY:-public}
      EMBEDDINGS_ENDPOINT: \${EMBEDDINGS_ENDPOINT:-http://ollama:11434}
      FIRECRAWL_API_URL: \${FIRECRAWL_API_URL:-http://host.docker.internal:3002}
    ports: ["9090:9090"]
    volumes: ["kb-data:/app/data"]
  library-manager:
    image: registry.test/lamb-library-manager:latest
    build: {context: ./library-manager}
    environment:
      PORT: \${LIBRARY_MANAGER_PORT:-9091}
      LAMB_API_TOKEN: \${LAMB_LIBRARY_TOKEN?needed}
    healthcheck: {test: ["CMD", "curl", "-sf", "http://localhost:9091/health"]}
  openwebui:
    image: registry.test/openwebui:latest
    build: {context: ./open-webui, args: {USE_CUDA: "\${OWI_USE_CUDA:-false}"}}
    environment:
      PORT: \${OPENWEBUI_PORT:-8080}
      WEBUI_AUTH_TRUSTED_EMAIL_HEADER: \${WEBUI_AUTH_TRUSTED_EMAIL_HEADER:-X-User-Email}
      WEBUI_SECRET_KEY: \${WEBUI_SECRET_KEY:-}
    ports: ["8080:8080"]
    volumes: ["openwebui-data:/app/backend/data"]
    healthcheck: {test: ["CMD", "curl", "-sf", "http://localhost:8080/health"]}
  ollama:
    image: ollama/ollama:latest
    profiles: [ollama]
    ports: ["11434:11434"]
volumes: {lamb-data: , kb-data: , openwebui-data: }
`;

const PROD = `
services:
  caddy:
    image: caddy:2.8
    environment:
      CADDY_EMAIL: \${CADDY_EMAIL:-admin@example.test}
      LAMB_PUBLIC_HOST: \${LAMB_PUBLIC_HOST:-lamb.example.test}
      OWI_PUBLIC_HOST: \${OWI_PUBLIC_HOST:-chat.example.test}
    ports: ["80:80", "443:443"]
    volumes: ["./Caddyfile.next:/etc/caddy/Caddyfile:ro", "caddy-data:/data"]
    depends_on: [lamb, kb, openwebui]
volumes: {caddy-data: }
`;

const GPU = `
services:
  openwebui:
    build: {args: {USE_CUDA: "true"}}
    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: all, capabilities: [gpu]}]}}}
`;

const CADDYFILE = `{
	email {$CADDY_EMAIL}
}

{$LAMB_PUBLIC_HOST} {
	handle /lamb/* {
		uri strip_prefix /lamb
		reverse_proxy lamb:9099
	}
	handle /kb/* {
		uri strip_prefix /kb
		reverse_proxy kb:9090
	}
	@old path /openwebui/*
	redir @old https://{$OWI_PUBLIC_HOST}{uri} 301
	handle {
		reverse_proxy lamb:9099
	}
}

{$OWI_PUBLIC_HOST} {
	reverse_proxy openwebui:8080
}
`;

const TEMPLATE = `# Settings. How to come here from the old stack: Documentation/migrating.md
LAMB_BEARER_TOKEN=CHANGE_ME_strong_random_secret
LAMB_WEB_HOST=http://localhost:9099
# LAMB_PORT=9099
# KB_PORT=9090
# OPENWEBUI_PORT=8080
# KB_HOME_URL=http://localhost:9090
# LAMB_DB_PATH=/data/lamb
# SIGNUP_ENABLED=true
# LAMB_KB_SERVER_TOKEN=change-me
# LAMB_API_KEY=change-me
# OLLAMA_BASE_URL=http://ollama:11434
# EMBEDDINGS_ENDPOINT=http://ollama:11434
# EMBEDDINGS_ENDPOINT=http://ollama:11434/api/embeddings
# FIRECRAWL_API_URL=http://host.docker.internal:3002
# WEBUI_AUTH_TRUSTED_EMAIL_HEADER=X-User-Email
# WEBUI_SECRET_KEY=
# With docker-compose.next.prod.yaml and Caddyfile.next: see LAMB_TLS_MODE
# CADDY_EMAIL=admin@example.test
# LAMB_PUBLIC_HOST=lamb.example.test
# OWI_PUBLIC_HOST=chat.example.test
`;

export const FAULTY: Files = new Map([
  ["docker-compose.next.yaml", BASE],
  ["docker-compose.next.prod.yaml", PROD],
  ["docker-compose.next.gpu.yaml", GPU],
  ["Caddyfile.next", CADDYFILE],
  [".env.next.example", TEMPLATE],
]);

/** What an operator must know to start it all the same. */
export const FAULTY_ENV = { LAMB_LIBRARY_TOKEN: "filled-in" };

export const FAULTY_BASE = ["docker-compose.next.yaml"];
export const FAULTY_PROD = [...FAULTY_BASE, "docker-compose.next.prod.yaml"];
export const FAULTY_GPU = [...FAULTY_BASE, "docker-compose.next.gpu.yaml"];
