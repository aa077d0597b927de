import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { TEST_PROJECT } from "./project";
import { must, type RunOptions } from "./run";

const DOCKERFILE = `FROM scratch
ARG WORD
COPY busybox /bin/busybox
LABEL word=$WORD
CMD ["/bin/busybox", "sleep", "1000000"]
`;

/** Images of one program that does nothing, told apart by a word: small enough to build and push many of them. */
export class TinyImages {
  private readonly names = new Set<string>();

  private constructor(private readonly context: string) {}

  static async create(): Promise<TinyImages> {
    const context = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    const { stdout } = await must("sh", ["-c", "command -v busybox"]);
    await copyFile(stdout.trim(), join(context, "busybox"));
    await writeFile(join(context, "Dockerfile"), DOCKERFILE);
    return new TinyImages(context);
  }

  /** Builds an image for a platform, and pushes it. */
  async push(name: string, word: string, platform = "linux/amd64", options: RunOptions = {}): Promise<void> {
    this.names.add(name);
    const words = ["--quiet", "--load", "--provenance=false", "--platform", platform, "--build-arg", `WORD=${word}`];
    await must("docker", ["buildx", "build", ...words, "--tag", name, this.context]);
    await must("docker", ["push", "--quiet", name], options);
  }

  /** Pushes an image for two platforms under one tag. */
  async pushIndex(name: string, word: string): Promise<void> {
    const parts = ["amd64", "arm64"].map((architecture) => [architecture, `${name}-${word}-${architecture}`] as const);
    for (const [architecture, part] of parts) await this.push(part, word, `linux/${architecture}`);
    await must("docker", ["buildx", "imagetools", "create", "--tag", name, ...parts.map(([, part]) => part)]);
  }

  /** Takes the images from this machine, if they are there, but not out of their registry. */
  async forget(): Promise<void> {
    const { stdout } = await must("docker", ["image", "ls", "--digests", "--format", "{{.Repository}} {{.ID}}"]);
    const repositories = new Set([...this.names].map((name) => name.replace(/:[^:/]*$/, "")));
    const rows = stdout.split("\n").map((row) => row.split(" "));
    const ids = new Set(rows.flatMap(([repository = "", id = ""]) => (repositories.has(repository) ? [id] : [])));
    if (ids.size > 0) await must("docker", ["image", "rm", "--force", ...ids]);
  }

  async remove(): Promise<void> {
    await this.forget();
    await rm(this.context, { recursive: true, force: true });
  }
}

const MANIFEST = z.object({ digest: z.string() });

/** The digest that a tag means, as Docker's own tools say. */
export async function digestOf(name: string, options: RunOptions = {}): Promise<string> {
  const words = ["buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", name];
  const { stdout } = await must("docker", words, options);
  return MANIFEST.parse(JSON.parse(stdout)).digest;
}
