import { type ComposeMap, listOf, mapOf, textOf } from "../../spec/value";
import { type Container, type EngineImage, NAMELESS } from "../engine/model";
import {
  amount,
  capability,
  divided,
  environmentOf,
  loggingParts,
  mountText,
  names,
  nanoseconds,
  one,
  ownLabels,
  type Parts,
  parts,
  portText,
  securityOption,
  textEntries,
  withoutImages,
  words,
} from "./parts";

/** A setting of a service that both its definition and the engine know. */
export interface Field {
  /** Its key in the Compose file. */
  readonly key: string;
  /** Whether its values are shown. Others can hold secrets: of them is only said that they differ. */
  readonly shown: boolean;
  /** As the files have it. */
  readonly declared: (service: ComposeMap, context: FieldContext) => Parts;
  /** As the container has it. */
  readonly running: (container: Container, context: FieldContext) => Parts;
}

/** What a service's own words and the engine's must be read with. */
export interface FieldContext {
  /** Key of a network or volume → its name on the engine. */
  readonly networks: Readonly<Record<string, string>>;
  readonly volumes: Readonly<Record<string, string>>;
  /** The image that the container was made of: what comes from it is no setting of the service. */
  readonly image: EngineImage | undefined;
  readonly service: string;
  /** Where configs and secrets lie in the container: they are mounted, too. */
  readonly files: ReadonlySet<string>;
}

/** Names of the engine's own for a container on a network: no aliases that somebody gave. */
function ownAliases({ Id, Name }: Container, { service }: FieldContext): ReadonlySet<string> {
  return new Set([Name, service, Id.slice(0, 12), Id]);
}

/** The mounts of a kind. A volume without a name is the container's own. */
function mountField(kind: "volume" | "bind"): Field {
  return {
    key: "volumes",
    shown: true,
    declared: (service, { volumes }) =>
      parts(
        listOf(service.volumes).flatMap((mount) => {
          const { type, source = "", target = "", read_only } = mapOf(mount);
          if (type !== kind || source === "") return [];
          const name = textOf(source);
          const from = kind === "volume" ? (volumes[name] ?? name) : name;
          return [[textOf(target), mountText(kind, from, read_only === true)]];
        }),
      ),
    running: ({ Mounts }, { files }) =>
      parts(
        Mounts.flatMap(({ Type, Name = "", Source, Destination, RW }) => {
          if (Type !== kind || NAMELESS.test(Name) || files.has(Destination)) return [];
          return [[Destination, mountText(kind, kind === "volume" ? Name : Source, !RW)]];
        }),
      ),
  };
}

const NETWORK_FIELD: Field = {
  key: "networks",
  shown: true,
  declared: (service, { networks }) =>
    parts(
      Object.entries(mapOf(service.networks)).map(([key, use]) => {
        const aliases = listOf(mapOf(use).aliases).map(textOf);
        return [networks[key] ?? key, aliases.sort().join(" ")];
      }),
    ),
  running: (container, context) => {
    if (!usesNetworks(container)) return new Map();
    const own = ownAliases(container, context);
    return parts(
      Object.entries(container.NetworkSettings.Networks).map(([name, { Aliases }]) => {
        return [name, [...new Set(Aliases.filter((alias) => !own.has(alias)))].sort().join(" ")];
      }),
    );
  },
};

/** What Compose looks at beside its hash: where a container is on the engine. */
export const PLACES: readonly Field[] = [mountField("volume"), NETWORK_FIELD];

/**
 * What the hash of a service covers and the engine tells. Where the hash differs and none of these does, the difference is in
 * a setting that is not here.
 */
