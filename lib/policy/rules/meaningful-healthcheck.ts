import { probeOf } from "../health";
import { eachService, type Rule } from "../rule";

/** A probe that stays good while the service cannot work. */
export interface ConstantProbe {
  /** Whether an image, named without tag and digest, has the endpoint. */
  readonly image: (repository: string) => boolean;
  /** Matches the words of such a probe, joined by spaces. */
  readonly probe: RegExp;
  /** What to ask instead: the end of a sentence that begins with "ask". */
  readonly instead: string;
}

/** Commands that end well whatever happens. */
const CANNOT_FAIL = /(^CMD(-SHELL)? (\/bin\/)?(true|:|exit 0|echo( [^|&;]*)?)|(\|\||;) *(true|:|exit 0))$/;

/**
 * A rule: a healthcheck can fail. `known` are probes that answer yes whatever happens.
 *
 * @param constant endpoints that are known to answer the same whatever state their service is in
 */
export function meaningfulHealthcheck(constant: readonly ConstantProbe[] = []): Rule {
  return {
    id: "meaningful-healthcheck",
    what: "has a healthcheck that cannot fail",
    why: "it gives the same answer in every state of the service, so nobody notices when it does not work",
    fix: "ask for the work the service does",
    severity: "error",
    check: eachService(({ image, spec, at }) => {
      const probe = probeOf(spec).join(" ").trim();
      if (probe === "") return undefined;
      const path = at("healthcheck", "test");
      if (CANNOT_FAIL.test(probe)) return { path };
      const known = constant.find((entry) => entry.image(image?.repository ?? "") && entry.probe.test(probe));
      return known === undefined ? undefined : { path, fix: `ask ${known.instead}` };
    }),
  };
}
