import type { Construct } from "constructs";
import type { Binding } from "../construct/binding";
import { DataVolume } from "../construct/data-volume";
import { Healthcheck } from "../construct/healthcheck";
import { Port } from "../construct/port";
import type { Service, ServiceProps } from "../construct/service";
import { Volume } from "../construct/volume";
import type { Policy } from "../policy/policy";
import type { ReleaseFacts } from "./facts/releases";
import type { Folder, ServiceFacts, Store } from "./facts/service";

/** How a service of LAMB is told how much memory it may take. */
export interface LimitedProps {
  /**
   * Whether the service has its limit of memory, a variable of the `.env`. Without it, an overlay can say it.
   * @default true
   */
  readonly memoryLimit?: boolean | undefined;
}

/** What a service gets that says nothing of its own, as its facts have it. Its image and its mounts it says itself. */
export function propsOf(
  { environment, port, probe, published, memory }: ServiceFacts,
  { memoryLimit = true }: LimitedProps = {},
): ServiceProps {
  return {
    environment,
    expose: [String(port)],
    healthcheck:
      typeof probe === "string" ? Healthcheck.command(onceListening(port, ["python", "-IS", "-c", probe])) : probe,
    ...(published === undefined ? {} : { ports: [Port.loopback(port, { published })] }),
    ...(memory === undefined || !memoryLimit ? {} : { mem_limit: memory }),
  };
}

/**
 * A command that begins only when something listens at a port of its container. Bash waits two seconds for that: one probe
 * that waits costs less than several that ask, and sees at once what begins to listen. In an image without bash the command
 * begins at once.
 */
function onceListening(port: number, words: readonly string[]): readonly string[] {
  const ask = `</dev/tcp/127.0.0.1/${port}`;
  const wait = `for try in {1..20}; do ${ask} && exit; sleep 0.1; done 2>/dev/null; ${ask}`;
  return ["sh", "-c", `if command -v bash >/dev/null; then bash -c '${wait}' || exit 1; fi; exec "$0" "$@"`, ...words];
}

/**
 * The volume of a folder. What people made moves with the generation of the data.
 *
 * @param schemas the versions of the schemas of databases, by their paths. @default - none is known
 */
export function volumeOf(
  scope: Construct,
  { volume, loss, stores, refersTo }: Folder,
  schemas: ReleaseFacts["schemas"] = {},
): Volume {
  if (loss !== "data") {
    // What a program makes again by itself is not worth the room in a backup.
    const isKept = loss === "made" && stores.some(({ copy }) => copy !== "none");
    return isKept ? new DataVolume(scope, volume, { sameInAllGenerations: true }) : new Volume(scope, volume);
  }
  const pathsOf = (kind: Store["copy"]) => {
    const paths = stores.filter(({ copy }) => copy === kind).map(({ path }) => path);
    return paths.length === 0 ? undefined : paths;
  };
  const databases = pathsOf("database");
  // Of files beside them nothing is known, unless they come with the databases that name them.
  const known = databases?.flatMap((path) => (schemas[path] === undefined ? [] : [`${path} ${schemas[path]}`])) ?? [];
  const schema = known.length > 0 && known.length === databases?.length ? known.join(", ") : undefined;
  const parts = stores.flatMap(({ path, parts: names }) => (names === undefined ? [] : [[path, names] as const]));
  const whole = parts.length === 0 ? undefined : Object.fromEntries(parts);
  return new DataVolume(scope, volume, { databases, writtenOnce: pathsOf("once"), whole, refersTo, schema });
}

/** A folder as a mount of its volume. */
export function mountOf(volume: Volume, { path, subpath }: Folder): Binding {
  // A part of a volume is there before the container is: nothing is to be copied from the image.
  return volume.at(path, subpath === undefined ? {} : { subpath, nocopy: true });
}

/** Lets a service write its root file system when its facts say why it must. */
export function expectWrittenRoot(policy: Policy, service: Service, { writesRoot }: ServiceFacts): void {
  if (writesRoot !== undefined) policy.suppress("read-only-root", service, writesRoot);
}
