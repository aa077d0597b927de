import { Healthcheck } from "../../construct/healthcheck";
import type { ServiceFacts } from "./service";

const ADMIN = 2019;

/**
 * The proxy that faces the world.
 */
export const CADDY: ServiceFacts<"data" | "config"> = {
  name: "caddy",
  program: "Caddy",
  is: "the public entry: TLS, and which request goes where",
  image: "caddy",
  tag: "2.10.2-alpine",
  port: ADMIN,
  probe: Healthcheck.wget(`http://127.0.0.1:${ADMIN}/config/`),
  folders: {
    data: {
      path: "/data",
      holds: "the certificates",
      volume: "caddy-data",
      loss: "made",
      stores: [
        {
          path: ".",
          holds: "certificates, the account at their authority, and an authority of one's own",
          copy: "files",
        },
      ],
    },
    config: {
      path: "/config",
      holds: "the last configuration",
      volume: "caddy-config",
      loss: "nothing",
      stores: [{ path: ".", holds: "the last configuration", copy: "none" }],
    },
  },
  environment: {},
  talksTo: ["lamb", "kb", "openwebui"],
  waitsFor: ["lamb"],
};
