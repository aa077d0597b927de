/** One question to Compose: files, environment and flags. */
export interface Case {
  readonly name: string;
  /** Path below the project's directory → content. */
  readonly files: Readonly<Record<string, string>>;
  /** The files of `-f`, in order. @default all that end in `.yaml`, in the order of `files` */
  readonly use?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly envFiles?: readonly string[];
  readonly profiles?: readonly string[];
  readonly services?: readonly string[];
  readonly projectName?: string;
  readonly projectDirectory?: string;
  /** Flags of `config` besides `--format`. */
  readonly flags?: readonly Flag[];
  /** @default "json" */
  readonly format?: "json" | "yaml";
}

export type Flag = keyof typeof FLAGS;

/** Flag → what it is for `resolve`. */
export const FLAGS = {
  "--no-interpolate": { interpolate: false },
  "--no-normalize": { normalize: false },
  "--no-path-resolution": { resolvePaths: false },
  "--no-env-resolution": { resolveEnvironment: false },
  "--no-consistency": { checkConsistency: false },
  "--services": {},
  "--volumes": {},
  "--networks": {},
  "--images": {},
  "--profiles": {},
  "--variables": {},
} as const;

/** What came back: the output, or the error. */
export interface Answer {
  readonly output?: string;
  readonly error?: string;
  readonly warnings: readonly string[];
}

export interface Recorded extends Case {
  readonly answer: Answer;
}

/** Where a project stands for both sides; recorded answers know no other place. */
export const PROJECT = "/project";
export const HOME = "/home/user";

export function usedFiles({ files, use }: Case): readonly string[] {
  return use ?? Object.keys(files).filter((path) => path.endsWith(".yaml"));
}

/** The words behind `docker compose`. */
export function commandLine(question: Case): string[] {
  const { envFiles, profiles, services, projectName, projectDirectory, flags, format } = question;
  const flag = (name: string, values: readonly (string | undefined)[] | undefined) =>
    (values ?? []).flatMap((value) => (value === undefined ? [] : [name, value]));
  const lists = flags?.some((name) => Object.keys(FLAGS[name]).length === 0) === true;
  return [
    ...flag("-f", usedFiles(question)),
    ...flag("--env-file", envFiles),
    ...flag("--profile", profiles),
    ...flag("-p", [projectName]),
    ...flag("--project-directory", [projectDirectory]),
    "config",
    ...(flags ?? []),
    ...(lists && !flags?.includes("--variables") ? [] : ["--format", format ?? "json"]),
    ...(services ?? []),
  ];
}
