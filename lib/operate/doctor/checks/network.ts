import { imageReference } from "../../../construct/image/reference";
import { releaseFacts } from "../../engine/facts";
import { type ProjectModel, serviceOf } from "../../engine/model";
import { type Check, type Trouble, troublesOf } from "../check";
import type { Publisher } from "../facts";
import { type Listener, portOf } from "../host";
import { isOfTheInternet } from "./public";

const HTTPS = 443;
/** Where Docker Hub's registry answers. */
const HUB = "registry-1.docker.io";

/** Ports and the ways out. */
export const NETWORK_CHECKS: readonly Check[] = [
  {
    id: "ports-free",
    what: "the published ports are free, or this deployment's own",
    why: "a service whose port another program uses does not start",
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
        const fix = `run \`sudo ss -lntup 'sport = :${port.published}'\`, which says which; stop it, or publish another port in .env`;
        return [{ subject, reason: "a program on this host uses it", fix }];
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
      return troublesOf([...registries], async (registry) => {
        const [host = "", port] = (registry === "docker.io" ? HUB : registry).split(":");
        if (await facts.host.reaches(host, Number(port ?? HTTPS))) return [];
        const fix = "allow it in the firewall; behind a proxy, configure the engine for it and ignore this";
        return [{ subject: registry, reason: "does not answer this host", fix }];
      });
    },
  },
  {
    id: "addresses-reached",
    what: "what services ask on the internet, and the authority of the certificates, are reached",
    why: "without them no model answers, and a certificate is not renewed",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const model = await facts.model();
      const outside = Object.values(releaseFacts(model).outside);
      const own = new Set(outside.map(({ url }) => new URL(url).host));
      const needed = new Map<string, { readonly url: URL; readonly by: Set<string> }>();
      const need = (by: string, text: string | null | undefined) => {
        const url = httpAddress(text);
        if (url === undefined || own.has(url.host) || !isOfTheInternet(url.hostname)) return;
        const entry = needed.get(url.host) ?? { url, by: new Set() };
        needed.set(url.host, { ...entry, by: entry.by.add(by) });
      };
      for (const { authority } of outside) need("certificates", authority);
      for (const [name, { environment }] of Object.entries(model.services))
        for (const value of Object.values(environment)) need(name, value);
      return troublesOf([...needed.values()], async ({ url, by }) => {
        if (await facts.host.reaches(url.hostname, portOf(url))) return [];
        const reason = `${url.host} does not answer this host`;
        const fix =
          "allow it in the firewall, or correct the address in .env; ignore this behind a proxy that reaches it";
        return [{ subject: [...by].join(", "), reason, fix }];
      });
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
];

/** An address that is a value on its own. */
function httpAddress(text: string | null | undefined): URL | undefined {
  return text && /^https?:\/\/\S+$/.test(text) && URL.canParse(text) ? new URL(text) : undefined;
}

/** An entry of a container's environment. */
function nameAndValue(entry: string): readonly [string, string] {
  const [name = "", ...rest] = entry.split("=");
  return [name, rest.join("=")];
}

/** A port that the deployment publishes. */
interface WantedPort {
  readonly service: string;
  readonly published: number;
  readonly protocol: string;
  readonly address: string;
}

function wantedPorts(services: ProjectModel["services"]): readonly WantedPort[] {
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
