import { imageReference } from "../../../construct/image/reference";
import { releaseFacts } from "../../engine/facts";
import { serviceOf } from "../../engine/model";
import type { Check, Trouble } from "../check";
import type { DoctorFacts, Publisher } from "../facts";
import type { Listener } from "../host";

const HTTP = 80;
const HTTPS = 443;
/** Where Docker Hub's registry answers. */
const HUB = "registry-1.docker.io";

/** Ports and the ways out and in. */
export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: "ports-free",
    what: "the published ports are free, or this deployment's own",
    why: "a service whose port another program has does not start",
    severity: "error",
    host: false,
    find: async (facts) => {
      const [model, publishers, containers] = [await facts.model(), await facts.publishers(), await facts.containers()];
      const own = new Set(containers.map(({ Name }) => Name));
      const mine = publishers.filter(({ name }) => own.has(name));
      const others = publishers.filter(({ name }) => !own.has(name));
      const listeners = await facts.localInfo().then(
        () => facts.host.listeners(),
        () => [],
      );
      return wantedPorts(model.services).flatMap((port): readonly Trouble[] => {
        if (mine.some((publisher) => publishes(publisher, port))) return [];
        const subject = `${port.service}: ${port.published}/${port.protocol}`;
        const holder = others.find((publisher) => publishes(publisher, port));
        if (holder !== undefined) {
          const { name, project } = holder;
          const whose = project === undefined ? "" : ` of the project ${project}`;
          const fix = `stop it (\`docker stop ${name}\`), or publish another port in .env`;
          return [{ subject, reason: `the container ${name}${whose} has it`, fix }];
        }
        if (!listeners.some((listener) => meets(listener, port))) return [];
        const fix = `\`sudo ss -lntup 'sport = :${port.published}'\` says which; stop it, or publish another port in .env`;
        return [{ subject, reason: "a program on this host has it", fix }];
      });
    },
  },
  {
    id: "registries-reached",
    what: "the registries of the images are reached",
    why: "images cannot be pulled otherwise",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const { services } = await facts.model();
      const images = Object.values(services).flatMap(({ image }) =>
        image === undefined ? [] : [imageReference(image)],
      );
      const registries = new Set(images.flatMap((image) => (image === undefined ? [] : [image.registry])));
      const asked = [...registries].map(async (registry): Promise<readonly Trouble[]> => {
        const [host = "", port] = (registry === "docker.io" ? HUB : registry).split(":");
        if (await facts.host.reaches(host, Number(port ?? HTTPS))) return [];
        const fix = "allow it in the firewall; behind a proxy, configure the engine for it and ignore this";
        return [{ subject: registry, reason: "does not answer this host", fix }];
      });
      return (await Promise.all(asked)).flat();
    },
  },
  {
    id: "proxy-passed-on",
    what: "services go out through the proxy that the engine goes out through, and not to each other",
    why: "models and launches are not reached without it; through it a service does not find its neighbours",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const { HttpProxy, HttpsProxy } = await facts.info();
      const { services } = await facts.model();
      const [containers, names] = [await facts.containers(), Object.keys(services)];
      const found = names.map((service): readonly Trouble[] => {
        // What Docker's own settings add is known of a container alone.
        const container = containers.find((one) => serviceOf(one) === service);
        const entries = container?.Config.Env.map((entry) => nameAndValue(entry));
        const environment = new Map(entries ?? Object.entries(services[service]?.environment ?? {}));
        const value = (name: string) => environment.get(name) || environment.get(name.toLowerCase()) || "";
        if (value("HTTPS_PROXY") === "" && value("HTTP_PROXY") === "") {
          if (HttpProxy === "" && HttpsProxy === "") return [];
          const fix = 'add "proxies" to Docker\'s config.json (docs.docker.com/engine/cli/proxy), and create it again';
          return [{ subject: service, severity: "advice", reason: "knows nothing of the engine's proxy", fix }];
        }
        const spared = value("NO_PROXY")
          .split(",")
          .map((name) => name.trim());
        const asked = names.filter((name) => name !== service && !spared.includes(name) && !spared.includes("*"));
        if (asked.length === 0) return [];
        const fix = `add to its NO_PROXY: ${asked.join(",")}`;
        return [{ subject: service, reason: "asks its neighbours through the proxy", fix }];
      });
      return found.flat();
    },
  },
  {
    id: "names-resolve",
    what: "the names under which people come in are known here",
    why: "who cannot find an address cannot come in; authorities give no certificate for such a name, either",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const names = [...new Set((await publicPlaces(facts)).map(({ url }) => url.hostname))];
      const asked = names.map(async (name): Promise<readonly Trouble[]> => {
        if ((await facts.host.addresses(name)).length > 0) return [];
        const fix =
          "have the name point to this host, or correct it in .env; ignore this where only others must know it";
        return [{ subject: name, reason: "has no address for this host's name server", fix }];
      });
      return (await Promise.all(asked)).flat();
    },
  },
  {
    id: "names-lead-here",
    what: "each address of a public name, of IPv4 and IPv6, is this host's, and answers",
    why: "who is given another one does not come in: with a wrong AAAA record that is about half of the people",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const own = new Set(facts.host.ownAddresses());
      const places = new Map((await publicPlaces(facts)).map(({ url }) => [url.host, url]));
      const asked = [...places.values()].map(async ({ hostname, port, protocol }): Promise<readonly Trouble[]> => {
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
            { subject: hostname, reason, fix: "take those A or AAAA records away, or give this host the addresses" },
          ];
        }
        const number = Number(port || (protocol === "https:" ? HTTPS : HTTP));
        const answers = await Promise.all(addresses.map((address) => facts.host.reaches(address, number)));
        const silent = addresses.filter((_, at) => answers[at] === false);
        // Where none does, it does not run, which another check says.
        if (silent.length === 0 || silent.length === addresses.length) return [];
        const reason = `answers at port ${number} of some of its addresses, and not of ${silent.join(" and ")}`;
        const fix = "open the port there, too: in the firewall, and for IPv6 in the engine; or take those records away";
        return [{ subject: hostname, reason, fix }];
      });
      return (await Promise.all(asked)).flat();
    },
  },
  {
    id: "certificate-lasts",
    what: "the certificates that people are shown are valid, and stay so for two weeks",
    why: "browsers and learning management systems refuse one that has ended",
    severity: "warning",
    host: false,
    find: async (facts) => {
      // Nobody shows any while nothing runs.
      if ((await facts.containers()).length === 0) return [];
      const secure = (await publicPlaces(facts)).filter(({ url }) => url.protocol === "https:");
      const places = new Map(secure.map((place) => [place.url.host, place]));
      const asked = [...places.values()].map(async ({ url, ownAuthority }): Promise<readonly Trouble[]> => {
        const { host, hostname, port } = url;
        const end = await facts.host.certificateEnd(hostname, Number(port || HTTPS));
        if (end === undefined) return [];
        const days = Math.floor((end.getTime() - Date.now()) / DAY_MS);
        const isOver = end.getTime() <= Date.now();
        // An authority of the deployment's own renews what lasts for hours.
        if (days >= DAYS_LEFT || (ownAuthority && !isOver)) return [];
        const reason = isOver ? "its certificate has ended" : `its certificate ends in ${days} days`;
        const fix =
          "`docker compose logs caddy` says why it was not renewed; one of your own: put the new one in its place, and run `lamb-compose up`";
        return [{ subject: host, severity: isOver ? "error" : "warning", reason, fix }];
      });
      return (await Promise.all(asked)).flat();
    },
  },
];

