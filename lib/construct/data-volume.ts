import type { Construct } from "constructs";
import { EnvVar } from "./env-var";
import { FACT, type Fact } from "./facts";
import { Volume } from "./volume";

/** Which generation of the data runs. Empty: the first one. */
export const DATA_GENERATION = new EnvVar("DATA_GENERATION", {
  meaning:
    "which generation of the data runs; empty for the first. What upgrades or restores makes the next one, so that the way back stays open",
  group: "Data",
  type: (z) => z.string().regex(/^(?:-[a-z0-9]+)?$/, "must be empty, or such as -g2"),
});

/** What the commands on a deployment must know of a {@link DataVolume}. */
export interface DataVolumeProps {
  /**
   * Databases of SQLite in it, by their paths in the volume. One that was there before an upgrade must be there, and sound,
   * after it. Every file that is such a database is copied as one, whether it stands here or not.
   * @default - none that must be there
   */
  readonly databases?: readonly string[] | undefined;
  /**
   * Files that are never changed once they are written, as patterns of their paths in the volume: `*` is any text, slashes
   * included. A copy of the volume shares them with the original, where both lie on one disk, instead of taking their room
   * once more. A file that a program writes a second time under its name must not be among them: it would change in the
   * copy, too.
   * @default - none: all files are copied
   */
  readonly writtenOnce?: readonly string[] | undefined;
  /**
   * Folders that are of use only as a whole, such as those of an index of vectors, as patterns of their paths in the volume,
   * and the files that each of them must have with something in them. A backup in which one lacks them is refused.
   * @default - none that is known
   */
  readonly whole?: Readonly<Record<string, readonly string[]>> | undefined;
  /**
   * What the data name of the data in other volumes, by the key of the volume: a noun, such as `users`. Who restores one of
   * the two alone is told.
   * @default - nothing that is known
   */
  readonly refersTo?: Readonly<Record<string, string>> | undefined;
  /**
   * Names how the data are laid out: programs that name the same one can read each other's data. Only between these
   * `rollback --keep-data` is possible.
   * @default - nothing is known of it
   */
  readonly schema?: string | undefined;
  /**
   * Whether it is one volume for all generations of the data. Upgrades and restores leave it as it is; backups have it, and
   * `restore --new` brings it back: right for what is renewed all the time and names nothing of other volumes, such as
   * certificates.
   * @default false
   */
  readonly sameInAllGenerations?: boolean | undefined;
}

/**
 * A volume with data that people would miss. Its name carries the generation of the data: an upgrade or a restore copies
 * them to the volumes of the next generation, and changes one line of the `.env`. Without such a line the name is the one
 * that Compose gives to any volume, `<project>_<id>`: a deployment that exists keeps its data.
 *
 * Of a volume's own keys it takes none: Compose offers to make a volume anew, empty, when anything else of its definition
 * changes. What it takes stands in `x-lamb-compose` of its file, for the commands on the deployment.
 *
 * @example
 * ```ts
 * const data = new DataVolume(file, "db-data");
 * new Service(file, "db", { image: "postgres:17", volumes: [data.at("/var/lib/postgresql/data")] });
 * ```
 */
export class DataVolume extends Volume {
  private readonly about: DataVolumeProps;

  constructor(scope: Construct, id: string, props: DataVolumeProps = {}) {
    super(
      scope,
      id,
      props.sameInAllGenerations === true ? {} : { name: `\${COMPOSE_PROJECT_NAME}_${id}${DATA_GENERATION}` },
    );
    this.about = { ...props };
  }

  /** What the commands know of it. @internal */
  [FACT](volumes: ReadonlySet<string>): Fact | undefined {
    if (Object.values(this.about).every((known) => known === undefined)) return undefined;
    const { databases, writtenOnce, whole = {}, refersTo, schema, sameInAllGenerations } = this.about;
    const folders = Object.entries(whole).map(([folder, files]) => [folder, files.join(" ")] as const);
    const told = {
      databases,
      writtenOnce,
      ...(folders.length === 0 ? {} : { whole: Object.fromEntries(folders) }),
      refersTo: among(volumes, refersTo),
      schema,
      sameInAllGenerations,
    };
    return { section: "stores", key: this.name, value: told };
  }
}

/** What is said of volumes that the file has. */
function among(volumes: ReadonlySet<string>, refersTo: DataVolumeProps["refersTo"] = {}) {
  const known = Object.entries(refersTo).filter(([key]) => volumes.has(key));
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
