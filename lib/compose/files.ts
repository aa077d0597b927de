import { ComposeError } from "./error";
import { isAbsolute, join } from "./paths";
import { parseYaml, type YamlStream } from "./yaml/parser";

/** How the resolution reaches files. Paths are absolute. */
export interface FileAccess {
  /** The content of a file; `undefined` when there is none. Bytes must be UTF-8. */
  readonly read?: (path: string) => string | Uint8Array | undefined;
  /** Whether a path is a directory; asked only for the `project_directory` of an include. */
  readonly isDirectory?: (path: string) => boolean;
  /** Where a path leads when symbolic links on it are followed; asked only for `develop.watch`. */
  readonly followLinks?: (path: string) => string;
}

/** A file by its path, or a text that stands for the file of that path. */
export type FileInput = string | { readonly path: string; readonly text: string | Uint8Array };

/** Texts larger than this are refused: no project needs 64 MB. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Reads each file once, and each YAML text once. */
export class Files {
  private readonly texts = new Map<string, string | undefined>();
  private readonly streams = new Map<string, YamlStream>();

  /** A relative path starts at `directory`. */
  constructor(
    private readonly access: FileAccess,
    private readonly directory: string,
  ) {}

  /** Puts a text in the place of a file. */
  provide(path: string, text: string | Uint8Array): void {
    this.texts.set(path, toText(path, text));
  }

  text(path: string): string | undefined {
    if (!this.texts.has(path)) {
      const content = this.access.read?.(isAbsolute(path) ? path : join(this.directory, path));
      this.texts.set(path, content === undefined ? undefined : toText(path, content));
    }
    return this.texts.get(path);
  }

  yaml(path: string): YamlStream {
    let stream = this.streams.get(path);
    if (stream === undefined) {
      const text = this.text(path);
      if (text === undefined) throw new ComposeError("file", `open ${path}: no such file or directory`);
      stream = parseYaml(text);
      this.streams.set(path, stream);
    }
    return stream;
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

function toText(path: string, content: string | Uint8Array): string {
  if (content.length > MAX_LENGTH) {
    throw new ComposeError("limit", `failed to parse ${path}: the file is larger than ${MAX_LENGTH / 2 ** 20} MB`);
  }
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw new ComposeError("file", `failed to parse ${path}: yaml: invalid UTF-8`);
  }
}
