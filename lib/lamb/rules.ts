import { production, withRules } from "../policy/production";
import type { Rule } from "../policy/rule";
import { dataKept } from "../policy/rules/data-kept";
import { fixedValues } from "../policy/rules/fixed-values";
import { http3Published } from "../policy/rules/http3-published";
import { lockStep } from "../policy/rules/lock-step";
import { loopbackPorts } from "../policy/rules/loopback-ports";
import { meaningfulHealthcheck } from "../policy/rules/meaningful-healthcheck";
import { neededVariables } from "../policy/rules/needed-variables";
import { noPublicSecret } from "../policy/rules/no-public-secret";
import { outgoingKept } from "../policy/rules/outgoing-kept";
import { publicAddresses } from "../policy/rules/public-addresses";
import { reach } from "../policy/rules/reach";
import { requiredSecrets } from "../policy/rules/required-secrets";
import { waitsFor } from "../policy/rules/waits-for";
import { PUBLIC_SECRETS } from "./public-secrets";
import * as facts from "./rule-facts";

export { PROXY } from "./rule-facts";

/** What the proxy opens to the world. */
const PUBLIC_PORTS: ReadonlySet<number> = new Set([80, 443]);

/** What holds for LAMB in production: what holds for any stack, and what the contract says. */
export const LAMB_RULES: readonly Rule[] = withRules(
  production,
  requiredSecrets((name) => facts.OPTIONAL_SECRETS.has(name)),
  noPublicSecret(PUBLIC_SECRETS),
  meaningfulHealthcheck(facts.CONSTANT_PROBES),
  loopbackPorts((service, port) => service === facts.PROXY && PUBLIC_PORTS.has(port)),
  http3Published((service) => service === facts.PROXY),
  waitsFor(facts.WAITS_FOR),
  reach(facts.REACH),
  outgoingKept(facts.NEEDS_INTERNET),
  lockStep(facts.ofLamb),
  neededVariables(facts.NEEDED_VARIABLES),
  fixedValues(facts.FIXED_VALUES),
  dataKept(facts.KEPT_FOLDERS),
  publicAddresses(facts.PROXY, facts.FOR_BROWSERS),
);
