import { mapOf } from "../construct/checks/model";
import { production } from "../policy/production";
import { eachService, type Rule } from "../policy/rule";
import { lockStep } from "../policy/rules/lock-step";
import { loopbackPorts } from "../policy/rules/loopback-ports";
import { noPublicSecret } from "../policy/rules/no-public-secret";
import { reach } from "../policy/rules/reach";
import { PUBLIC_SECRETS } from "./public-secrets";

/** The service that faces the world. */
export const PROXY = "caddy";

/** Images of LAMB, in whichever registry they lie. */
const OF_LAMB = /(^|\/)(lamb|lamb-kb|lamb-library-manager|openwebui)$/;

/** Who may share a network with whom. Contract sections 1 and 4. */
const REACH = {
  "library-manager": ["lamb"],
  ollama: ["lamb", "kb", "openwebui"],
  [PROXY]: ["lamb", "kb", "openwebui"],
};

/**
 * Addresses that answer the same whatever state the service is in, by the image that has them. Contract sections 1.1 to
 * 1.4.
 */
const CONSTANT_ENDPOINTS: readonly { readonly image: RegExp; readonly test: RegExp; readonly instead: string }[] = [
  {
    image: /\/lamb:/,
    test: /^(?!.*sqlite3).*\/(status|health|v1|v1\/models)(["'\s]|$)/s,
    instead: "whether both databases can be written",
  },
  { image: /\/lamb-kb:/, test: /\/health(["'\s]|$)/, instead: "/database/status with the key" },
  { image: /\/openwebui:/, test: /\/health(["'\s]|$)/, instead: "/health/db" },
  {
    image: /\/lamb-library-manager:/,
    test: /^(?!.*\b(grep|json)\b).*\/health(["'\s]|$)/s,
    instead: "for the word ok in the answer of /health",
  },
];

/** A probe that stays good while the service cannot work. */
const meaningfulHealthcheck: Rule = {
  id: "meaningful-healthcheck",
  what: "has a healthcheck that cannot fail",
  why: "the address answers the same whatever state the service is in, so nobody learns that it cannot work",
  fix: "ask for the work the service does",
  severity: "error",
  check: eachService(({ spec, at }) => {
    const test = mapOf(spec.healthcheck).test;
    const text = Array.isArray(test) ? test.join(" ") : String(test ?? "");
    const constant = CONSTANT_ENDPOINTS.find(
      ({ image, test: pattern }) => image.test(String(spec.image)) && pattern.test(text),
    );
    if (constant === undefined) return undefined;
    return { path: at("healthcheck", "test"), reason: `has a healthcheck that cannot fail; ask ${constant.instead}` };
  }),
};

/** What holds for LAMB in production. */
export const LAMB_RULES: readonly Rule[] = [
  ...production,
  loopbackPorts((service) => service === PROXY),
  noPublicSecret(PUBLIC_SECRETS),
  reach(REACH),
  lockStep((repository) => OF_LAMB.test(repository)),
  meaningfulHealthcheck,
];
