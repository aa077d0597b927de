import { encodingProblem } from "../../report/encoding";
import type { YamlNode } from "../emit/node";
import { ComposeError } from "../error";
import type { Behaviour } from "../version";
import { streamOf } from "../yaml/from-tree";
import { parseYaml, type YamlStream } from "../yaml/parser";
import { isAbsolute, join } from "./paths";

/** How the resolution reaches files. Paths are absolute. */
export interface FileAccess {
  /** The content of a file; `undefined` when there is none. Bytes are UTF-8; YAML may be UTF-16 with a byte order mark. */
  readonly read?: (path: string) => string | Uint8Array | undefined;
  /** Whether a path is a directory; asked only for the `project_directory` of an include. */
  readonly isDirectory?: (path: string) => boolean;
  /** Where a path leads when symbolic links on it are followed; asked only for `develop.watch`. */
  readonly followLinks?: (path: string) => string;
}

/** A file by its path, or a text that stands for the file of that path. */
export type FileInput = string | { readonly path: string; readonly text: string | Uint8Array };

/** A document that stands for the file of a path, and that nobody has printed. */
export interface TreeInput {
  readonly path: string;
  readonly tree: YamlNode;
}

/** Texts larger than this are refused: no project needs 64 MB. */
const MAX_LENGTH = 64 * 1024 * 1024;

/**
 * What all documents of a project may cost together. Each goes over the model of those before it, a file that is included
 * or extended in many places is loaded in each: a short text could keep a reader busy for ever.
 */
const MAX_COST = 2 ** 27;
/** What a document costs beside the characters of its file. */
const COST_OF_DOCUMENT = 10_000;

/** Reads each file once, and each YAML text once. */
export class Files {
  private readonly contents = new Map<string, string | Uint8Array | undefined>();
  private readonly streams = new Map<string, YamlStream>();

  private cost = 0;

  /** A relative path starts at `directory`. */
  constructor(
    private readonly access: FileAccess,
    private readonly directory: string,
    private readonly behaviour: Behaviour,
  ) {}

  /** Puts a text or a document in the place of a file. */
  provide(path: string, input: Exclude<FileInput, string> | TreeInput): void {
    if ("tree" in input) this.streams.set(path, streamOf(input.tree));
    else this.contents.set(path, input.text);
  }

  has(path: string): boolean {
    return this.streams.has(path) || this.yamlText(path) !== undefined;
  }

  /** The text of a file with values of variables. As for Compose, bytes that are no UTF-8 stand for nothing in it. */
  text(path: string): string | undefined {
    const content = this.content(path);
    return content === undefined ? undefined : valuesText(path, content);
  }

  /** The text of a YAML file, which may be in UTF-16, too. */
  yamlText(path: string): string | undefined {
    const content = this.content(path);
    return content === undefined ? undefined : yamlText(path, content);
  }

  yaml(path: string): YamlStream {
    let stream = this.streams.get(path);
    if (stream === undefined) {
      const text = this.yamlText(path);
      if (text === undefined) throw new ComposeError("file", `open ${path}: no such file or directory`);
      stream = parseYaml(text, this.behaviour);
      this.streams.set(path, stream);
    }
    return stream;
  }

  private content(path: string): string | Uint8Array | undefined {
    if (!this.contents.has(path)) {
      const content = this.access.read?.(isAbsolute(path) ? path : join(this.directory, path));
      this.contents.set(path, content);
    }
    return this.contents.get(path);
  }

  /** Counts a document that is loaded. @throws ComposeError when those of the project are too many. */
  charge(path: string): void {
    this.cost += COST_OF_DOCUMENT + (this.content(path)?.length ?? 0);
    if (this.cost <= MAX_COST) return;
    const message = `failed to load ${path}: the documents of the project, with those of included and extended files, are too many`;
    throw new ComposeError("limit", message);
  }

  /** Forgets a file that nobody needs again. */
  release(path: string): void {
    this.streams.delete(path);
  }

  isDirectory(path: string): boolean {
    return this.access.isDirectory?.(path) ?? true;
  }

  get followLinks(): ((path: string) => string) | undefined {
    return this.access.followLinks;
  }
}

/**
 * The text of a YAML file: in UTF-8, or in UTF-16 with a byte order mark.
 *
 * @throws ComposeError
 */
export function yamlText(path: string, content: string | Uint8Array): string {
  const utf16 = utf16Text(content);
  if (utf16 !== undefined) return utf16;
  checkLength(path, content);
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new ComposeError("file", `failed to parse ${path}: yaml: invalid UTF-8`);
  }
}

function valuesText(path: string, content: string | Uint8Array): string {
  checkLength(path, content);
  if (typeof content === "string") return content;
  if (utf16Mark(content) !== undefined) {
    const { reason, fix } = encodingProblem(content) ?? { reason: "is not in UTF-8", fix: "save it as UTF-8" };
    throw new ComposeError("env-file", `failed to read ${path}: it ${reason}: ${fix}`);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
}

function checkLength(path: string, { length }: string | Uint8Array): void {
  if (length <= MAX_LENGTH) return;
  throw new ComposeError("limit", `failed to parse ${path}: the file is larger than ${MAX_LENGTH / 2 ** 20} MB`);
}

function utf16Mark([first, second]: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/**
 * The text of a YAML file in UTF-16, which says so by its byte order mark. `undefined` for any other.
 *
 * @throws ComposeError when the bytes are no UTF-16, in Compose's words
 */
function utf16Text(content: string | Uint8Array): string | undefined {
  if (typeof content === "string" || content.length > MAX_LENGTH) return undefined;
  const mark = utf16Mark(content);
  if (mark === undefined) return undefined;
  try {
    return new TextDecoder(mark, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    const what = content.length % 2 === 1 ? "character" : "surrogate pair";
    throw new ComposeError("yaml", `yaml: incomplete UTF-16 ${what}`);
  }
}
