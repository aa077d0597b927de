import { parsePath } from "../compose/inspect/explain";
import type { Finding } from "../report/finding";
import { YamlLines } from "./yaml-lines";

/** Where a finding is to be seen. */
export interface FindingPlace {
  readonly file: string;
  /** From 1. Absent for a file whose text is not known. */
  readonly line?: number;
}

/** Finds the lines that findings are about; each file is read when it is first asked for. */
export class FindingLines {
  private readonly lines = new Map<string, YamlLines>();

  /** @param files the texts by their paths */
  constructor(private readonly files: ReadonlyMap<string, string>) {}

  /** The file that says most of what a finding is about; of several, the last, which has the last word. */
  of({ file, path = "", value }: Finding): FindingPlace | undefined {
    if (file === undefined) return undefined;
    const names = this.files.has(file) ? [file] : file.split(" + ");
    const line = /^line (\d+)$/.exec(path)?.[1];
    const [first = file] = names;
    if (line !== undefined) return { file: first, line: Number(line) };
    const keys = parsePath(path);
    const places = keys.map((_, index) => keys.slice(0, keys.length - index));
    // The position of an entry in the list of all files says less than what it is.
    if (value !== undefined && path.endsWith("]")) places.unshift([...keys.slice(0, -1), value]);
    for (const place of places) {
      for (const name of [...names].reverse()) {
        const found = this.linesOf(name).of(place);
        if (found !== undefined) return { file: name, line: found };
      }
    }
    return this.files.has(first) ? { file: first, line: 1 } : { file: first };
  }

  private linesOf(name: string): YamlLines {
    let lines = this.lines.get(name);
    if (lines === undefined) {
      lines = new YamlLines(this.files.get(name) ?? "");
      this.lines.set(name, lines);
    }
    return lines;
  }
}
