import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { z } from "zod";
import { commandWords } from "../support/command";
import { removeProject, TEST_PROJECT } from "./project";
import { must, type Ran, run } from "./run";
import { standIn } from "./stand-ins";

const MODEL = z.object({
  services: z.record(z.string(), z.looseObject({ image: z.string().optional() })),
});

const CONTAINER = z.object({
  Id: z.string(),
  RestartCount: z.number(),
  State: z.object({
    Status: z.string(),
    Pid: z.number(),
    ExitCode: z.number(),
    OOMKilled: z.boolean(),
    Health: z.object({ Status: z.string() }).optional(),
  }),
  Config: z.object({
    Image: z.string(),
    Labels: z.record(z.string(), z.string()),
    Healthcheck: z
      .object({
        Test: z.array(z.string()),
        // Nanoseconds; absent when the engine's default of five seconds is in force.
        StartInterval: z.number().optional(),
      })
      .optional(),
    StopTimeout: z.number().optional(),
  }),
  HostConfig: z.object({
    LogConfig: z.object({ Type: z.string(), Config: z.record(z.string(), z.string()) }),
    RestartPolicy: z.object({ Name: z.string() }),
  }),
  Mounts: z.array(
    z.object({ Type: z.string(), Name: z.string().optional(), Destination: z.string(), RW: z.boolean() }),
  ),
});

/** What `docker inspect` says of a container, as far as the tests ask. */
export type Container = z.infer<typeof CONTAINER>;

export interface DeploymentProps {
  /** Puts the files into the directory, the template of the `.env` among them. */
  readonly write: (directory: string) => Promise<unknown>;
  /** What the operator fills into the template. */
  readonly answers: Readonly<Record<string, string>>;
  /**
   * Images on this machine to run, by the last part of the names that the files ask for.
   * @default - the stand-ins
   */
  readonly images?: Readonly<Record<string, string>>;
}

/** Where `.ci/engine` starts a registry. */
export const LOCAL_REGISTRY = "127.0.0.1:5000";

const TEMPLATE = ".env.next.example";

let count = 0;

