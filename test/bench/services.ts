import type { ComposeMap } from "../../lib/spec/value";

/** One service with the attributes that LAMB's services have. Every service is an object of its own. */
export function service(index: number): ComposeMap {
  return {
    image: `ghcr.io/lamb-project/lamb:v0.${index}`,
    restart: "unless-stopped",
    init: true,
    environment: {
      LAMB_WEB_HOST: "${LAMB_PUBLIC_BASE_URL:?the address that browsers use}",
      LAMB_BACKEND_HOST: `http://lamb-${index}:9099`,
      LAMB_KB_SERVER: "http://kb:9090",
      LAMB_KB_SERVER_TOKEN: "${LAMB_KB_SERVER_TOKEN:?}",
      OWI_BASE_URL: "http://openwebui:8080",
      OPENAI_API_KEY: "${OPENAI_API_KEY:-}",
      GLOBAL_LOG_LEVEL: "${GLOBAL_LOG_LEVEL:-WARNING}",
      OLLAMA_BASE_URL: null,
    },
    ports: [`127.0.0.1:\${LAMB_PORT_${index}:-9099}:9099`, "9100:9100"],
    volumes: [
      `lamb-data-${index}:/data`,
      { type: "volume", source: "openwebui-data", target: "/owi", read_only: true },
    ],
    networks: { default: { aliases: [`backend-${index}`] } },
    depends_on: { kb: { condition: "service_healthy" }, openwebui: { condition: "service_started", restart: true } },
    healthcheck: {
      test: ["CMD-SHELL", "curl -fsS http://localhost:9099/status || exit 1"],
      interval: "30s",
      timeout: "5s",
      retries: 3,
      start_period: "2m",
      start_interval: "1s",
    },
    stop_grace_period: "30s",
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
    deploy: { resources: { limits: { cpus: "1.5", memory: "2g" } } },
  };
}

/** A document with so many services, and a volume for each. */
export function stack(services: number): ComposeMap {
  const indexes = Array.from({ length: services }, (_, index) => index);
  return {
    name: "next",
    services: Object.fromEntries(indexes.map((index) => [`lamb-${index}`, service(index)])),
    volumes: Object.fromEntries(indexes.map((index) => [`lamb-data-${index}`, null])),
  };
}
