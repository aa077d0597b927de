import type { ServiceProps } from "../construct/service";

/**
 * How each service of the stack runs: it comes back after a crash or a reboot, has time to finish streams and close its
 * databases, and gains no rights.
 *
 * @see contract sections 1.1 (stop) and 5.15
 */
export const RUNNING = {
  restart: "unless-stopped",
  stop_grace_period: "30s",
  security_opt: ["no-new-privileges:true"],
} satisfies ServiceProps;

/** Where containers find a program that runs on the host itself, on Linux too. Contract section 5.13. */
export const HOST_GATEWAY = { "host.docker.internal": "host-gateway" };
