import { bench, describe } from "vitest";
import { validate } from "../../lib/spec";
import { specification } from "../../schema/load";
import { compile } from "./judges";

/** A document of so many services as a program writes them. */
function services(count: number): unknown {
  const service = (index: number) => ({
    image: "ghcr.io/example/app:1.2.3",
    environment: { HOST: "0.0.0.0", PORT: "80", TOKEN: "${TOKEN:?}" },
    ports: [{ target: 80, published: String(index), host_ip: "127.0.0.1" }],
    volumes: [{ type: "volume", source: "data", target: "/data" }],
    healthcheck: { test: ["CMD", "curl", "-f", "http://localhost"], interval: "30s", start_interval: "1s" },
    depends_on: { [`s${index - 1}`]: { condition: "service_healthy" } },
    restart: "unless-stopped",
  });
  return { services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`s${index}`, service(index)])) };
}

const uncompiled = compile(specification());

describe.each([10, 1_000, 10_000])("%i services", (count) => {
  const document = services(count);
  bench("validate", () => void validate(document));
  bench("ajv with the schema as it is", () => void uncompiled(document));
});
