import { z } from "zod";
import type { Frozen } from "../../lamb/facts/frozen";
import type { Told } from "../amounts";
import type { CopierMount } from "../data/container";
import type { Copier } from "../data/copier";
import type { Docker } from "../engine/docker";
import { OperateError } from "../error";
import { COPIER, MIGRATE } from "../generated/programs";

const SCRATCH = "/scratch";

/** A folder that is taken, as the program sees it. */
export interface PlaceSpec {
  /** Volume that gets it, by its key, and folder in that. */
  readonly volume: string;
  readonly folder: string;
  /** Where it may be. The first that is there counts. */
  readonly from: readonly string[];
  /** Its path on the host, to say where links lead. Empty where it has none. */
  readonly host: string;
  readonly only?: readonly string[] | undefined;
  /** Link → what it leads to, in the container and on the host. */
  readonly links: Readonly<Record<string, readonly [inside: string, outside: string]>>;
}

/** What is frozen, and what it is to say. That may be a secret. */
export type FrozenSpec = readonly (Frozen & { readonly value?: string | undefined })[];

const COUNTS = z.record(z.string(), z.union([z.number(), z.string()]));
const ROWS = z.object({
  changed: z.number(),
  right: z.number(),
  lost: z.number(),
  from: z.record(z.string(), z.number()),
  missing: z.array(z.string()),
  elsewhere: z.record(z.string(), z.number()),
});
const SURVEYED = z.object({
  at: z.number().nullable(),
  files: z.number(),
  bytes: z.number(),
  databases: z.record(z.string(), COUNTS),
  links: z.array(z.tuple([z.string(), z.string(), z.string().nullable()])),
  owners: z.record(z.string(), z.number()),
  private: z.number(),
  other: z.array(z.string()),
  unread: z.array(z.tuple([z.string(), z.string()])),
});
const SURVEY = z.object({ places: z.array(SURVEYED), frozen: z.array(ROWS.nullable()), free: z.number() });
const FILE = z.tuple([z.string(), z.number(), z.number(), z.number(), z.string()]);
const TAKEN = z.array(z.array(FILE));
const REWRITTEN = z.object({
  frozen: z.array(ROWS.nullable()),
  databases: z.record(z.string(), z.object({ before: COUNTS, after: COUNTS })),
});

/** Rows of one column: how many change, are right already, or name what is not there. */
export type FrozenRows = z.infer<typeof ROWS>;
/** What is in a place. */
export type SurveyedPlace = z.infer<typeof SURVEYED>;
/** What is in all places, by their order, what is frozen in it, and the room that the engine's disk has. */
export type Survey = z.infer<typeof SURVEY>;
/** Files by place: path, bytes, times of change in nanoseconds, hash. */
export type Taken = z.infer<typeof TAKEN>;
/** What was rewritten, by the order of what is frozen; and the rows of each table before and after that. */
export type Rewritten = z.infer<typeof REWRITTEN>;

/** Refusals of the program, which begin with the code. */
const REFUSALS = [
  {
    code: "bad-database",
    reason: "is not sound",
    fix: "repair the original first: `PRAGMA integrity_check` says what is wrong",
  },
  {
    code: "source-changes",
    reason: "was written while it was copied",
    fix: "stop what writes it, a program outside of Docker perhaps; then run this again",
  },
  {
    code: "copy-differs",
    reason: "is not in the copy what it is in the original",
    fix: "check the disk and the memory of this host; then run this again",
  },
  {
    code: "two-sources",
    reason: "is there twice: in a volume, and in the layer of a container or in another folder",
    fix: "remove the containers or the volume that nobody uses any more, and run this again",
  },
] as const;

/** Volumes that are filled: their keys, and their names on the engine. */
export type Targets = Readonly<Record<string, string>>;

/** The program that looks at data, copies them and rewrites them. */
export class DataProgram {
  /** @param name of its container: only one may be at work on a deployment */
  constructor(
    private readonly docker: Docker,
    private readonly copier: Copier,
    private readonly name: string,
  ) {}

  /**
   * Looks at places.
   *
   * @param frozen what may be frozen in them. `undefined` leaves databases alone
   */
  survey(
    mounts: readonly CopierMount[],
    places: readonly PlaceSpec[],
    frozen: FrozenSpec | undefined,
  ): Promise<Survey> {
    const spec = { places, frozen: frozen ?? [], reads: frozen !== undefined, scratch: SCRATCH };
    return this.run("survey", [...mounts, { target: SCRATCH }], spec, SURVEY);
  }

  /**
   * Makes the targets what the places are.
   *
   * @param live whether programs may be writing there: then what they have changed meanwhile is left out
   * @param known what an earlier pass took
   * @param told gets how far it is. @default - nobody
   * @throws OperateError `source-changes`, `copy-differs`, `two-sources`
   */
  take(
    mounts: readonly CopierMount[],
    targets: Targets,
    spec: { readonly places: readonly PlaceSpec[]; readonly live: boolean; readonly known?: Taken | undefined },
    told?: Told,
  ): Promise<Taken> {
    return this.run("take", [...mounts, ...mountsOf(targets)], { ...spec, roots: rootsOf(targets) }, TAKEN, told);
  }

  /**
   * Rewrites what is frozen in the targets, and gives them to their owners.
   *
   * @param owners volume, by its key → user and group
   * @throws OperateError `bad-database`, also where a table has another number of rows afterwards
   */
  async rewrite(
    targets: Targets,
    frozen: FrozenSpec,
    owners: Readonly<Record<string, readonly [user: number, group: number]>>,
  ): Promise<Rewritten> {
    const spec = { frozen, owners, roots: rootsOf(targets) };
    const rewritten = await this.run("rewrite", mountsOf(targets), spec, REWRITTEN);
    const other = Object.entries(rewritten.databases).filter(([, { before, after }]) => {
      return JSON.stringify(before) !== JSON.stringify(after);
    });
    if (other.length === 0) return rewritten;
    const path = other.map(([name]) => name).join(", ");
    const reason = "has another number of rows after addresses and keys in it were rewritten";
    throw new OperateError({ code: "bad-database", path, reason, fix: "report it: this is a fault of this tool" });
  }

  private async run<T extends z.ZodType>(
    action: string,
    mounts: readonly CopierMount[],
    spec: object,
    schema: T,
    told?: Told,
  ): Promise<z.infer<T>> {
    // One of a command that was killed may still be at work.
    await this.docker.run(["rm", "--force", this.name]);
    const input = JSON.stringify(spec);
    const options = { mounts, schema, name: this.name, input, refusal, told };
    return this.copier.runProgram(MIGRATE, [COPIER, action], options);
  }
}

function refusal(said: string): Error | undefined {
  const [, word, path = ""] = /^([a-z]+-[a-z]+) (.*)$/m.exec(said) ?? [];
  const found = REFUSALS.find(({ code }) => code === word);
  return found === undefined ? undefined : new OperateError({ ...found, path });
}

function rootOf(key: string): string {
  return `/to/${key}`;
}

function rootsOf(targets: Targets): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(targets).map((key) => [key, rootOf(key)]));
}

function mountsOf(targets: Targets): readonly CopierMount[] {
  return Object.entries(targets).map(([key, source]) => ({ source, target: rootOf(key) }));
}
