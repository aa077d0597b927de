import { posix } from "node:path";
import { z } from "zod";
import type { Told } from "../amounts";
import { parsedAnswer } from "../engine/answer";
import type { Docker } from "../engine/docker";
import { dockerProblem } from "../engine/problems";
import { type ComposeProject, inspect } from "../engine/project";
import { OperateError } from "../error";
import { COPIER, COPY_VOLUMES } from "../generated/programs";
import { type ContainerOptions, type CopierMount, LIMIT, runInContainer } from "./container";
import { interpreterIn, PYTHON, SHELL } from "./interpreter";

/** A volume and what it is copied to. */
export interface VolumePair {
  readonly from: string;
  readonly to: string;
  /** Databases that must be sound in the copy, where the volume has them. */
  readonly databases: readonly string[];
  /** Patterns of files that are never changed once they are written: the copy may share them. @default - none */
  readonly writtenOnce?: readonly string[] | undefined;
}

/** What is known of one volume, and of its copy if there is one. */
type Known = Pick<VolumePair, "from" | "writtenOnce"> & Partial<Pick<VolumePair, "to" | "databases">>;

const PLACED = z.looseObject({
  Name: z.string(),
  Driver: z.string(),
  Mountpoint: z.string(),
  Options: z.record(z.string(), z.string()).nullish(),
});

/** Status with which `docker run` says that it is itself that failed, and not the program. */
const DOCKER_FAILED = 125;

const MEASURED = z.object({ files: z.number(), bytes: z.number(), shared: z.number(), free: z.number() });
const SYNCED = z.object({ files: z.number(), written: z.number() });
/** Paths of databases that are not sound, each with the reason. */
export const BAD = z.array(z.tuple([z.string(), z.string()]));
const CHECKED = z.object({ databases: z.array(z.string()), bad: BAD });
const LAYOUT = z.record(z.string(), z.string().nullable());
const COMPARED = z.object({ added: z.number(), changed: z.number(), removed: z.number() });

/** How much there is in volumes, and how much room for more. Bytes. */
export interface Measured {
  readonly files: number;
  readonly bytes: number;
  /** Of the bytes, those that a copy would share with the volume. */
  readonly shared: number;
  readonly free: number;
}

/** What is other in one volume than in another. Numbers of files. */
export interface Compared {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** What the databases of a volume look like, by their paths. */
export type Layout = z.infer<typeof LAYOUT>;

/** How {@link Copier.runProgram} runs a program. */
export interface ProgramOptions<T extends z.ZodType> extends ContainerOptions {
  /** What it answers. */
  readonly schema: T;
  /** The error for a program that failed, by what it says. @default - as for Docker itself */
  readonly refusal?: ((said: string) => Error | undefined) | undefined;
}

/**
 * Copies volumes, with the Python or the shell of an image that the deployment runs anyway: nothing is pulled, and it works
 * wherever the engine is. It has no network, and may do nothing but read and write files, whoever owns them.
 */
export class Copier {
  private constructor(
    private readonly docker: Docker,
    private readonly image: string,
    private readonly interpreter: string,
    /** Whether there is no Python: each copy is made whole, shares nothing with its volume, and databases are not opened. */
    readonly isPlain: boolean,
  ) {}

  /**
   * Looks for an image that can copy.
   *
   * @param images by their ids or names, on the engine; the first that can is taken
   * @throws OperateError `no-copier`
   */
  static async find(docker: Docker, images: readonly string[]): Promise<Copier> {
    const found = await interpreterIn(docker, images, PYTHON);
    if (found !== undefined) return new Copier(docker, ...found, false);
    const { stdout: here } = await docker.run(["image", "inspect", "--format", "{{.Id}}", ...images]);
    throw new OperateError(
      here.trim() === ""
        ? {
            code: "no-copier",
            reason: "none of the deployment's images is on this engine yet, so that nothing can copy its data",
            fix: "start the deployment with `lamb-compose up`, or fetch its images with `docker compose pull`",
          }
        : {
            code: "no-copier",
            reason: "no image of the deployment has a Python with SQLite, with which data are copied",
            fix: "put a service into the deployment that has one, or move the data by hand",
          },
    );
  }