/** An entry of a container's environment. */
function nameAndValue(entry: string): readonly [string, string] {
  const [name = "", ...rest] = entry.split("=");
  return [name, rest.join("=")];
}

const DAY_MS = 86_400_000;
/** Days that a certificate must last. They are renewed a month before their end. */
const DAYS_LEFT = 14;

/** Where people come in, as the files have it. */
async function publicPlaces(facts: DoctorFacts): Promise<readonly { url: URL; ownAuthority: boolean }[]> {
  const { outside } = releaseFacts(await facts.model());
  return Object.values(outside).map(({ url, ownAuthority }) => ({ url: new URL(url), ownAuthority }));
}

/** A port that the deployment publishes. */
interface WantedPort {
  readonly service: string;
  readonly published: number;
  readonly protocol: string;
  readonly address: string;
}

type Services = Readonly<
  Record<
    string,
    {
      readonly ports: readonly {
        readonly published?: string | undefined;
        readonly protocol: string;
        readonly host_ip?: string | undefined;
      }[];
    }
  >
>;

function wantedPorts(services: Services): readonly WantedPort[] {
  return Object.entries(services).flatMap(([service, { ports }]) =>
    ports.flatMap(({ published, protocol, host_ip: address = "0.0.0.0" }) =>
      // Of a range, the engine takes one that is free.
      published === undefined || !/^\d+$/.test(published)
        ? []
        : [{ service, published: Number(published), protocol, address }],
    ),
  );
}

function publishes({ ports }: Publisher, { published, protocol, address }: WantedPort): boolean {
  return ports.split(", ").some((text) => {
    const [, ip = "", from = "", to = from, kind] =
      /^(.*):(\d+)(?:-(\d+))?->[\d-]+\/(\w+)$/.exec(text.replace(/\[|\]/g, "")) ?? [];
    return kind === protocol && Number(from) <= published && published <= Number(to || from) && overlap(ip, address);
  });
}

function meets(listener: Listener, { published, protocol, address }: WantedPort): boolean {
  return listener.port === published && listener.protocol === protocol && overlap(listener.address, address);
}

/** Whether two sockets of one port are in each other's way. */
function overlap(one: string, other: string): boolean {
  const isAny = (address: string) => address === "0.0.0.0" || address === "::" || address === "";
  return one === other || isAny(one) || isAny(other);
}
