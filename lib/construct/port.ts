import { BIND, type Binding } from "./binding";
import type { EnvVar } from "./env-var";

/** How a {@link Port} is published. */
export interface PortOptions {
  /**
   * Port on the host: a number, or a variable that moves the host's side only.
   * @default - the container's port
   */
  readonly published?: number | EnvVar | undefined;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp" | undefined;
}

/**
 * Ports by who can reach them: entries of a service's `ports`. One with a variable has the long form, which
 * `docker compose publish` reads without the variable's value.
 *
 * @see Compose Specification, chapter 5 (services), `ports`
 */
export const Port = {
  /** Only programs on the host itself. */
  loopback: (target: number, options: PortOptions = {}): Binding => port("127.0.0.1", target, options),

  /** Everybody who can reach the host. */
  everywhere: (target: number, options: PortOptions = {}): Binding => port(undefined, target, options),
} as const;

function port(host: string | undefined, target: number, { published = target, protocol }: PortOptions): Binding {
  if (typeof published === "object") {
    const where = host === undefined ? {} : { host_ip: host };
    return { [BIND]: () => ({ ...where, published, target, ...(protocol === undefined ? {} : { protocol }) }) };
  }
  const before = host === undefined ? "" : `${host}:`;
  return { [BIND]: () => `${before}${published}:${target}${protocol === undefined ? "" : `/${protocol}`}` };
}
