import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { type OutsideQuestion, releaseFacts } from "../../engine/facts";
import { OperateError } from "../../error";
import { type Check, troublesOf } from "../check";
import type { DoctorFacts } from "../facts";
import { portOf } from "../host";

const DAY_MS = 86_400_000;
/** Days that a certificate must last. They are renewed a month before their end. */
const DAYS_LEFT = 14;

/** The ways in. */
export const PUBLIC_CHECKS: readonly Check[] = [
  {
    id: "names-resolve",
    what: "the public names resolve on this host",
    why: "users cannot reach a name without an address, and authorities issue no certificate for it",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const names = await publicNames(facts);
      return troublesOf(names, async (name) => {
        if ((await facts.host.addresses(name)).length > 0) return [];
        const fix =
          "let the name point to this host, or correct it in .env; ignore this where only others must know it";
        return [{ subject: name, reason: "has no address for this host's name server", fix }];
      });
    },
  },
  {
    id: "names-lead-here",
    what: "each IPv4 and IPv6 address of a public name belongs to this host, and answers",
    why: "users who get a wrong address cannot reach it: with a wrong AAAA record that is about half of them",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const own = new Set(facts.host.ownAddresses());
      return troublesOf(await publicPlaces(facts), async ({ url }) => {
        const { hostname } = url;
        const addresses = await facts.host.addresses(hostname);
        const foreign = addresses.filter((address) => !own.has(address));
        if (addresses.length > 0 && foreign.length === addresses.length) {
          const reason = `leads to ${foreign.join(" and ")}, which this host does not have itself`;
          const fix = "ignore this behind a router or load balancer that passes it on; else correct the name's records";
          return [{ subject: hostname, severity: "advice", reason, fix }];
        }
        if (foreign.length > 0) {
          const reason = `leads to ${foreign.join(" and ")}, too, which this host does not have`;
          return [
            { subject: hostname, reason, fix: "remove those A or AAAA records, or give this host the addresses" },
          ];
        }
        const port = portOf(url);
        const answers = await Promise.all(addresses.map((address) => facts.host.reaches(address, port)));
        const silent = addresses.filter((_, at) => answers[at] === false);
        // Where none does, it does not run, which another check says.
        if (silent.length === 0 || silent.length === addresses.length) return [];
        const reason = `answers at port ${port} of some of its addresses, and not of ${silent.join(" and ")}`;
        const fix = "open the port there, too: in the firewall, and for IPv6 in the engine; or remove those records";
        return [{ subject: hostname, reason, fix }];
      });
    },
  },
  {
    id: "names-outside",
    what: "the names under which people come in lead to the same addresses for the rest of the world",
    why: "a name server of this network can give answers that others do not give: everything works here, and nobody outside gets in",
    severity: "advice",
    host: false,
    find: async (facts) => {
      const names = (await publicNames(facts)).filter(isOfTheInternet);
      return troublesOf(names, async (name) => {
        const here = new Set(await facts.host.addresses(name));
        // That a name is not known here is said by another check.
        if (here.size === 0) return [];
        const outside = await facts.host.addressesOutside(name);
        if (outside === undefined) {
          const reason = "no name server of the internet answers, which would be asked for the public names";
          throw new OperateError({ code: "no-answer", reason, fix: `ask from elsewhere: dig ${name} A AAAA` });
        }
        if (outside.length === here.size && outside.every((address) => here.has(address))) return [];
        const there = outside.length === 0 ? "has no address" : `leads to ${outside.join(" and ")}`;
        const reason = `${there} for the rest of the world, and leads to ${[...here].join(" and ")} here`;
        const fix = "ignore this where that is meant, as behind a router; else correct the name's records";
        return [{ subject: name, reason, fix }];
      });
    },
  },
  {
    id: "certificate-lasts",
    what: "the certificates that users see are valid for at least two more weeks",
    why: "browsers and learning management systems refuse an expired one",
    severity: "warning",
    host: false,
    find: async (facts) => {
      return troublesOf(await securePlaces(facts), async (place) => {
        const { url, ownAuthority } = place;
        const shown = await facts.certificate(url);
        if (shown === undefined) return [];
        const { end } = shown;
        const days = Math.floor((end.getTime() - Date.now()) / DAY_MS);
        const isOver = end.getTime() <= Date.now();
        // An authority of the deployment's own renews what lasts for hours.
        if (days >= DAYS_LEFT || (ownAuthority && !isOver)) return [];
        const reason = isOver ? "its certificate has expired" : `its certificate expires in ${days} days`;
        const fix =
          "run `docker compose logs caddy`, which says why it was not renewed; put a new one of your own in its place, and run `lamb-compose up`";
        return [{ subject: url.host, severity: isOver ? "error" : "warning", reason, fix }];
      });
    },
  },
  {
    id: "certificate-served",
    what: "people are shown the certificate that is in the files",
    why: "one that was renewed has no effect until it is read again: the old one ends, and nobody comes in",
    severity: "warning",
    host: false,
    find: async (facts) => {
      return troublesOf(await securePlaces(facts), async (place) => {
        if (place.certificate === undefined) return [];
        const text = await facts.host.text(resolve(facts.dir, place.certificate));
        const wanted = text === undefined ? undefined : fingerprintOf(text);
        const shown = await facts.certificate(place.url);
        // That the file is not a certificate, or not to be read, is said of the .env.
        if (wanted === undefined || shown === undefined || shown.fingerprint256 === wanted) return [];
        const reason = `shows another certificate than that in ${place.certificate}`;
        return [{ subject: place.url.host, reason, fix: "run `lamb-compose up`, which has it read again" }];
      });
    },
  },
];

/** Where people come in. */
interface Place extends Omit<OutsideQuestion, "url"> {
  readonly url: URL;
}

async function publicNames(facts: DoctorFacts): Promise<readonly string[]> {
  return [...new Set((await publicPlaces(facts)).map(({ url }) => url.hostname))];
}

/** Where people come in, as the files have it. */
async function publicPlaces(facts: DoctorFacts): Promise<readonly Place[]> {
  const { outside } = releaseFacts(await facts.model());
  const places = Object.values(outside).map(({ url, ...more }) => ({ url: new URL(url), ...more }));
  return [...new Map(places.map((place) => [place.url.host, place])).values()];
}

/** The places that show certificates, while something runs that may. */
export async function securePlaces(facts: DoctorFacts): Promise<readonly Place[]> {
  if ((await facts.containers()).length === 0) return [];
  return (await publicPlaces(facts)).filter(({ url }) => url.protocol === "https:");
}

/** Endings of names that the internet's name servers do not know: RFC 6761, RFC 6762, RFC 8375, and ICANN's own. */
const LOCAL = /(^|\.)(localhost|local|test|example|invalid|internal|home\.arpa)$/;

/** Whether the internet's name servers may be asked for a name. */
export function isOfTheInternet(name: string): boolean {
  return isIP(name) === 0 && name.includes(".") && !LOCAL.test(name);
}

/** The fingerprint of the first certificate in a text. */
function fingerprintOf(text: string): string | undefined {
  try {
    return new X509Certificate(text).fingerprint256;
  } catch {
    return undefined;
  }
}
