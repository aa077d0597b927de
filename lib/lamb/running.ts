import type { IMixin } from "constructs";
import { Logging } from "../construct/logging";
import { Hardening } from "../policy/hardening";

/**
 * What every service of the stack gets that says nothing of it itself: it comes back after a crash or a reboot, has time
 * to finish streams and close its databases, gains no rights, and keeps bounded logs.
 */
export const IN_PRODUCTION: readonly IMixin[] = [new Logging(), new Hardening()];

/**
 * The server's own line for each request, off: it has the whole query in it, and sign-in links carry a token there that is valid for long.
 * The proxy has a line for each request without them.
 */
export const UVICORN_ACCESS_LOG = "false";

/**
 * Seconds that the server gives open answers when it stops, so that it ends by itself before Docker kills it. A variable,
 * because images that are not built here do not say it.
 */
export const UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN = "25";

/**
 * The `/tmp` of a service on a root file system that nobody can write. What is uploaded lies there while it arrives: the
 * proxy lets through 501 MiB at once, so that two of the largest fit. It is memory, and counts against the service's limit, but only what is in it.
 */
export const SCRATCH = "/tmp:size=1g";

/** Where containers find a program that runs on the host itself, on Linux too. */
export const HOST_GATEWAY = { "host.docker.internal": "host-gateway" };
