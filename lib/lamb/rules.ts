import { EnvVar } from "../construct/env-var";
import type { RetiredVar } from "../env/contract";
import { isOneOf } from "../policy/image-capabilities";
import type { ImageFact } from "../policy/image-facts";
import { PRODUCTION_RULES, withRules } from "../policy/production";
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
import type { ServiceView } from "../policy/service-view";
import { ALL_SERVICES } from "./facts/all-services";
import { CADDY } from "./facts/caddy";
import { KNOWLEDGE_STORE } from "./facts/knowledge-store";
import { PUBLIC_SECRETS } from "./facts/public-secrets";
import { isImageOf, type ServiceFacts } from "./facts/service";
import { LambRelease } from "./release";

/** The service that faces the world. */
const PROXY = CADDY.name;

/** What the proxy opens to the world. */
const PUBLIC_PORTS: ReadonlySet<number> = new Set([80, 443]);

/** Ports of the host on which people offer the web and mail to the world, and nothing else. */
const OFFERED_PORTS: ReadonlySet<number> = new Set([...PUBLIC_PORTS, 25, 110, 143, 465, 587, 993, 995, 4190]);

/** Images that are made to be the public face of others: in files that nobody generated, one of them may be it. */
const isProxyImage = isOneOf(
  "caddy",
  "traefik",
  "nginx",
  "haproxy",
  "httpd",
  "envoyproxy/envoy",
  "nginxproxy/nginx-proxy",
  "jwilder/nginx-proxy",
  "jc21/nginx-proxy-manager",
);

/** Whether a service may open a port to the world: the proxy, and of other people's services what is meant for it. */
function isOpenToAll(
  { name, image }: ServiceView,
  target: number,
  published: number | undefined,
  known: ReadonlySet<string>,
): boolean {
  if (name === PROXY || (image !== undefined && isProxyImage(image.repository))) return PUBLIC_PORTS.has(target);
  const isOurs = known.has(name) || (image !== undefined && isOfLamb(image.repository));
  return !isOurs && published !== undefined && OFFERED_PORTS.has(published);
}

/** What holds for LAMB in production: what holds for any stack, and what is known of its services. */
export function lambRules(services: readonly ServiceFacts[]): readonly Rule[] {
  const names = services.map(({ name }) => name);
  const known = new Set(names);
  const optional = new Set(services.flatMap(optionalSecrets));
  return withRules(
    PRODUCTION_RULES,
    requiredSecrets((name) => optional.has(name)),
    noPublicSecret(PUBLIC_SECRETS),
    meaningfulHealthcheck(
      services.flatMap((facts) => (facts.constant === undefined ? [] : [{ image: imageOf(facts), ...facts.constant }])),
    ),
    loopbackPorts((service, target, published) => isOpenToAll(service, target, published, known)),
    http3Published((service) => service === PROXY),
    waitsFor(Object.fromEntries(services.map(({ name, waitsFor: others = [] }) => [name, others]))),
    // Open WebUI signs in whoever a header names: the knowledge base, which reads what people upload, must not reach it.
    reach({
      allowed: Object.fromEntries(services.map(({ name, talksTo }) => [name, talksTo])),
      open: services.flatMap(({ name, open = false }) => (open ? [name] : [])),
    }),
    // Model providers, embeddings, web pages to take in, models to fetch, certificates.
    outgoingKept(names),
    lockStep(isOfLamb),
    neededVariables(byImage(services, ({ needs = [] }) => needs)),
    fixedValues(byImage(services, ({ fixed = [] }) => fixed)),
    dataKept(byImage(services, keptFolders)),
    publicAddresses(
      PROXY,
      services.flatMap(({ forBrowsers = [] }) => forBrowsers),
    ),
  );
}

/** The rules for the newest release that is known, and for the knowledge store, which branches of LAMB have before it. */
export const LAMB_RULES: readonly Rule[] = lambRules([
  ...new Set([...new LambRelease(LambRelease.upcoming).services, KNOWLEDGE_STORE]),
]);

/** Whether an image is one that LAMB publishes: those that are released together. */
export function isOfLamb(repository: string): boolean {
  return ALL_SERVICES.some((facts) => facts.tag === undefined && isImageOf(facts, repository));
}

/** The folders of a service's own that must outlive its container. */
export function keptFolders({ folders }: ServiceFacts): readonly { readonly path: string; readonly holds: string }[] {
  const own = Object.values(folders).filter(({ of, loss }) => of === undefined && loss !== "nothing");
  return own.map(({ path, holds }) => ({ path, holds }));
}

/** Variables of earlier templates that are facts of the stack now. Set, they change nothing. */
export const RETIRED: readonly RetiredVar[] = ALL_SERVICES.flatMap(({ retired = [] }) => retired);

/** A rule that cannot hold for an image, and why. */
export interface Exception {
  readonly rule: string;
  readonly image: (repository: string) => boolean;
  readonly reason: string;
}

/** What findings about files of any origin are excused by. */
export const EXCEPTIONS: readonly Exception[] = ALL_SERVICES.flatMap((facts) => {
  const except = (rule: string, of: ServiceFacts, reason: string) => ({ rule, image: imageOf(of), reason });
  return [
    ...(facts.writesRoot === undefined ? [] : [except("read-only-root", facts, facts.writesRoot)]),
    ...Object.values(facts.folders).flatMap(({ of, writes }) => {
      const owners = ALL_SERVICES.filter(({ name }) => name === of);
      return writes === undefined ? [] : [facts, ...owners].map((one) => except("one-writer", one, writes));
    }),
  ];
});

/** Keys of other people's services, which may be empty. */
function optionalSecrets({ environment }: ServiceFacts): readonly string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    EnvVar.isEnvVar(value) && value.secret && !value.required ? [name] : [],
  );
}

function imageOf(facts: ServiceFacts): (repository: string) => boolean {
  return (repository) => isImageOf(facts, repository);
}

function byImage<What>(
  services: readonly ServiceFacts[],
  facts: (service: ServiceFacts) => readonly What[],
): readonly ImageFact<What>[] {
  return services.map((service) => ({ image: imageOf(service), facts: facts(service) }));
}
