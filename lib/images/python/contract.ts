import { SECRET_TABLE } from "../../env/secret-table";
import { VALUE_KINDS, type ValueKind } from "../../env/value-kinds";

/** A variable that the container is started with. */
export interface CheckedVariable {
  /** Any one of these will do. */
  readonly names: readonly string[];
  /**
   * What the program does without it: the end of a sentence that begins with the program's name.
   * @default - it may be missing
   */
  readonly without?: string | undefined;
  /** @default - any text */
  readonly kind?: ValueKind | undefined;
  /** The only value that works, and why: a clause. @default - any */
  readonly only?: { readonly value: string; readonly because: string } | undefined;
  /** It must be none of the refused values. @default false */
  readonly secret?: boolean | undefined;
}

/** A folder that the program must be able to write. */
export interface CheckedFolder {
  /** Its path. In place of it, `$NAME` stands for the value of a variable. */
  readonly path: string;
  /** What it holds: a noun. */
  readonly holds: string;
}

/** A value that pages get: a constant, or what the first of the variables that is set says. */
export type Setting =
  | string
  | { readonly from: readonly string[]; readonly else: string | boolean }
  | { readonly [name: string]: Setting };

/** Settings for a program's pages, written anew at each start. */
export interface PageSettings {
  /** The file, in a folder that the program may write. */
  readonly path: string;
  /** Name of the object in the browser. */
  readonly object: string;
  readonly values: { readonly [name: string]: Setting };
}

/** What must hold in a container before its program starts. */
export interface ContainerContract {
  /** What the program is called in messages. */
  readonly program: string;
  readonly variables: readonly CheckedVariable[];
  readonly folders: readonly CheckedFolder[];
  /** Values of secrets that everybody knows. */
  readonly refused: readonly string[];
  /**
   * Pairs of variables with addresses that must differ in scheme, host or port, and why: a clause.
   * @default - none
   */
  readonly otherOrigins?: readonly (readonly [one: string, other: string, because: string])[] | undefined;
  /**
   * Variables that are empty when they are missing.
   * @default - none
   */
  readonly emptyWhenMissing?: readonly string[] | undefined;
  /**
   * Variable with the number of processes that the server starts.
   * @default - none: it starts one
   */
  readonly workers?: string | undefined;
  /** @default - none */
  readonly settings?: PageSettings | undefined;
}

/** The contract as the file that the entrypoint reads: JSON, a row a line. */
export function contractText({
  program,
  variables,
  folders,
  refused,
  otherOrigins = [],
  ...rest
}: ContainerContract): string {
  const parts = {
    program,
    variables,
    folders,
    refused,
    otherOrigins,
    ...rest,
    kinds: VALUE_KINDS,
    secrets: SECRET_TABLE,
  };
  const lines = Object.entries(parts).map(([name, part]) => `  ${JSON.stringify(name)}: ${rows(part)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

function rows(part: unknown): string {
  if (!Array.isArray(part)) return JSON.stringify(part);
  return `[\n${part.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`;
}
