import { addressReachable } from "../../../lib/policy/rules/address-reachable";
import { describeRule, type Program } from "../support";

const asks = (url: string, more: object = {}, others: Program["services"] = {}, topLevel = {}): Program => ({
  services: { web: { environment: { API: url }, ...more }, ...others },
  topLevel,
});
const AT = ["next/web", "services.web.environment.API"] as [string, string];
const networks = { one: null, two: null };

describeRule(addressReachable, {
  breaks: [
    ["a name that nobody has", asks("http://db:80"), AT],
    ["a default that nobody has", asks("${API:-http://db:80/x}"), AT],
    [
      "a service on other networks",
      asks("http://db", { networks: ["one"] }, { db: { networks: ["two"] } }, { networks }),
      AT,
    ],
    // `docker compose config` gives it no network of the project.
    ["a service in the engine's own bridge", asks("http://db", {}, { db: { network_mode: "bridge" } }), AT],
    [
      "a service that one of its profiles does not start",
      asks("http://db", { profiles: ["db", "other"] }, { db: { profiles: ["db"] } }),
      AT,
    ],
    ["a service that only a profile starts", asks("http://db", {}, { db: { profiles: ["db"] } }), AT],
    ["the host, on Linux", asks("http://host.docker.internal:3002"), AT],
    ["a database behind a user", asks("postgres://me@db/x"), AT],
    [
      "an overlay that parts them",
      {
        ...asks("http://db", { networks: ["one"] }, { db: { networks: ["one"] } }, { networks }),
        overlay: { web: { environment: { API: "http://nowhere" } } },
      },
      ["next/later/web", "services.web.environment.API"],
    ],
  ],
  holds: [
    ["a service", asks("http://db:80", {}, { db: {} })],
    ["itself", asks("http://web")],
    ["buckets, and a file", asks("s3://uploads gs://uploads file://uploads/x")],
    [
      "a host on a network of other projects",
      asks("http://store", { networks: ["one"] }, {}, { networks: { one: { external: true } } }),
    ],
    [
      "an alias",
      asks("http://store", { networks: ["one"] }, { db: { networks: { one: { aliases: ["store"] } } } }, { networks }),
    ],
    [
      "a name of its own for a service",
      asks("http://store", { links: ["db:store"], depends_on: { db: { condition: "service_healthy" } } }, { db: {} }),
    ],
    ["the internet", asks("https://api.openai.com/v1")],
    ["its own container", asks("http://localhost:80")],
    [
      "the host, when it is said where it is",
      asks("http://host.docker.internal", { extra_hosts: ["host.docker.internal:host-gateway"] }),
    ],
    [
      "the same as a mapping",
      asks("http://host.docker.internal", { extra_hosts: { "host.docker.internal": "host-gateway" } }),
    ],
    [
      "a service of a profile that it can do without",
      asks(
        "http://db",
        { depends_on: { db: { condition: "service_healthy", required: false } } },
        { db: { profiles: ["db"] } },
      ),
    ],
    ["a service of the same profile", asks("http://db", { profiles: ["db"] }, { db: { profiles: ["db"] } })],
    ["a host that Compose demands", asks("http://${DB_HOST:?}:80")],
    ["an address that Compose demands", asks("${DB_URL:?}")],
    ["a host that the container is told of", asks("http://db:80", { extra_hosts: ["db:10.0.0.5"] })],
  ],
});
