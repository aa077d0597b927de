import { z } from "zod";
import type { Model } from "./compose";

/** Properties of a project as Compose prints it: each function names what does not have the property. */

/** What the base publishes: the host itself can reach the services, nobody else. */
export const LOOPBACK = [
  "kb 127.0.0.1:9090->9090/tcp",
  "lamb 127.0.0.1:9099->9099/tcp",
  "openwebui 127.0.0.1:8080->8080/tcp",
];

/** What Caddy publishes. */
export const PUBLIC_FACE = ["caddy *:443->443/tcp", "caddy *:443->443/udp", "caddy *:80->80/tcp"];

export function publishedPorts({ services }: Model): readonly string[] {
  return Object.entries(services)
    .flatMap(([name, { ports }]) =>
      ports.map((port) => {
        const host = `${port.host_ip ?? "*"}:${port.published}`;
        return `${name} ${host}->${port.target}/${port.protocol}`;
      }),
    )
    .sort();
}

/** Images without a tag, or with one that is moved to other contents: `latest`, or less than a whole version. */
export function unpinnedImages({ services }: Model): readonly string[] {
  const pinned = /:(v\d+\.\d+|v?\d+\.\d+\.\d+)(\.\d+)*([.-][\w.-]+)?$|@sha256:[0-9a-f]{64}$/;
  return Object.values(services).flatMap(({ image = "none" }) => (pinned.test(image) ? [] : [image]));
}

export function builds({ services }: Model): readonly string[] {
  return Object.keys(services).filter((name) => services[name]?.build !== undefined);
}

/** Mounts that are no named volumes, but for the folder of Caddy's settings, which is generated with the files. */
export function mountsOfTheHost({ services, volumes }: Model): readonly string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    service.volumes
      .filter(
        ({ type, source }) => type !== "tmpfs" && (type !== "volume" || source === undefined || !(source in volumes)),
      )
      .map(({ type, source, target }) => `${name} ${type} ${source}:${target}`)
      .filter((mount) => mount !== "caddy bind /deployment/caddy:/etc/caddy"),
  );
}

/** Dependencies that are met before the other service can work. */
export function unhealthyDependencies({ services }: Model): readonly string[] {
  return Object.entries(services).flatMap(([name, { depends_on }]) =>
    Object.entries(depends_on)
      .filter(([, { condition }]) => condition !== "service_healthy" && condition !== "service_completed_successfully")
      .map(([other, { condition }]) => `${name} ${other} ${condition}`),
  );
}

/** Services that do not say when they are ready, or say it late, and that are not awaited at their end. */
export function withoutReadiness({ services }: Model): readonly string[] {
  const awaited = new Set(awaitedServices({ services }));
  return Object.keys(services).filter(
    (name) => !awaited.has(name) && services[name]?.healthcheck?.start_interval !== "500ms",
  );
}

/** Services for whose end others wait. */
function awaitedServices({ services }: Pick<Model, "services">): readonly string[] {
  return Object.values(services).flatMap(({ depends_on }) =>
    Object.keys(depends_on).filter((name) => depends_on[name]?.condition === "service_completed_successfully"),
  );
}

/** The one place at which LAMB speaks to itself. */
const TO_ITSELF = "lamb LAMB_BACKEND_HOST";

/** Variables that send browsers to the machine on which they run. */
export function localAddresses({ services }: Model): readonly string[] {
  return Object.entries(services).flatMap(([service, { environment }]) =>
    Object.entries(environment)
      .filter(([, value]) => /localhost|127\.0\.0\.1/.test(value ?? ""))
      .map(([name]) => `${service} ${name}`)
      .filter((place) => place !== TO_ITSELF),
  );
}

/** Other names of a service, on whichever network. */
export function namesOf({ services }: Model, name: string): readonly string[] {
  const networks = Object.values(services[name]?.networks ?? {});
  return [...new Set(networks.flatMap((network) => network?.aliases ?? []))];
}

const DEVICES = z.object({
  resources: z.object({
    reservations: z.object({ devices: z.array(z.object({ capabilities: z.array(z.string()) })) }),
  }),
});

/** Services that get a GPU. */
export function withGpu({ services }: Model): readonly string[] {
  return Object.keys(services).filter((name) => {
    const { data } = DEVICES.safeParse(services[name]?.deploy);
    return data?.resources.reservations.devices.some(({ capabilities }) => capabilities.includes("gpu")) ?? false;
  });
}
