import { posix } from "node:path";
import type { Told } from "../amounts";
import type { Docker, DockerAnswer } from "../engine/docker";

/** Seconds that copying may take. */
export const LIMIT = 6 * 3600;

/** How programs say on their standard error how far they are. */
const FAR = /^done (\d+) of (\d+)$/;

/** What a container of the copier sees at a path. */
export interface CopierMount {
  /**
   * A volume by its name, or a folder of this host by its absolute path.
   * @default - an empty volume, which goes with the container
   */
  readonly source?: string | undefined;
  readonly target: string;
  /** @default false */
  readonly readOnly?: boolean | undefined;
}

/** How a container of the copier runs. */
export interface ContainerOptions {
  readonly mounts: readonly CopierMount[];
  /** Name of the container. @default - the engine's choice */
  readonly name?: string | undefined;
  /** Seconds that it may take. @default 6 hours */
  readonly limit?: number | undefined;
  /** Text for its standard input, which may have secrets in it. @default - none */
  readonly input?: string | undefined;
  /** Gets how far it is. @default - nobody */
  readonly told?: Told | undefined;
}

/** Runs a program that has no network, and may do nothing but read and write what is mounted, whoever owns it. */
export async function runInContainer(
  docker: Docker,
  [interpreter, image]: readonly [interpreter: string, image: string],
  program: string,
  words: readonly string[],
  { mounts, name, limit = LIMIT, input, told }: ContainerOptions,
): Promise<DockerAnswer> {
  const named = [...(name === undefined ? [] : ["--name", name]), ...(input === undefined ? [] : ["--interactive"])];
  const alone = ["--rm", "--pull", "never", "--network", "none", "--user", "0:0", "--cap-drop", "ALL"];
  const rights = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID"].flatMap((right) => ["--cap-add", right]);
  // The labels of files of the host are not those of volumes, where SELinux looks at them.
  const label = mounts.some(isOfHost) ? ["--security-opt", "label=disable"] : [];
  const all = [
    "run",
    ...named,
    ...alone,
    ...rights,
    ...label,
    "--read-only",
    ...mounts.flatMap(mountWords),
    "--entrypoint",
  ];
  const onErrorLine = (line: string) => {
    const [, done, total] = FAR.exec(line) ?? [];
    if (total !== undefined) told?.(Number(done), Number(total));
  };
  const answer = await docker.run([...all, interpreter, image, "-c", program, ...words], {
    timeout: limit,
    input,
    onErrorLine,
  });
  const said = answer.stderr.split("\n").filter((line) => !FAR.test(line));
  return { ...answer, stderr: said.join("\n") };
}

function isOfHost({ source = "" }: CopierMount): boolean {
  return posix.isAbsolute(source);
}

function mountWords({ source, target, readOnly = false }: CopierMount): readonly string[] {
  if (source === undefined) return ["--mount", `type=volume,target=${target}`];
  const kind = posix.isAbsolute(source) ? "type=bind" : "type=volume,volume-nocopy";
  // The words of a mount are a row of CSV.
  const from = `"source=${source.replaceAll('"', '""')}"`;
  return ["--mount", `${kind},${from},target=${target}${readOnly ? ",readonly" : ""}`];
}
