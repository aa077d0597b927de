import { z } from "zod";
import { parsedAnswer } from "../engine/answer";
import type { Docker } from "../engine/docker";
import { dockerProblem } from "../engine/problems";
import { OperateError } from "../error";
import { COPIER_PROGRAM } from "./copier-program";

/** Seconds that copying may take. */
const LIMIT = 6 * 3600;
/** How Python is called in images. */
const PYTHONS = ["python3", "python"];
const PROBE = "import fcntl, sqlite3, sys; sys.exit(sys.version_info < (3, 7))";

/** A volume and what it is copied to. */
export interface VolumePair {
  readonly from: string;
  readonly to: string;
  /** Databases that must be sound in the copy, where the volume has them. */
  readonly databases: readonly string[];
}

const MEASURED = z.object({ files: z.number(), bytes: z.number(), free: z.number() });
const SYNCED = z.object({ files: z.number(), written: z.number() });
const CHECKED = z.object({ databases: z.array(z.string()), bad: z.array(z.tuple([z.string(), z.string()])) });
const COMPARED = z.object({ added: z.number(), changed: z.number(), removed: z.number() });

/** How much there is in volumes, and how much room for more. Bytes. */
export interface Measured {
  readonly files: number;
  readonly bytes: number;
  readonly free: number;
}

/** What is other in one volume than in another. Numbers of files. */
export interface Compared {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/**
 * Copies volumes, with the Python of an image that the deployment runs anyway: nothing is pulled, and it works wherever the
 * engine is. It has no network, and may do nothing but read and write files, whoever owns them.
 */
export class Copier {
  private constructor(
    private readonly docker: Docker,
    private readonly image: string,
    private readonly python: string,
  ) {}

  /**
   * Looks for an image that can copy.
   *
   * @param images by their ids or names, on the engine; the first that can is taken
   * @throws OperateError `no-copier`
   */
  static async find(docker: Docker, images: readonly string[]): Promise<Copier> {
    for (const image of images) {
      for (const python of PYTHONS) {
        const words = [
          "run",
          "--rm",
          "--pull",
          "never",
          "--network",
          "none",
          "--entrypoint",
          python,
          image,
          "-c",
          PROBE,
        ];
        if ((await docker.run(words)).code === 0) return new Copier(docker, image, python);
      }
    }
    throw new OperateError({
      code: "no-copier",
      reason: "no image of the deployment has a Python with SQLite, with which data are copied",
      fix: "put a service into the deployment that has one, or move the data by hand",
    });
  }

  /** How much the volumes hold together. The room is that of the disk on which the first lies. */
  async measure(volumes: readonly string[]): Promise<Measured> {
    const pairs = volumes.map((from) => ({ from, to: undefined, databases: [] }));
    const found = await this.run("measure", pairs, MEASURED);
    const sum = (of: (one: Measured) => number) => found.reduce((all, one) => all + of(one), 0);
    return { files: sum(({ files }) => files), bytes: sum(({ bytes }) => bytes), free: found[0]?.free ?? 0 };
  }

  /** Makes each copy what its volume is now. What is so already is left alone. @returns bytes that were written */
  async sync(pairs: readonly VolumePair[]): Promise<number> {
    const found = await this.run("sync", pairs, SYNCED);
    return found.reduce((sum, { written }) => sum + written, 0);
  }

  /**
   * Has every database in the copies checked.
   *
   * @throws OperateError `bad-database`, all at once
   */
  async check(pairs: readonly VolumePair[]): Promise<void> {
    assertSound(pairs, await this.run("check", pairs, CHECKED));
  }

  /** {@link sync} and {@link check} at once. */
  async take(pairs: readonly VolumePair[]): Promise<void> {
    assertSound(pairs, await this.run("take", pairs, CHECKED));
  }

  /** What is in each first volume, and not in the second, or otherwise. */
  compare(pairs: readonly VolumePair[]): Promise<readonly Compared[]> {
    return this.run("compare", pairs, COMPARED, true);
  }

  private async run<T extends z.ZodType>(
    action: string,
    pairs: readonly {
      readonly from: string | undefined;
      readonly to: string | undefined;
      readonly databases: readonly string[];
    }[],
    schema: T,
    readOnly = false,
  ): Promise<readonly z.infer<T>[]> {
    if (pairs.length === 0) return [];
    const mount = (name: string | undefined, target: string, isRead: boolean) => {
      if (name === undefined) return [];
      return ["--mount", `type=volume,source=${name},target=${target},volume-nocopy${isRead ? ",readonly" : ""}`];
    };
    const mounts = pairs.flatMap(({ from, to }, at) => [
      ...mount(from, `/from/${at}`, true),
      ...mount(to, `/to/${at}`, readOnly),
    ]);
    const alone = ["--rm", "--pull", "never", "--network", "none", "--user", "0:0", "--cap-drop", "ALL"];
    const rights = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"].flatMap((name) => ["--cap-add", name]);
    const declared = JSON.stringify(pairs.map(({ databases }) => databases));
    const program = [
      "--entrypoint",
      this.python,
      this.image,
      "-c",
      COPIER_PROGRAM,
      action,
      `${pairs.length}`,
      declared,
    ];
    const words = ["run", ...alone, ...rights, "--read-only", ...mounts, ...program];
    const answer = await this.docker.run(words, { timeout: LIMIT });
    if (answer.code !== 0) throw dockerProblem(["run", "copier"], answer, LIMIT);
    return parsedAnswer(answer.stdout, z.array(schema), "the copier");
  }
}

function assertSound(pairs: readonly VolumePair[], found: readonly z.infer<typeof CHECKED>[]): void {
  const bad = found.flatMap((one, at) => one.bad.map(([path, why]) => `${pairs[at]?.to}: ${path}: ${why}`));
  if (bad.length === 0) return;
  const fix = "look whether the original is sound, too: `PRAGMA integrity_check` says it";
  throw new OperateError({ code: "bad-database", reason: `is not sound: ${bad.join("; ")}`, fix });
}
