import { brand } from "../../construct/brand";
import { ConstructError } from "../../construct/errors";
import type { BaseImage, BuildArg } from "./arg";
import type { Instruction } from "./instruction";
import { type BuildMount, mountOption } from "./mount";
import { assignments, execForm, options, paths, quoted } from "./words";

const [mark, isStage] = brand<Stage>("Stage");

/** What a {@link Stage} starts from. */
export interface StageProps {
  /** The image or the stage that it builds upon. */
  readonly from: BaseImage | Stage;
  /**
   * What it is for, above it in the file.
   * @default - none
   */
  readonly comment?: string | undefined;
  /**
   * Run it on the builder's own platform: for results that are the same on every platform.
   * @default false
   */
  readonly onBuildPlatform?: boolean | undefined;
}

/** A command of the shell. A long one is a list of its lines. */
export type Command = string | readonly string[];

/** A comment above an instruction. */
export interface InstructionOptions {
  readonly comment?: string | undefined;
}

/** What a command of a build has mounted. */
export interface RunInstructionOptions extends InstructionOptions {
  /**
   * What the commands see beside the stage's files.
   * @default - nothing
   */
  readonly mounts?: readonly BuildMount[] | undefined;
}

/** Who owns what is copied, and its mode. */
export interface CopyOptions extends InstructionOptions {
  /**
   * The stage that the files come from.
   * @default - the build context
   */
  readonly from?: Stage | undefined;
  /** Owner, such as `lamb:lamb`. @default - root */
  readonly chown?: string | undefined;
}

/** When the engine asks, as the Compose Specification names it. */
export interface ProbeTiming {
  readonly interval?: string | undefined;
  readonly timeout?: string | undefined;
  readonly start_period?: string | undefined;
  readonly start_interval?: string | undefined;
  readonly retries?: number | undefined;
}

/**
 * A stage of a Dockerfile. Each method adds an instruction of its name. A stage that another one builds upon or copies
 * from need not be named anywhere else: the file holds it.
 *
 * Texts are Dockerfile's own: `${NAME}` is a variable of the build where Dockerfile says so, and the shell's in `run`.
 *
 * @see Dockerfile reference
 */
export class Stage {
  static isStage = isStage;

  readonly from: BaseImage | Stage;
  readonly comment: string | undefined;
  readonly onBuildPlatform: boolean;
  private readonly added: Instruction[] = [];

  constructor(
    readonly name: string,
    props: StageProps,
  ) {
    mark(this);
    this.from = props.from;
    this.comment = props.comment;
    this.onBuildPlatform = props.onBuildPlatform ?? false;
  }

  get instructions(): readonly Instruction[] {
    return this.added;
  }

  arg(...args: readonly BuildArg[]): this {
    const lines = args.map(({ name, fallback }) => (fallback === undefined ? name : `${name}=${quoted(fallback)}`));
    return this.add({
      keyword: "ARG",
      lines: [lines.join(" ")],
      expands: lines,
      defines: args.map(({ name }) => name),
    });
  }

  cmd(words: readonly string[], { comment }: InstructionOptions = {}): this {
    return this.add({ keyword: "CMD", lines: [execForm(words)], comment });
  }

  copy(sources: string | readonly string[], target: string, { comment, from, chown }: CopyOptions = {}): this {
    const words = [...(typeof sources === "string" ? [sources] : sources), target];
    const line = [...options({ from: from?.name, chown }), paths(words)].join(" ");
    return this.add({ keyword: "COPY", lines: [line], expands: words, comment, from });
  }

  entrypoint(words: readonly string[], { comment }: InstructionOptions = {}): this {
    return this.add({ keyword: "ENTRYPOINT", lines: [execForm(words)], comment });
  }

  env(values: Readonly<Record<string, string>>, { comment }: InstructionOptions = {}): this {
    const lines = assignments(values);
    return this.add({ keyword: "ENV", lines, expands: lines, defines: Object.keys(values), comment });
  }

  expose(...ports: readonly number[]): this {
    return this.add({ keyword: "EXPOSE", lines: [ports.join(" ")] });
  }

  /** A program of the image that says whether the container can do its work. */
  healthcheck(words: readonly string[], timing: ProbeTiming, { comment }: InstructionOptions = {}): this {
    const { interval, timeout, start_period, start_interval, retries } = timing;
    const flags = options({
      interval,
      timeout,
      "start-period": start_period,
      "start-interval": start_interval,
      retries,
    }).join(" ");
    const lines = [...(flags === "" ? [] : [flags]), `CMD ${execForm(words)}`];
    return this.add({ keyword: "HEALTHCHECK", lines, comment });
  }

  label(values: Readonly<Record<string, string>>, { comment }: InstructionOptions = {}): this {
    const lines = assignments(values);
    return this.add({ keyword: "LABEL", lines, expands: lines, comment });
  }

  /** Commands of the shell, each only when the one before it went well. */
  run(commands: readonly Command[], { comment, mounts = [] }: RunInstructionOptions = {}): this {
    const chain = commands.flatMap((command, index) => {
      const [first = "", ...rest] = typeof command === "string" ? [command] : command;
      return [index === 0 ? first : `&& ${first}`, ...rest.map((line) => `    ${line}`)];
    });
    return this.add({ keyword: "RUN", lines: [...mounts.map(mountOption), ...chain], comment });
  }

  stopSignal(signal: string): this {
    return this.add({ keyword: "STOPSIGNAL", lines: [signal] });
  }

  user(user: string): this {
    return this.add({ keyword: "USER", lines: [user], expands: [user] });
  }

  workdir(path: string): this {
    return this.add({ keyword: "WORKDIR", lines: [path], expands: [path] });
  }

  private add(instruction: Instruction): this {
    const broken = instruction.lines.find((line) => /[\r\n]|\\$/.test(line) || line === "");
    if (broken !== undefined) {
      throw new ConstructError({
        code: "invalid-instruction",
        path: `${this.name} ${instruction.keyword}`,
        value: JSON.stringify(broken),
        reason: "is empty, has a line break or ends in a backslash, which would make it another instruction",
        fix: "write several commands as a list, and long programs as files of their own",
      });
    }
    this.added.push(instruction);
    return this;
  }
}