/** Copies the template as an operator does, with the answers in their lines; what has no line is added. */
export async function fillTemplate(directory: string, answers: Readonly<Record<string, string>>): Promise<void> {
  const left = new Map(Object.entries(answers));
  const lines = (await readFile(join(directory, TEMPLATE), "utf8")).split("\n").map((line) => {
    const name = /^(?:# )?([A-Z_][A-Z0-9_]*)=/.exec(line)?.[1] ?? "";
    const answer = left.get(name);
    left.delete(name);
    return answer === undefined ? line : `${name}=${answer}`;
  });
  await writeFile(
    join(directory, ".env"),
    [...lines, ...[...left].map(([name, value]) => `${name}=${value}`), ""].join("\n"),
  );
}

/** A deployment's files in a folder of their own, run by plain `docker compose` as an operator would. */
export class Deployment {
  /** Different from every other's, so that nothing of one run is seen by the next. */
  readonly project = `${TEST_PROJECT}${process.pid}-${++count}`;

  private constructor(
    readonly directory: string,
    private readonly answers: Readonly<Record<string, string>>,
    private builtImages: Readonly<Record<string, string>>,
  ) {}

  static async create(props: DeploymentProps): Promise<Deployment> {
    const directory = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    await props.write(directory);
    await fillTemplate(directory, props.answers);
    return new Deployment(directory, props.answers, props.images ?? {});
  }

  /** `docker compose …`, which must succeed. */
  compose(...args: readonly string[]): Promise<Ran> {
    return must("docker", ["compose", ...args], this.place());
  }

  /** `docker compose …`, which may fail. */
  tryCompose(...args: readonly string[]): Promise<Ran> {
    return run("docker", ["compose", ...args], this.place());
  }

  /** `lamb-compose COMMAND --dir … WORDS`, which may fail. */
  lamb(command: string, ...words: readonly string[]): Promise<Ran> {
    return run(process.execPath, commandWords(command, "--dir", this.directory, ...words), this.place());
  }

  /** `up -d --wait` with every image already on the machine, under the name that the files ask for. */
  async up(...args: readonly string[]): Promise<Ran> {
    await this.placeImages();
    return this.start(...args);
  }

  /** `up -d --wait` with every image already on the machine, which may fail. */
  async tryUp(): Promise<Ran> {
    await this.placeImages();
    return this.tryCompose("up", "--detach", "--wait", "--wait-timeout", "120");
  }

  /** `up -d --wait`; a service that does not become healthy fails with the logs. */
  async start(...args: readonly string[]): Promise<Ran> {
    const ran = await this.tryCompose("up", "--detach", "--wait", "--wait-timeout", "90", ...args);
    if (ran.code !== 0) {
      const logs = await this.tryCompose("logs", "--no-color", "--tail", "40");
      throw new Error(`up failed:\n${ran.stderr}\n${logs.stdout}`);
    }
    return ran;
  }

  /** The names of the images that the files ask for, by service. */
  async images(): Promise<ReadonlyMap<string, string>> {
    const { stdout } = await this.compose("--profile", "*", "config", "--format", "json");
    const { services } = MODEL.parse(JSON.parse(stdout));
    return new Map(
      Object.entries(services).flatMap(([service, { image }]) => (image === undefined ? [] : [[service, image]])),
    );
  }

  async inspect(service: string): Promise<Container> {
    const { stdout } = await this.compose("ps", "--all", "--quiet", service);
    const inspected = await must("docker", ["inspect", stdout.trim()]);
    const [container] = z.array(CONTAINER).length(1).parse(JSON.parse(inspected.stdout));
    if (container === undefined) {
      throw new Error(`${service} has no container`);
    }
    return container;
  }

  /** The services that have a running container. */
  async running(): Promise<string[]> {
    const { stdout } = await this.compose("ps", "--services", "--status", "running");
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .sort();
  }

  /** Calls a service at its own address, from inside a container that has curl; gives the parsed body, `null` for a 404. */
  async call(service: string, method: string, path: string, body?: string): Promise<unknown> {
    const { port } = standIn(service);
    const from = service === "ollama" ? "lamb" : service;
    const host = from === service ? "127.0.0.1" : service;
    const data = body === undefined ? [] : ["--data", body];
    const { stdout } = await this.compose(
      ...["exec", "--no-TTY", from, "curl", "--silent", "--show-error", "--request", method, ...data],
      ...["--write-out", "\n%{http_code}", `http://${host}:${port}${path}`],
    );
    const split = stdout.lastIndexOf("\n");
    const status = stdout.slice(split + 1).trim();
    if (status === "404") {
      return null;
    }
    if (status !== "200") {
      throw new Error(`${service} ${method} ${path}: ${stdout}`);
    }
    return JSON.parse(stdout.slice(0, split));
  }

  /** The exit status of a container's own healthcheck command, run now. */
  async probe(service: string): Promise<number> {
    const container = await this.inspect(service);
    const [kind = "NONE", ...words] = container.Config.Healthcheck?.Test ?? [];
    if (kind === "NONE") {
      throw new Error(`${service} has no healthcheck`);
    }
    const command = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
    return (await run("docker", ["exec", container.Id, ...command])).code;
  }

  /** Removes the containers, networks, volumes and files, whatever state they are in. */
  async remove(): Promise<void> {
    await this.tryCompose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5");
    await removeProject(this.project);
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Which files and profiles are used, the operator's `.env` says; the project's name is of this run alone. */
  private place() {
    return {
      cwd: this.directory,
      env: { COMPOSE_PROJECT_NAME: this.project, COMPOSE_FILE: undefined, COMPOSE_PROFILES: undefined },
    };
  }

  /** Puts the images that the files ask of this machine's registry there, and leaves none of them on the machine. */
  async publishImages(): Promise<void> {
    const names = (await this.placeImages()).filter((name) => name.startsWith(`${LOCAL_REGISTRY}/`));
    for (const name of names) {
      await must("docker", ["push", "--quiet", name]);
    }
    await must("docker", ["image", "rm", ...names]);
  }

  /** Puts other files, and images to run, in the place of those that are there; the `.env` is filled in anew. */
  async replace({ write, images = {} }: Pick<DeploymentProps, "write" | "images">): Promise<void> {
    await write(this.directory);
    this.builtImages = images;
    await fillTemplate(this.directory, this.answers);
  }

  /** Changes lines of the operator's `.env`. */
  async change(answers: Readonly<Record<string, string>>): Promise<void> {
    await fillTemplate(this.directory, { ...this.answers, ...answers });
  }

  /** Gives the images the names that the files ask for, so that the files run as they are. */
  private async placeImages(): Promise<readonly string[]> {
    const images = await this.images();
    const local = { ...inject("standIns"), ...this.builtImages };
    for (const [service, image] of images) {
      const name = standIn(service).image;
      const built = local[name];
      if (built === undefined) {
        throw new Error(`no stand-in image ${name} was built`);
      }
      await must("docker", ["tag", built, image]);
    }
    return [...images.values()];
  }
}