export const SETTINGS: readonly Field[] = [
  mountField("bind"),
  {
    key: "image",
    shown: true,
    declared: (service) => one(service.image),
    running: ({ Config }) => one(Config.Image),
  },
  {
    key: "environment",
    shown: false,
    declared: (service, { image }) =>
      withoutImages(
        parts(
          Object.entries(mapOf(service.environment)).flatMap(([name, value]) =>
            value === null ? [] : [[name, textOf(value)]],
          ),
        ),
        environmentOf(image?.Config?.Env),
      ),
    running: ({ Config }, { image }) => withoutImages(environmentOf(Config.Env), environmentOf(image?.Config?.Env)),
  },
  {
    key: "labels",
    shown: false,
    declared: (service, { image }) =>
      withoutImages(ownLabels(mapOf(service.labels)), ownLabels(image?.Config?.Labels ?? {})),
    running: ({ Config }, { image }) => withoutImages(ownLabels(Config.Labels), ownLabels(image?.Config?.Labels ?? {})),
  },
  {
    key: "command",
    shown: false,
    declared: (service, { image }) => words(service.command ?? null, image?.Config?.Cmd),
    running: ({ Config }) => words(Config.Cmd, undefined),
  },
  {
    key: "entrypoint",
    shown: false,
    declared: (service, { image }) => words(service.entrypoint ?? null, image?.Config?.Entrypoint),
    running: ({ Config }) => words(Config.Entrypoint, undefined),
  },
  {
    key: "healthcheck",
    shown: false,
    declared: (service) => {
      const { test, interval, timeout, retries } = mapOf(service.healthcheck);
      const found = [listOf(test).map(textOf), nanoseconds(interval), nanoseconds(timeout), Number(retries ?? 0)];
      return one(service.healthcheck === undefined ? undefined : JSON.stringify(found));
    },
    running: ({ Config: { Healthcheck: found } }, { image }) => {
      const isImages = JSON.stringify(found ?? null) === JSON.stringify(image?.Config?.Healthcheck ?? null);
      if (found == null || isImages) return new Map();
      return one(JSON.stringify([found.Test, found.Interval, found.Timeout, found.Retries]));
    },
  },
  {
    key: "ports",
    shown: true,
    declared: (service) =>
      names(
        listOf(service.ports).map((port) => {
          const { host_ip, published, target, protocol } = mapOf(port);
          return portText(textOf(host_ip), textOf(published), `${textOf(target)}/${textOf(protocol) || "tcp"}`);
        }),
      ),
    running: ({ HostConfig: { PortBindings } }) =>
      names(
        Object.entries(PortBindings).flatMap(([target, bindings]) =>
          bindings.map(({ HostIp, HostPort }) => portText(HostIp, HostPort, target)),
        ),
      ),
  },
  {
    key: "network_mode",
    shown: true,
    declared: (service) => one(service.network_mode),
    running: (container) => (usesNetworks(container) ? new Map() : one(container.HostConfig.NetworkMode)),
  },
  {
    key: "restart",
    shown: true,
    declared: (service) => one(service.restart ?? "no"),
    running: ({ HostConfig: { RestartPolicy } }) => {
      const { Name = "no", MaximumRetryCount: most = 0 } = RestartPolicy ?? {};
      return one(most > 0 ? `${Name}:${most}` : Name || "no");
    },
  },
  {
    key: "user",
    shown: true,
    declared: (service, { image }) => one(service.user ?? image?.Config?.User),
    running: ({ Config }) => one(Config.User),
  },
  {
    key: "mem_limit",
    shown: true,
    declared: (service) => amount(service.mem_limit),
    running: ({ HostConfig }) => amount(HostConfig.Memory),
  },
  {
    key: "cpus",
    shown: true,
    declared: (service) => amount(service.cpus),
    running: ({ HostConfig }) => amount(HostConfig.NanoCpus / 1e9),
  },
  {
    key: "pids_limit",
    shown: true,
    declared: (service) => amount(service.pids_limit),
    running: ({ HostConfig }) => amount(HostConfig.PidsLimit),
  },
  {
    key: "cap_add",
    shown: true,
    declared: (service) => names(listOf(service.cap_add).map(capability)),
    running: ({ HostConfig }) => names(HostConfig.CapAdd.map(capability)),
  },
  {
    key: "cap_drop",
    shown: true,
    declared: (service) => names(listOf(service.cap_drop).map(capability)),
    running: ({ HostConfig }) => names(HostConfig.CapDrop.map(capability)),
  },
  {
    key: "security_opt",
    shown: true,
    declared: (service) => names(listOf(service.security_opt).map(securityOption)),
    running: ({ HostConfig }) => names(HostConfig.SecurityOpt.map(securityOption)),
  },
  {
    key: "extra_hosts",
    shown: true,
    declared: (service) => names(listOf(service.extra_hosts).map((host) => textOf(host).replace("=", ":"))),
    running: ({ HostConfig }) => names(HostConfig.ExtraHosts),
  },
  {
    key: "tmpfs",
    shown: true,
    declared: (service) => parts(listOf(service.tmpfs).map((item) => divided(textOf(item), ":"))),
    running: ({ HostConfig }) => parts(Object.entries(HostConfig.Tmpfs)),
  },
  {
    key: "logging",
    shown: true,
    declared: (service) => {
      const { driver, options } = mapOf(service.logging);
      return loggingParts(textOf(driver), textEntries(mapOf(options)));
    },
    running: ({ HostConfig: { LogConfig } }) =>
      loggingParts(LogConfig?.Type ?? "", Object.entries(LogConfig?.Config ?? {})),
  },
  {
    key: "stop_grace_period",
    shown: true,
    declared: (service) => amount(nanoseconds(service.stop_grace_period) / 1e9),
    running: ({ Config }) => amount(Config.StopTimeout ?? 0),
  },
  ...(
    [
      ["read_only", "ReadonlyRootfs"],
      ["privileged", "Privileged"],
      ["init", "Init"],
    ] as const
  ).map(
    ([key, name]): Field => ({
      key,
      shown: true,
      declared: (service) => one(service[key] === true ? "true" : undefined),
      running: ({ HostConfig }) => one(HostConfig[name] ? "true" : undefined),
    }),
  ),
];

function usesNetworks({ HostConfig: { NetworkMode } }: Container): boolean {
  return NetworkMode !== "host" && NetworkMode !== "none" && !NetworkMode.startsWith("container:");
}
