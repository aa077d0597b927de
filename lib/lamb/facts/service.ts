import type { EnvVar } from "../../construct/env-var";
import type { HealthcheckProps } from "../../construct/healthcheck";
import type { LeftOutVar, RetiredVar } from "../../env/contract";
import type { ValueKind } from "../../env/value-kinds";
import type { IgnoreRule } from "../../images/docker-ignore";
import type { ImageBuild } from "../../images/image-build";
import type { ContainerContract } from "../../images/python/contract";
import type { ImageUser } from "../../images/python/stages";
import type { FixedValue } from "../../policy/rules/fixed-values";
import type { NeededVariable } from "../../policy/rules/needed-variables";

/** What lies in a folder: a database of SQLite, or files. */
export interface Store {
  /** Path in its folder. `.` is whatever the other stores of the folder leave. */
  readonly path: string;
  readonly holds: string;
  /**
   * How a copy is made.
   *
   * - `database`: of one instant, with what SQLite keeps beside the file (`-wal`, `-shm`, `-journal`), and checked afterwards
   * - `files`: as they are, at the instant of the databases that name them
   * - `once`: they are never changed once they are written, so that a copy may share them; the path is a pattern, in which
   *   `*` is any text
   * - `none`: the program makes them again
   */
  readonly copy: "database" | "files" | "once" | "none";
  /**
   * Files that each folder of the path, which is a pattern then, must have with something in them: without one it is of no
   * use.
   * @default - none is known
   */
  readonly parts?: readonly string[] | undefined;
  /**
   * A table that the database always has.
   * @default - none is known
   */
  readonly table?: string | undefined;
  /**
   * The table whose largest `version` is the schema's.
   * @default - the program keeps none
   */
  readonly versions?: string | undefined;
}

/** A folder of a container that outlives it. */
export interface Folder {
  readonly path: string;
  /** A noun. */
  readonly holds: string;
  readonly volume: string;
  /**
   * Where it lies in the volume.
   * @default - it is the whole volume
   */
  readonly subpath?: string | undefined;
  /**
   * Nobody but the program may look into it: the program keeps it at mode 0700.
   * @default false
   */
  readonly isPrivate?: boolean | undefined;
  /**
   * How much is lost with it.
   *
   * - `data`: what people made
   * - `made`: what takes time or quota to get again, such as certificates
   * - `nothing`: what may go
   */
  readonly loss: "data" | "made" | "nothing";
  /** Nothing, for a folder of another service: they are that one's. */
  readonly stores: readonly Store[];
  /**
   * What it names of what other volumes hold, by the volume: a noun.
   * @default - nothing
   */
  readonly refersTo?: Readonly<Record<string, string>> | undefined;
  /**
   * The service whose folder it is, by name.
   * @default - this one
   */
  readonly of?: string | undefined;
  /**
   * Why this service writes the folder of another one: printed above the mount.
   * @default - it only reads that
   */
  readonly writes?: string | undefined;
}

/** Where a program is in a checkout of LAMB, and how its image is built of it. Paths are those of the checkout. */
export interface ImageSource {
  readonly title: string;
  readonly description: string;
  /** Folder of the program. It finds its own modules there. */
  readonly program: string;
  /** More folders in which it finds its own modules, and the same in the image. */
  readonly modulePath: readonly { readonly checkout: string; readonly image: string }[];
  /** Module with which it begins. */
  readonly entry: string;
  /** What the project asks for. */
  readonly requirements: string;
  /** Optional dependencies that belong to it, by the name of their group. */
  readonly extra?: string;
  /** Packages among the requirements, and what those need, that are published as source alone. */
  readonly sourceOnly?: readonly string[];
  /** Folder of the program in the image. */
  readonly workdir: string;
  /** Words for uvicorn beside host and port. */
  readonly serverOptions: readonly string[];
  /** Variables that the image brings. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folders that the program writes beside those with volumes. */
  readonly scratch?: readonly string[];
  /** What the program's folder has, and the image must not. */
  readonly ignored: readonly IgnoreRule[];
}

/** What the container is checked for at its start, beside what holds for the service everywhere. */
export interface StartChecks
  extends Pick<ContainerContract, "otherOrigins" | "emptyWhenMissing" | "workers" | "settings"> {
  /** What values must look like, by kind, beside what the variables of the environment say. */
  readonly kinds: { readonly [Kind in ValueKind]?: readonly string[] };
  /** Keys that may be missing, and must not be public when they are there. */
  readonly secrets?: readonly string[];
  readonly folders?: ContainerContract["folders"];
}