  /**
   * Looks for an image that can copy, if need be with the tools of a shell alone: then it runs programs of the shell.
   *
   * @param images by their ids or names, on the engine; one with Python is preferred
   * @throws OperateError `no-copier`
   */
  static async findAny(docker: Docker, images: readonly string[]): Promise<Copier> {
    try {
      return await Copier.find(docker, images);
    } catch (error) {
      const found = await interpreterIn(docker, images, SHELL);
      if (found === undefined) throw error;
      return new Copier(docker, ...found, true);
    }
  }

  /** {@link findAny} among the images of the containers of a project. */
  static async ofContainers(project: ComposeProject): Promise<Copier> {
    const images = (await project.containers()).map(({ Image }) => Image);
    return Copier.findAny(project.docker, [...new Set(images)]);
  }

  /**
   * How much volumes hold together. The room is that of the disk on which the first lies.
   *
   * @param volumes their names on the engine, or also which of their files are written once
   */
  async measure(volumes: readonly (string | Pick<VolumePair, "from" | "writtenOnce">)[]): Promise<Measured> {
    const known = volumes.map((one) => (typeof one === "string" ? { from: one } : one));
    const found = await this.run("measure", known, MEASURED);
    const sum = (of: (one: Measured) => number) => found.reduce((all, one) => all + of(one), 0);
    const [first] = found;
    return {
      files: sum(({ files }) => files),
      bytes: sum(({ bytes }) => bytes),
      shared: sum(({ shared }) => shared),
      free: first?.free ?? 0,
    };
  }

  /**
   * Makes each copy what its volume is now. What is so already is left alone.
   *
   * @param told gets how far it is. @default - nobody
   * @returns bytes that were written
   */
  async sync(pairs: readonly VolumePair[], told?: Told): Promise<number> {
    const found = await this.run("sync", pairs, SYNCED, { told });
    return found.reduce((sum, { written }) => sum + written, 0);
  }

  /**
   * Has every database in the copies checked.
   *
   * @throws OperateError `bad-database`, all at once
   */
  async check(pairs: readonly VolumePair[]): Promise<void> {
    const found = await this.run("check", pairs, CHECKED);
    assertSound(found.map(({ bad }, at) => [pairs[at]?.to, bad]));
  }

  /**
   * What each database in the copies looks like, by its path: equal texts are equal tables. `null` of one that cannot be read,
   * and nothing at all without Python.
   */
  async layouts(pairs: readonly VolumePair[]): Promise<readonly Layout[]> {
    return this.isPlain ? pairs.map(() => ({})) : this.run("layout", pairs, LAYOUT);
  }

  /** {@link sync} and {@link check} at once. */
  async take(pairs: readonly VolumePair[], told?: Told): Promise<void> {
    const found = await this.run("take", pairs, CHECKED, { told });
    assertSound(found.map(({ bad }, at) => [pairs[at]?.to, bad]));
  }

  /** What is in each first volume, and not in the second, or otherwise. */
  compare(pairs: readonly VolumePair[]): Promise<readonly Compared[]> {
    return this.run("compare", pairs, COMPARED, { readOnly: true });
  }

  private async run<T extends z.ZodType>(
    action: string,
    volumes: readonly Known[],
    schema: T,
    options: RunOptions = {},
  ): Promise<readonly z.infer<T>[]> {
    if (volumes.length === 0) return [];
    const all = this.isPlain ? undefined : await this.commonFolder(volumes);
    const answer = await this.start(action, volumes, all, options);
    // An engine behind a virtual machine may not mount its own folder: then all files are copied.
    const again = answer.code === DOCKER_FAILED && all !== undefined;
    const { code, ...said } = again ? await this.start(action, volumes, undefined, options) : answer;
    if (code !== 0) throw dockerProblem(["run", "copier"], { code, ...said }, LIMIT);
    return parsedAnswer(said.stdout, z.array(schema), "the copier");
  }

