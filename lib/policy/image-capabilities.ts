import { imageReference } from "../construct/image/reference";
import type { ImageFact } from "./image-facts";

/** What an image cannot start without. */
export interface NeededCapabilities {
  /** Without `CAP_`, as `cap_add` takes them. */
  readonly capabilities: readonly string[];
  /** What it does with them: the end of a sentence that begins with the image. */
  readonly use: string;
  /** Whether it needs them as another user than root, too. */
  readonly asAnyUser?: boolean;
}

/** A capability as `cap_add` and `cap_drop` take it in any spelling, in the one of the tables. */
export function capabilityOf(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, "");
}

/** As root it gives its data to its own user, folders that only that user may enter included, and goes on as that user. */
const GIVES_DATA_AWAY: NeededCapabilities = {
  capabilities: ["CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"],
  use: "gives its data to its own user and goes on as that user",
};

const HAS_WORKERS: NeededCapabilities = {
  capabilities: ["SETGID", "SETUID"],
  use: "starts its workers as another user",
};

/**
 * What well-known images need when all capabilities are dropped, from their public Dockerfiles and entrypoints. What
 * runs as a user of its own from the start, or stays root and changes nothing, needs none and is not here: haproxy since
 * 2.4, memcached, traefik, minio, elasticsearch since 8, whose Dockerfile ends with `USER`. No program needs
 * NET_BIND_SERVICE to listen at 80: in a container every port is free for all.
 */
export const IMAGE_CAPABILITIES: readonly ImageFact<NeededCapabilities>[] = [
  {
    // Redis since 8 stays root where it may not change its user, and then cannot write into the folder of that user.
    image: isOneOf("postgres", "mysql", "mariadb", "redis", "valkey/valkey", "mongo", "rabbitmq"),
    facts: [GIVES_DATA_AWAY],
  },
  {
    // The entrypoint changes nothing: nginx itself gives its folders for bodies and caches away when it starts as root.
    image: isOneOf("nginx"),
    facts: [
      { capabilities: ["CHOWN", "SETGID", "SETUID"], use: "gives its caches to its workers, which are another user" },
    ],
  },
  // Starts as root, and `User www-data` of its configuration makes the workers another user.
  { image: isOneOf("httpd"), facts: [HAS_WORKERS] },
  {
    image: isOneOf("caddy"),
    facts: [
      {
        capabilities: ["NET_BIND_SERVICE"],
        use: "is a file that the kernel runs only with that right",
        asAnyUser: true,
      },
    ],
  },
];

/** Whether an image is one of these of Docker Hub, from there or from a mirror that keeps the paths. */
export function isOneOf(...names: readonly string[]): (repository: string) => boolean {
  const paths = names.map((name) => (name.includes("/") ? `/${name}` : `/library/${name}`));
  return (repository) => {
    const { registry, path } = imageReference(repository) ?? { registry: "", path: repository };
    return paths.some((wanted) => `/${registry}/${path}`.endsWith(wanted));
  };
}
