import type { HealthcheckSpec } from "../spec";
import type { BindableProps } from "./binding";
import { escapeDollar } from "./escape-dollar";

/** Every key of a service's healthcheck, as the specification names it. */
export type HealthcheckProps = BindableProps<HealthcheckSpec>;

/** When a healthcheck runs. All but `test`, as the specification names it. */
export type HealthcheckTiming = Omit<HealthcheckProps, "test" | "disable">;

/** When a probe runs, unless it says otherwise: every half a second until the service is ready, and rarely after that. */
export const PROBE_TIMING = {
  interval: "30s",
  timeout: "5s",
  retries: 3,
  start_period: "60s",
  start_interval: "500ms",
};

/**
 * Healthchecks by the tool that an image has. A `$` in a probe is the container's: `$LAMB_API_KEY` is read there, and
 * does not stand in the file as a value.
 *
 * @see Compose Specification, chapter 5 (services), `healthcheck`
 */
export const Healthcheck = {
  /** A program of the image and its arguments, without a shell. Exit code 0 means healthy. */
  command: (words: readonly string[], timing: HealthcheckTiming = {}): HealthcheckProps => ({
    test: ["CMD", ...words.map(escapeDollar)],
    ...PROBE_TIMING,
    ...timing,
  }),

  /** A line for the image's `/bin/sh`. */
  shell: (line: string, timing: HealthcheckTiming = {}): HealthcheckProps => ({
    test: ["CMD-SHELL", escapeDollar(line)],
    ...PROBE_TIMING,
    ...timing,
  }),

  /** An address that answers with a status below 400, asked by `curl`. */
  curl: (url: string, timing?: HealthcheckTiming): HealthcheckProps =>
    Healthcheck.command(["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", url], timing),

  /** An address that answers with a status below 400, asked by `wget` (BusyBox's is enough). */
  wget: (url: string, timing?: HealthcheckTiming): HealthcheckProps =>
    Healthcheck.command(["wget", "-q", "-O", "/dev/null", url], timing),

  /** A Python program. An exception or a non-zero exit means unhealthy. */
  python: (program: string, timing?: HealthcheckTiming): HealthcheckProps =>
    Healthcheck.command(["python", "-c", program], timing),

  /** No healthcheck, not even the image's own. */
  none: (): HealthcheckProps => ({ disable: true }),
} as const;
