import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { App, type Synthesis } from "lamb-compose";
import { type DependenciesLock, type ImageBuild, LambImages } from "lamb-compose/images";
import { inject } from "vitest";
import { layoutOf } from "../../lib/operate/dependencies/layout";
import { pagesLock } from "../../lib/operate/dependencies/pages";
import { builtBy } from "./built";
import lock from "./checkout.lock.json" with { type: "json" };
import { must, type Ran, run } from "./run";

const TREE = fileURLToPath(new URL("checkout", import.meta.url));
const WORKSPACE = fileURLToPath(new URL("checkout-workspace", import.meta.url));

/** What is built, as the workflow says it. */
export const IDENTITY = {
  VERSION: "v0.7.3",
  REVISION: "0123456789abcdef0123456789abcdef01234567",
  CREATED: "2026-06-11T12:06:27Z",
} as const;

const LOCK: DependenciesLock = lock;

/** LAMB's sources with their pages in a workspace of pnpm, and what the backend asks for in several files. */
export async function workspaceTree(): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), "lamb-compose-workspace-"));
  await cp(TREE, tree, { recursive: true });
  await rm(join(tree, "frontend/svelte-app"), { recursive: true });
  await cp(WORKSPACE, tree, { recursive: true });
  return tree;
}

/** The lock of the workspace's pages, made on the spot by the real npm and pnpm, with the Python packages as ever. */
export async function workspaceLock(tree: string): Promise<DependenciesLock> {
  const { images, workspace } = await layoutOf(tree);
  const { pages: _, ...python } = LOCK;
  const { lamb } = LOCK.images;
  if (lamb === undefined) throw new Error("no lock of LAMB");
  return {
    ...python,
    images: { ...LOCK.images, lamb: { ...lamb, requirements: images.lamb.requirements } },
    ...(await pagesLock(tree, workspace, LOCK.asOf)),
  };
}

/** A checkout of LAMB's shape, into which the files that build its images were written. */
export class Checkout {
  readonly images: LambImages;
  readonly synthesis: Synthesis;

  private constructor(
    readonly directory: string,
    lock: DependenciesLock,
  ) {
    const app = new App();
    this.images = new LambImages(app, "images", { lock });
    this.synthesis = app.synth();
  }

  static async create(tree = TREE, lock = LOCK): Promise<Checkout> {
    const checkout = new Checkout(await mkdtemp(join(tmpdir(), "lamb-compose-checkout-")), lock);
    await cp(tree, checkout.directory, { recursive: true });
    await checkout.synthesis.write(checkout.directory);
    return checkout;
  }

  /** Writes a file of the checkout, as a developer would leave it there. */
  async put(path: string, text: string, mode = 0o644): Promise<void> {
    const file = join(this.directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, mode);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.directory, path), "utf8");
  }

  /** `docker buildx build`, which may fail. */
  async build({ context, dockerfile }: ImageBuild, ...words: readonly string[]): Promise<Ran> {
    const args = Object.entries({ ...(await bases()), ...IDENTITY }).flatMap(([name, value]) => [
      "--build-arg",
      `${name}=${value}`,
    ]);
    return run("docker", ["buildx", "build", "--progress", "plain", ...args, "--file", dockerfile, ...words, context], {
      cwd: this.directory,
    });
  }

  /** Builds an image, which must succeed, and gives its name. */
  async buildImage(build: ImageBuild): Promise<string> {
    const name = `built/${build.name}:${process.pid}`;
    const ran = await this.build(build, "--load", "--tag", name);
    if (ran.code !== 0) throw new Error(`${build.name} was not built:\n${ran.stderr}`);
    console.log(`${build.name}: built in ${ran.seconds.toFixed(1)} s`);
    return name;
  }

  /** What BuildKit itself has against a Dockerfile. */
  check(build: ImageBuild): Promise<Ran> {
    return this.build(build, "--check");
  }

  remove(): Promise<void> {
    return rm(this.directory, { recursive: true, force: true });
  }
}

let built: Promise<Readonly<Record<string, string>>> | undefined;

/** What stands for the official images below. */
async function bases(): Promise<Readonly<Record<string, string>>> {
  built ??= builtBy("bases/build");
  const { python = "", node = "" } = await built;
  return { PYTHON_IMAGE: python, NODE_IMAGE: node };
}

/** The stand-in of Open WebUI as the workflow builds its image: for the user that LAMB has, too. */
export async function openWebUiOf(user: string): Promise<string> {
  const standIn = inject("standIns")?.openwebui ?? "";
  const folder = await mkdtemp(join(tmpdir(), "lamb-compose-openwebui-"));
  const name = `built/openwebui:${process.pid}`;
  await writeFile(join(folder, "Dockerfile"), `FROM ${standIn}\nRUN chown -R ${user} /app\nUSER ${user}\n`);
  await must("docker", ["buildx", "build", "--quiet", "--load", "--tag", name, folder]);
  await rm(folder, { recursive: true, force: true });
  return name;
}
