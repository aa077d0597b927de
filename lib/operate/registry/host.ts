import { DOCKER_HUB } from "../../construct/image/reference";

/** A registry, as it is asked. */
export interface RegistryHost {
  /** As it stands in the names of images: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly name: string;
  /** Where its API is: `https://ghcr.io`. */
  readonly origin: string;
  /** The key under which `docker login` keeps its credentials. */
  readonly key: string;
  /** Names under which other programs keep them. */
  readonly otherKeys: readonly string[];
  /** Hosts that give out its tokens, beside those in its own domain. */
  readonly tokenHosts: readonly string[];
}

/** Docker Hub has other names in names of images, for its API and in Docker's configuration. */
const HUB: RegistryHost = {
  name: DOCKER_HUB,
  origin: "https://registry-1.docker.io",
  key: "https://index.docker.io/v1/",
  otherKeys: ["index.docker.io", DOCKER_HUB, "registry-1.docker.io"],
  tokenHosts: ["auth.docker.io"],
};

/** The registry of a name. As with Docker, one on this machine is asked without TLS, and every other one with it. */
export function registryHost(name: string): RegistryHost {
  if (name === DOCKER_HUB) return HUB;
  const origin = `${isLoopback(hostnameOf(name)) ? "http" : "https"}://${name}`;
  return { name, origin, key: name, otherKeys: [], tokenHosts: [] };
}

/** The command that stores credentials for a registry. */
export function loginTo({ name }: Pick<RegistryHost, "name">): string {
  return name === DOCKER_HUB ? "docker login" : `docker login ${name}`;
}

/** Whether a host is this machine itself: `localhost`, 127.0.0.0/8, `::1`. */
function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(hostname);
}

/** Whether a URL may be asked: with TLS, or on this machine for a registry that is on this machine itself. */
export function isSafe(url: URL, host: RegistryHost): boolean {
  if (url.protocol === "https:") return true;
  return url.protocol === "http:" && host.origin.startsWith("http:") && isLoopback(url.hostname);
}

/** `localhost:5000` without the port. */
function hostnameOf(name: string): string {
  return name.replace(/:\d+$/, "");
}