  private start(
    action: string,
    volumes: readonly Known[],
    all: CommonFolder | undefined,
    { readOnly = false, told }: RunOptions,
  ) {
    const mounts = volumes.flatMap(({ from, to }, at): CopierMount[] => [
      { source: from, target: `/from/${at}`, readOnly: true },
      ...(to === undefined ? [] : [{ source: to, target: `/to/${at}`, readOnly }]),
    ]);
    // Where nothing is copied, what can be shared is tried out in a volume without a name, which goes with the container.
    const looks = volumes.every(({ to }) => to === undefined);
    if (looks) mounts.push({ target: "/probe" });
    if (all !== undefined) mounts.push({ source: all.folder, target: "/all", readOnly: readOnly || looks });
    const about = volumes.map(({ from, to, databases = [], writtenOnce = [] }) => {
      const places = [from, ...(to === undefined ? [] : [to])].flatMap((name) => all?.places.get(name) ?? []);
      const isPlaced = places.length === (to === undefined ? 1 : 2);
      return { databases, writtenOnce, places: isPlaced ? places : null };
    });
    if (this.isPlain) return this.inContainer(COPY_VOLUMES, ["copier", action, `${volumes.length}`], { mounts });
    return this.inContainer(COPIER, [action, JSON.stringify(about)], { mounts, told });
  }

  private inContainer(program: string, words: readonly string[], options: ContainerOptions) {
    return runInContainer(this.docker, [this.interpreter, this.image], program, words, options);
  }

  /**
   * Runs another program in the same way, with Python, or where the copier {@link isPlain} with the shell: it may only read
   * and write what is mounted.
   *
   * @returns what it printed, as JSON
   * @throws OperateError
   */
  async runProgram<T extends z.ZodType>(
    program: string,
    words: readonly string[],
    { schema, refusal, ...options }: ProgramOptions<T>,
  ): Promise<z.infer<T>> {
    const answer = await this.inContainer(program, words, options);
    if (answer.code !== 0) {
      throw refusal?.(answer.stderr) ?? dockerProblem(["run", "copier"], answer, options.limit ?? LIMIT);
    }
    return parsedAnswer(answer.stdout, schema, "the copier");
  }

  /** Where the engine keeps the volumes with files that are written once. `undefined` where that is not one folder. */
  private async commonFolder(volumes: readonly Known[]): Promise<CommonFolder | undefined> {
    const sharing = volumes.filter(({ writtenOnce = [] }) => writtenOnce.length > 0);
    const names = sharing.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to]));
    const found = await inspect(this.docker, "volume", PLACED, names);
    const local = found.filter(({ Driver, Options }) => Driver === "local" && Object.keys(Options ?? {}).length === 0);
    const folders = new Set(local.map(({ Mountpoint }) => posix.dirname(posix.dirname(Mountpoint))));
    const [folder] = folders;
    if (folder === undefined || folders.size > 1) return undefined;
    return {
      folder,
      places: new Map(local.map(({ Name, Mountpoint }) => [Name, posix.relative(folder, Mountpoint)])),
    };
  }
}

interface RunOptions extends Pick<ContainerOptions, "told"> {
  /** @default false */
  readonly readOnly?: boolean;
}

/** A folder of the engine, and where volumes lie below it, by their names. */
interface CommonFolder {
  readonly folder: string;
  readonly places: ReadonlyMap<string, string>;
}

/**
 * @param volumes names of them, each with what is wrong in it
 * @throws OperateError `bad-database`
 */
export function assertSound(volumes: readonly (readonly [name: string | undefined, bad: z.infer<typeof BAD>])[]): void {
  const bad = volumes.flatMap(([name, paths]) => paths.map(([path, why]) => `${name}: ${path}: ${why}`));
  if (bad.length === 0) return;
  const fix = "check whether the original is intact: `PRAGMA integrity_check`";
  throw new OperateError({ code: "bad-database", reason: `is not sound: ${bad.join("; ")}`, fix });
}