/** Everything that is known of a service. Whatever the library says of it elsewhere is made from this. */
export interface ServiceFacts<Role extends string = string> {
  /** Its name in the stack. */
  readonly name: string;
  /** The program, at the beginning of a sentence. */
  readonly program: string;
  /** What it is to people: a noun. */
  readonly is: string;
  /** The image's name in any registry, such as `lamb-kb` or `ollama/ollama`. */
  readonly image: string;
  /**
   * Tag of another project's image.
   * @default - it is released with LAMB, under LAMB's tag
   */
  readonly tag?: string | undefined;
  /**
   * User of the program in the images that are built here: the owner of its data.
   * @default - root, or as the image says
   */
  readonly owner?: ImageUser | undefined;
  /** The port of the container. It is built into the image. */
  readonly port: number;
  /**
   * Variable that moves the port on the host.
   * @default - none: it is not published
   */
  readonly published?: EnvVar | undefined;
  /** What it says when it can do its work: a Python program for its container, or another healthcheck. */
  readonly probe: string | HealthcheckProps;
  /**
   * Addresses that answer the same whatever state it is in, by the words of a probe, and what to ask instead.
   * @default - none
   */
  readonly constant?: { readonly probe: RegExp; readonly instead: string } | undefined;
  /** What outlives the container, by what it is to the program. */
  readonly folders: { readonly [Key in Role]: Folder };
  /**
   * Variables without which it does not work.
   * @default - none
   */
  readonly needs?: readonly NeededVariable[] | undefined;
  /**
   * Variables that have one right value.
   * @default - none
   */
  readonly fixed?: readonly FixedValue[] | undefined;
  /** What its container gets, whatever else the stack has. */
  readonly environment: Readonly<Record<string, string | EnvVar>>;
  /**
   * Variables of its container that hold addresses for browsers.
   * @default - none
   */
  readonly forBrowsers?: readonly string[] | undefined;
  /**
   * Variables that the program reads and the deployment does not pass on, and why. `*` stands for any end of a name.
   * @default - none
   */
  readonly leftOut?: readonly LeftOutVar[] | undefined;
  /**
   * Variables of earlier templates that are facts now.
   * @default - none
   */
  readonly retired?: readonly RetiredVar[] | undefined;
  /**
   * Why its root file system must be one that it can write.
   * @default - it need not be
   */
  readonly writesRoot?: string | undefined;
  /**
   * Variable with the most memory that it may take.
   * @default - none
   */
  readonly memory?: EnvVar | undefined;
  /** The services that it talks to. */
  readonly talksTo: readonly string[];
  /**
   * Whether a service of somebody's own may talk to it.
   * @default false
   */
  readonly open?: boolean | undefined;
  /**
   * Services without which it cannot start.
   * @default - none
   */
  readonly waitsFor?: readonly string[] | undefined;
}

/** A service whose image LAMB publishes. */
export interface LambServiceFacts<Role extends string = string> extends ServiceFacts<Role> {
  /** How a checkout of LAMB builds the image. */
  readonly build: Omit<ImageBuild, "name">;
}

/** A service whose own Dockerfile builds its image, and whose program a checkout has. */
export interface CheckoutServiceFacts<Role extends string = string> extends LambServiceFacts<Role> {
  readonly source: Pick<ImageSource, "program">;
}

/** A service whose image this library brings a Dockerfile for. */
export interface BuiltServiceFacts<Role extends string = string> extends CheckoutServiceFacts<Role> {
  readonly source: ImageSource;
  readonly owner: ImageUser;
  readonly probe: string;
  readonly checks: StartChecks;
}

/** Whether an image, named without tag and digest, is the service's, in whichever registry it lies. */
export function isImageOf({ image }: ServiceFacts, repository: string): boolean {
  return repository === image || repository.endsWith(`/${image}`);
}

/** Where other services reach a service. */
export function addressOf({ name, port }: Pick<ServiceFacts, "name" | "port">): string {
  return `http://${name}:${port}`;
}

/** What a program does without a variable that it cannot do without. */
export const STOPS = "stops at its start";

/** Why a port has one right value. */
export const BUILT_IN = "the port is built into the image, and only the probe would follow the variable";

/** A variable of earlier templates that has one value now. */
export function fixed(name: string, harmlessValue: string, what: string): RetiredVar {
  return { name, harmlessValue, reason: `it is fixed now: ${what}` };
}

/** The address of a service of the deployment, which may also run elsewhere. */
export function fixedAddress(name: string, service: Pick<ServiceFacts, "name" | "port">, what: string): RetiredVar {
  return {
    ...fixed(name, addressOf(service), `the address of ${what} inside the deployment`),
    otherwise: "one that runs elsewhere is named in the environment of LAMB, in a Compose file of your own",
  };
}
