import { rm } from "node:fs/promises";
import { resolve } from "node:path";
import { z } from "zod";
import type { Told } from "../amounts";
import { assertSound, BAD, type Copier } from "../data/copier";
import type { Docker } from "../engine/docker";
import type { ReleaseFacts } from "../engine/facts";
import { OperateError, systemCode } from "../error";
import { COPIER, STAGE_VOLUMES, STAGER } from "../generated/programs";

/** A volume that is backed up. */
export interface StagedVolume {
  /** Its key in the Compose files. */
  readonly key: string;
  /** Its name on the engine. */
  readonly name: string;
  /** What the files say of it. */
  readonly facts: ReleaseFacts["stores"][string];
}

const DATABASE = z.object({ version: z.number(), rows: z.record(z.string(), z.number()) });

/** What is said of the copy of a volume in the manifest of a backup. */
export const DESCRIBED = z.object({
  files: z.number(),
  bytes: z.number(),
  /** Of the list of its files. */
  sha256: z.string(),
  /** Path → what `PRAGMA user_version` says, and the rows of each table. */
  databases: z.record(z.string(), DATABASE),
});

/** What is said of the copy of a volume. */
export type DescribedVolume = z.infer<typeof DESCRIBED>;

/**
 * Copies volumes to a folder of this host, and back: each file with its hash and its owner in a list beside them. Without
 * Python each is an archive, made whole, and no database is opened.
 */
export class Stager {
  /**
   * @param copier found when it is first needed
   * @param folder an absolute path
   * @param name of the container in which it works, so that one that was left behind can be found
   * @param told gets how far it is. @default - nobody
   */
  constructor(
    private readonly docker: Docker,
    private readonly copier: () => Promise<Copier>,
    private readonly folder: string,
    private readonly name: string,
    private readonly told?: Told,
  ) {}

  /** Whether each copy is made whole, and no database opened. */
  async isPlain(): Promise<boolean> {
    return (await this.copier()).isPlain;
  }

  /**
   * Makes the copies what the volumes are. What is so already is left alone.
   *
   * @param limit seconds that it may take
   * @returns bytes that were written
   */
  async stage(volumes: readonly StagedVolume[], limit?: number): Promise<number> {
    const schema = z.array(z.object({ written: z.number() }));
    const words = volumes.map(({ key }) => [key, ""]);
    const found = await this.run("stage", volumes, words, schema, { readOnly: true, limit });
    return found.reduce((sum, { written }) => sum + written, 0);
  }

  /**
   * Has the databases of the copies recovered and checked, and writes the lists of their files.
   *
   * @throws OperateError `bad-database`, all at once
   */
  async describe(volumes: readonly StagedVolume[]): Promise<Readonly<Record<string, DescribedVolume>>> {
    const schema = z.array(DESCRIBED.extend({ bad: BAD }));
    const words = volumes.map(({ key, facts }) => [key, facts]);
    const found = await this.run("describe", volumes, words, schema, { readOnly: true });
    assertSound(found.map(({ bad }, at) => [volumes[at]?.name, bad]));
    return Object.fromEntries(found.map(({ bad: _, ...described }, at) => [volumes[at]?.key ?? "", described]));
  }

  /**
   * Compares the copies with their lists.
   *
   * @throws OperateError `not-whole`, all at once
   */
  async verify(volumes: Readonly<Record<string, DescribedVolume>>): Promise<void> {
    const keys = Object.keys(volumes);
    const words = keys.map((key) => [key, volumes[key]?.sha256 ?? ""]);
    const found = await this.run("verify", [], words, z.array(BAD));
    const bad = found.flatMap((one, at) => one.map(([path, how]) => `${keys[at]}: ${path} ${how}`));
    if (bad.length === 0) return;
    const more = bad.length > SHOWN ? `; and ${bad.length - SHOWN} more` : "";
    throw new OperateError({
      code: "not-whole",
      reason: `is not what was backed up: ${bad.slice(0, SHOWN).join("; ")}${more}`,
      fix: "take another snapshot, and look what `lamb-compose backup check` says of the repository",
    });
  }

  /**
   * Makes volumes what the copies are, with the owners that they had.
   *
   * @throws OperateError `bad-database`, all at once
   */
  async fill(volumes: readonly StagedVolume[]): Promise<void> {
    const words = volumes.map(({ key, facts }) => [key, facts]);
    const found = await this.run("fill", volumes, words, z.array(BAD));
    assertSound(found.map((bad, at) => [volumes[at]?.name, bad]));
  }

  /** Removes the folder, and a container that was left behind. */
  async clear(): Promise<void> {
    await this.docker.run(["rm", "--force", this.name]);
    const remove = () => rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
    try {
      await remove();
    } catch (error) {
      if (!["EACCES", "EPERM"].includes(systemCode(error) ?? "")) throw error;
      await this.run("clear", [], [], z.array(z.unknown()));
      await remove();
    }
  }

  private async run<T extends z.ZodType>(
    action: string,
    volumes: readonly StagedVolume[],
    words: readonly (readonly unknown[])[],
    schema: T,
    { readOnly = false, limit }: { readonly readOnly?: boolean; readonly limit?: number | undefined } = {},
  ): Promise<z.infer<T>> {
    const stage = { source: resolve(this.folder), target: "/stage" };
    const mounts = volumes.map(({ key, name }) => ({ source: name, target: `/volumes/${key}`, readOnly }));
    // The administrator can read whatever belongs to others, and gives it to them again.
    const [user, group] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    const owner = user === 0 || action === "fill" ? null : [user, group];
    const options = { mounts: [stage, ...mounts], schema, name: this.name, limit, told: this.told };
    const copier = await this.copier();
    if (copier.isPlain) {
      const keys = words.flatMap(([key, about]) => [`${key}`, typeof about === "string" ? about : ""]);
      return copier.runProgram(STAGE_VOLUMES, ["stager", action, owner?.join(":") ?? "", ...keys], options);
    }
    return copier.runProgram(STAGER, [COPIER, action, JSON.stringify(words), JSON.stringify(owner)], options);
  }
}

/** Files that are named when many are wrong. */
const SHOWN = 10;
