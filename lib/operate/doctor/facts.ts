import { join } from "node:path";
import { z } from "zod";
import { oldestReleaseOf } from "../../construct/for-releases";
import { imageReference } from "../../construct/image/reference";
import type { Environment } from "../../env/file";
import { parsedAnswer, parsedRows } from "../engine/answer";
import { Docker } from "../engine/docker";
import { type Container, LABEL, type ProjectModel } from "../engine/model";
import { ComposeProject, inspectImages } from "../engine/project";
import { checkEnvOf, type EnvReport } from "../env/command";
import { readDeployment } from "../env/directory";
import { OperateError } from "../error";
import type { RegistryClient } from "../registry/client";
import { type Host, portOf, type ShownCertificate, THIS_HOST } from "./host";

const VERSION = z.looseObject({
  Client: z.looseObject({ Version: z.string() }),
  Server: z.looseObject({ Version: z.string() }),
});

const INFO = z.looseObject({
  DockerRootDir: z.string(),
  OperatingSystem: z.string(),
  Architecture: z.string(),
  OSType: z.string(),
  MemTotal: z.number(),
  MemoryLimit: z.boolean().default(true),
  LiveRestoreEnabled: z.boolean().default(false),
  HttpProxy: z.string().default(""),
  HttpsProxy: z.string().default(""),
  SecurityOptions: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
});

const PUBLISHING = z.looseObject({ Names: z.string(), Ports: z.string(), Labels: z.string() });
const VOLUME_ROW = z.looseObject({ Name: z.string(), Labels: z.string() });
const SIZES = z.looseObject({ Volumes: z.array(z.looseObject({ Name: z.string(), Size: z.string() })).default([]) });

/** What the engine says of itself. */
export type EngineInfo = z.infer<typeof INFO>;

/** A container that publishes ports, as `docker ps` lists it. */
export interface Publisher {
  readonly name: string;
  readonly project: string | undefined;
  /** As `docker ps` prints them: `0.0.0.0:80->80/tcp, :::80->80/tcp`. */
  readonly ports: string;
}

/** A named volume of the engine. */
export interface VolumeRow {
  readonly name: string;
  /** The project that Compose made it for. */
  readonly project: string | undefined;
  /** Its name in the Compose file. */
  readonly volume: string | undefined;
}

export interface DoctorFactsOptions {
  /** The directory of the deployment. @default - none: only the host is looked at */
  readonly dir?: string | undefined;
  readonly environment: Environment;
  /** @default - this machine */
  readonly host?: Host | undefined;
  /** Whom to ask for images. @default - their registries */
  readonly registries?: Pick<RegistryClient, "digest"> | undefined;
}

/** What the checks ask about. Each fact is found out when a check first asks, and once. */
export class DoctorFacts {
  readonly host: Host;
  readonly docker: Docker;
  private readonly found = new Map<string, Promise<unknown>>();
  private readonly theProject: ComposeProject | undefined;

  constructor(private readonly options: DoctorFactsOptions) {
    const { dir, environment, host = THIS_HOST } = options;
    this.host = host;
    this.docker = new Docker(environment);
    this.theProject = dir === undefined ? undefined : new ComposeProject(dir, this.docker);
  }

  /** Whether there is no deployment to look at. */
  get isHostOnly(): boolean {
    return this.theProject === undefined;
  }

  /** The directory of the deployment. @throws OperateError `no-deployment` */
  get dir(): string {
    return this.project.dir;
  }

  /** The deployment. @throws OperateError `no-deployment` */
  get project(): ComposeProject {
    if (this.theProject !== undefined) return this.theProject;
    const reason = "there is no deployment to look at";
    throw new OperateError({ code: "no-deployment", reason, fix: "name its directory with --dir" });
  }

  /** Versions of the engine and of Docker's command. */
  versions(): Promise<{ readonly engine: string; readonly client: string }> {
    return this.once("versions", async () => {
      const text = await this.docker.must(["version", "--format", "json"], { timeout: 30 });
      const { Client, Server } = parsedAnswer(text, VERSION, "docker version");
      return { engine: Server.Version, client: Client.Version };
    });
  }

  compose(): Promise<string> {
    return this.once("compose", async () => {
      const text = await this.docker.must(["compose", "version", "--format", "json"], { timeout: 30 });
      return parsedAnswer(text, z.looseObject({ version: z.string() }), "docker compose version").version;
    });
  }

  /** File of the deployment that runs → the oldest Compose that it says it is for. None when only the host is looked at. */
  wantedCompose(): Promise<ReadonlyMap<string, string>> {
    return this.once("wantedCompose", async () => {
      const { dir, environment } = this.options;
      if (dir === undefined) return new Map();
      // Files that cannot be read are told of by another check.
      const { files } = await readDeployment(dir, environment).catch(() => ({ files: [] }));
      return new Map(
        files.flatMap(({ fileName, text, chosen }) => {
          const release = chosen ? oldestReleaseOf(text) : undefined;
          return release === undefined ? [] : [[fileName, release] as const];
        }),
      );
    });
  }

  info(): Promise<EngineInfo> {
    return this.once("info", async () => {
      // `docker info` ends with 0 and without these when no engine answers.
      await this.versions();
      return parsedAnswer(await this.docker.must(["info", "--format", "json"]), INFO, "docker info");
    });
  }

