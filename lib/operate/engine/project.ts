import { join, resolve as resolvePath } from "node:path";
import { z } from "zod";
import { type Project, resolve } from "../../compose/project";
import type { Environment } from "../../env/file";
import { OperateError } from "../error";
import { directoryAbove } from "../find-project";
import { linesIn, parsedAnswer, parsedRows } from "./answer";
import type { Docker, DockerAnswer, DockerRunOptions } from "./docker";
import { CONTAINER, type Container, type EngineImage, IMAGE, LABEL, PROJECT_MODEL, type ProjectModel } from "./model";

/** Compose writes its progress in lines, whatever the output is. */
const PLAIN: Environment = { COMPOSE_PROGRESS: "plain", COMPOSE_ANSI: "never" };

const VOLUME_ROW = z.looseObject({ Name: z.string() });

/** How many objects one `docker inspect` is asked for: a command line has an end. */
const AT_ONCE = 100;

/**
 * The Compose project of a directory, on the engine that `docker` reaches. Which files and profiles make it is for
 * Compose to say, as for the operator who types `docker compose` in the directory: its `.env`, the environment.
 */
export class ComposeProject {
  private read: Promise<string> | undefined;

  constructor(
    readonly dir: string,
    readonly docker: Docker,
    /** Added to the environment: another generation of the data, say. */
    private readonly environment: Environment = {},
    /** Words that name other files than Compose finds by itself, and the text of `--file -`. */
    private readonly files: { readonly words: readonly string[]; readonly text?: string | undefined } = { words: [] },
  ) {
    if (files.text !== undefined) this.read = Promise.resolve(files.text);
  }

  /** Another project of a text: it never stands on the disk, for it has the values of the `.env` in it. */
  ofText(name: string, text: string): ComposeProject {
    const words = ["--project-name", name, "--file", "-"];
    return new ComposeProject(this.dir, this.docker, this.environment, { words, text });
  }

  /** The same project of files, and an `.env`, that lie elsewhere, as if they lay in its directory. */
  ofFiles(folder: string, names: readonly string[]): ComposeProject {
    const at = (name: string) => join(resolvePath(folder), name);
    const place = ["--project-directory", resolvePath(this.dir), "--env-file", at(".env")];
    const words = [...place, ...names.flatMap((name) => ["--file", at(name)])];
    return new ComposeProject(this.dir, this.docker, this.environment, { words });
  }

  /** The same files with other values. */
  with(environment: Environment): ComposeProject {
    return new ComposeProject(this.dir, this.docker, { ...this.environment, ...environment }, this.files);
  }

  /** `docker compose …`. */
  run(words: readonly string[], options: DockerRunOptions = {}): Promise<DockerAnswer> {
    return this.docker.run(this.words(words), this.placed(options));
  }

  /** `docker compose …`, which must succeed. @throws OperateError */
  must(words: readonly string[], options: DockerRunOptions = {}): Promise<string> {
    return this.docker.must(this.words(words), this.placed(options));
  }

  /**
   * What Compose makes of the files now. Asked of Compose itself: it is the one that will run them, in its version.
   *
   * @throws OperateError
   */
  async model(): Promise<ProjectModel> {
    return parsedAnswer(await this.text(), PROJECT_MODEL, "docker compose config");
  }

  /** The same, as this library has projects. */
  async resolved(): Promise<Project> {
    // The services of profiles that are off are not in it.
    const file = { path: join(resolvePath(this.dir), "config.json"), text: await this.text() };
    return resolve([file], { profiles: ["*"] });
  }

  /**
   * What `docker compose config --format json` prints. It can be given to Compose as a file.
   *
   * @throws OperateError; `no-deployment` in a folder of a deployment, whose files Compose would take
   */
  text(): Promise<string> {
    this.read ??= this.printed();
    return this.read;
  }

  private async printed(): Promise<string> {
    const above = this.files.words.length > 0 ? undefined : directoryAbove(this.dir, this.docker.environment);
    if (above === undefined) return this.must(["config", "--format", "json"]);
    const reason = `has no Compose file of its own, and lies in ${above}, which has one`;
    // The lock and the history are those of one directory.
    throw new OperateError({ code: "no-deployment", path: this.dir, reason, fix: `name that one: --dir ${above}` });
  }

  /** Forgets what the files were: they have been changed. */
  reread(): void {
    if (this.files.text === undefined) this.read = undefined;
  }

  /** Compose's hash of each service: equal to the label of a container that it would leave alone. */
  async hashes(): Promise<ReadonlyMap<string, string>> {
    const text = await this.must(["config", "--hash", "*"]);
    const rows = text.split("\n").flatMap((line) => {
      const [name, hash] = line.trim().split(/\s+/);
      return name === undefined || hash === undefined ? [] : [[name, hash] as const];
    });
    return new Map(rows);
  }

  /** The containers that Compose made for the project's services, running or not, orphans included. */
  async containers(): Promise<readonly Container[]> {
    const { name } = await this.model();
    const filters = [`label=${LABEL.project}=${name}`, `label=${LABEL.oneOff}=False`];
    const words = filters.flatMap((filter) => ["--filter", filter]);
    return containersOn(this.docker, words);
  }

  private words(words: readonly string[]): readonly string[] {
    return ["compose", ...this.files.words, ...words];
  }

  private placed(options: DockerRunOptions): DockerRunOptions {
    const environment = { ...PLAIN, ...this.environment, ...options.environment };
    return { input: this.files.text, ...options, cwd: this.dir, environment };
  }
}

/**
 * The containers of an engine, running or not.
 *
 * @param filters words of `docker ps`
 */
export async function containersOn(docker: Docker, filters: readonly string[] = []): Promise<readonly Container[]> {
  const text = await docker.must(["ps", "--all", "--no-trunc", "--quiet", ...filters]);
  return inspect(docker, "container", CONTAINER, linesIn(text));
}

/**
 * Names of the volumes of an engine.
 *
 * @param filters words of `docker volume ls`
 */
export async function volumesOn(docker: Docker, filters: readonly string[] = []): Promise<readonly string[]> {
  const text = await docker.must(["volume", "ls", ...filters, "--format", "json"]);
  return parsedRows(text, VOLUME_ROW, "docker volume ls").map(({ Name }) => Name);
}

/** Images by name or id; one that is not on the engine is left out. */
export function inspectImages(docker: Docker, names: readonly string[]): Promise<readonly EngineImage[]> {
  return inspect(docker, "image", IMAGE, names);
}

/** What the engine says of objects of a kind. One that is not there is left out. */
export async function inspect<T extends z.ZodType>(
  docker: Docker,
  kind: "container" | "image" | "network" | "volume",
  schema: T,
  names: readonly string[],
): Promise<readonly z.infer<T>[]> {
  const found: z.infer<T>[] = [];
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const answer = await docker.run([kind, "inspect", ...names.slice(start, start + AT_ONCE)]);
    found.push(...parsedAnswer(answer.stdout, z.array(schema), `docker ${kind} inspect`));
  }
  return found;
}
