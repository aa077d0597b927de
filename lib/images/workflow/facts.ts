import type { ImageBuild } from "../image-build";
import type { SmokeTest } from "../smoke-test";

/** Architectures that images are built for, by the names that registries give them. */
export type Platform = "amd64" | "arm64";

/** How a repository runs the program that made its files. Commands are those of bash, in the repository's folder. */
export interface ImageProgram {
  /**
   * Commands that install what the program needs.
   * @default - `npm ci --prefix deploy`: the program lives in `deploy` with a `package.json` and a lock of its own
   */
  readonly install?: readonly string[] | undefined;
  /**
   * The program, without options.
   * @default "npx --prefix deploy tsx deploy/images.ts"
   */
  readonly command?: string | undefined;
  /**
   * This package's own command, which makes an `.env` for the smoke test.
   * @default "npx --prefix deploy lamb-compose"
   */
  readonly cli?: string | undefined;
  /**
   * Where the repository keeps what the program writes.
   * @default ".": the repository's folder
   */
  readonly out?: string | undefined;
  /**
   * Version of Node.js.
   * @default "24"
   */
  readonly nodeVersion?: string | undefined;
}

/** Everything that the jobs are written from. */
export interface WorkflowFacts {
  /** Registry and folder of the images, such as `ghcr.io/lamb-project`. */
  readonly registry: string;
  readonly repository: string;
  readonly defaultBranch: string;
  readonly builds: readonly ImageBuild[];
  /** GitHub's runner for each platform. */
  readonly runners: ReadonlyMap<Platform, string>;
  readonly program: { readonly [Key in keyof ImageProgram]-?: NonNullable<ImageProgram[Key]> };
  /** `undefined` when there is no smoke test. */
  readonly stack: SmokeTest | undefined;
}