  /** What the engine says, when it is one on this machine. @throws OperateError `other-host` */
  localInfo(): Promise<EngineInfo> {
    return this.once("localInfo", async () => {
      const info = await this.info();
      const text = await this.docker.must(["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]);
      const endpoint = this.options.environment.DOCKER_HOST || text.trim();
      if (/^(unix|npipe|fd):/.test(endpoint)) return info;
      const reason = "the engine runs on another host, which cannot be looked at from here";
      throw new OperateError({ code: "other-host", reason, fix: "run this on that host" });
    });
  }

  /** The settings of an engine that a user runs without root, as text. Empty where there are none. */
  async rootlessSettings(): Promise<string> {
    const { HOME = "", XDG_CONFIG_HOME } = this.options.environment;
    return (await this.host.text(join(XDG_CONFIG_HOME || join(HOME, ".config"), "docker/daemon.json"))) ?? "";
  }

  model(): Promise<ProjectModel> {
    return this.once("model", () => this.project.model());
  }

  /** The model, or nothing when only the host is looked at. */
  async modelIfAny(): Promise<ProjectModel | undefined> {
    return this.theProject === undefined ? undefined : this.model();
  }

  hashes(): Promise<ReadonlyMap<string, string>> {
    return this.once("hashes", () => this.project.hashes());
  }

  containers(): Promise<readonly Container[]> {
    return this.once("containers", () => this.project.containers());
  }

  env(): Promise<EnvReport> {
    const { environment } = this.options;
    return this.once("env", () => checkEnvOf({ dir: this.dir, environment }));
  }

  /** Containers of the engine that publish ports, of every project. */
  publishers(): Promise<readonly Publisher[]> {
    return this.once("publishers", async () => {
      const rows = parsedRows(await this.docker.must(["ps", "--format", "json"]), PUBLISHING, "docker ps");
      const publishing = rows.filter(({ Ports }) => Ports.includes("->"));
      return publishing.map(({ Names, Ports, Labels }) => ({
        name: Names,
        ports: Ports,
        project: labelIn(Labels, LABEL.project),
      }));
    });
  }

  volumes(): Promise<readonly VolumeRow[]> {
    return this.once("volumes", async () => {
      const text = await this.docker.must(["volume", "ls", "--format", "json"]);
      return parsedRows(text, VOLUME_ROW, "docker volume ls").map(({ Name, Labels }) => ({
        name: Name,
        project: labelIn(Labels, LABEL.project),
        volume: labelIn(Labels, LABEL.volume),
      }));
    });
  }

  /** Names of the containers, running or not, that mount a volume, with their projects. */
  users(volume: string): Promise<readonly { readonly name: string; readonly project: string | undefined }[]> {
    return this.once(`users ${volume}`, async () => {
      const words = ["ps", "--all", "--filter", `volume=${volume}`, "--format", "json"];
      const row = z.looseObject({ Names: z.string(), Labels: z.string() });
      const rows = parsedRows(await this.docker.must(words), row, "docker ps");
      return rows.map(({ Names, Labels }) => ({ name: Names, project: labelIn(Labels, LABEL.project) }));
    });
  }

  /** Whether a volume is empty. `undefined` when the engine does not say. It looks through all that it has. */
  async isEmpty(volume: string): Promise<boolean | undefined> {
    const sizes = await this.once("sizes", async () => {
      const { code, stdout } = await this.docker.run(["system", "df", "--verbose", "--format", "json"], {
        timeout: 120,
      });
      const { Volumes } = code === 0 ? parsedAnswer(stdout, SIZES, "docker system df") : { Volumes: [] };
      return new Map(Volumes.map(({ Name, Size }) => [Name, Size]));
    });
    const size = sizes.get(volume);
    return size === undefined ? undefined : /^0\D*$/.test(size);
  }

  /** Name in the files → the image that it means on the engine. One that is not there is left out. */
  imageIds(): Promise<ReadonlyMap<string, string>> {
    return this.once("imageIds", async () => {
      const services = Object.values((await this.model()).services);
      const names = [...new Set(services.flatMap(({ image }) => image ?? []))];
      const found = await Promise.all(names.map((name) => inspectImages(this.docker, [name])));
      return new Map(
        found.flatMap(([image], at) => (image === undefined ? [] : [[names[at] ?? "", image.Id] as const])),
      );
    });
  }

  /**
   * Whether the registry of an image has it.
   *
   * @throws OperateError when it does not say
   */
  async isInRegistry(image: string): Promise<boolean> {
    const reference = imageReference(image);
    if (reference === undefined) return true;
    try {
      await (await this.registries()).digest(reference);
      return true;
    } catch (error) {
      if (error instanceof OperateError && error.code === "unknown-image") return false;
      throw error;
    }
  }

  /** The certificate that is shown where people come in. `undefined` when none is. */
  certificate(url: URL): Promise<ShownCertificate | undefined> {
    return this.once(`certificate ${url.host}`, () => this.host.certificate(url.hostname, portOf(url)));
  }

  private registries(): Promise<Pick<RegistryClient, "digest">> {
    const { registries, environment } = this.options;
    return this.once("registries", async () => {
      if (registries !== undefined) return registries;
      const { RegistryClient } = await import("../registry/client");
      return new RegistryClient({ environment });
    });
  }

  private once<T>(name: string, find: () => Promise<T>): Promise<T>;
  private once(name: string, find: () => Promise<unknown>): Promise<unknown> {
    const fact = this.found.get(name) ?? find();
    this.found.set(name, fact);
    return fact;
  }
}

/** The value of a label in a list such as `a=1,b=2`. None of Compose's that are asked for has a comma in it. */
function labelIn(labels: string, name: string): string | undefined {
  const entry = labels.split(",").find((label) => label.startsWith(`${name}=`));
  return entry?.slice(name.length + 1);
}
