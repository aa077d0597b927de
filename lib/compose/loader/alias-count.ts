import type { YamlAlias, YamlMapping, YamlNode } from "../yaml/parser";

/** Of fewer values than these, and fewer of them behind aliases, nothing is refused. */
const FREE_VALUES = 1000;
const FREE_ALIASED = 100;
/** Up to so many values nearly all may be behind aliases, and from so many on a tenth; between them ever fewer. */
const MANY_VALUES = 400_000;
const MOST_VALUES = 4_000_000;

function allowedShare(values: number): number {
  if (values <= MANY_VALUES) return 0.99;
  if (values >= MOST_VALUES) return 0.1;
  return 0.99 - 0.89 * ((values - MANY_VALUES) / (MOST_VALUES - MANY_VALUES));
}

/** An entry of a mapping; what a merge key brought is behind an alias, wherever it stands now. */
interface Entry {
  readonly key: YamlNode;
  readonly value: YamlNode;
  readonly isMerged: boolean;
}

/**
 * Counts values in the order in which Compose makes them, aliases written out, and refuses the first with which those
 * behind aliases are too many.
 */
export class AliasCount {
  private values = 0;
  private aliased = 0;
  /** How many aliases lead to what is being counted. */
  private depth = 0;

  /** @param fail makes the error for the value that is one too many */
  constructor(private readonly fail: (node: YamlNode) => Error) {}

  /** @throws what `fail` makes */
  add(node: YamlNode, isMerged = false): void {
    if (isMerged) this.depth++;
    this.addOne(node);
    if (node.kind === "alias") this.behind(() => this.add(node.target));
    else if (node.kind === "sequence") for (const item of node.items.filter(isKept)) this.add(item);
    else if (node.kind === "mapping") {
      for (const entry of this.entriesOf(node)) {
        this.add(entry.key, entry.isMerged);
        this.add(entry.value, entry.isMerged);
      }
    }
    if (isMerged) this.depth--;
  }

  private addOne(node: YamlNode): void {
    this.values++;
    if (this.depth > 0) this.aliased++;
    if (this.aliased <= FREE_ALIASED || this.values <= FREE_VALUES) return;
    if (this.aliased / this.values > allowedShare(this.values)) throw this.fail(node);
  }

  private behind<T>(what: () => T): T {
    this.depth++;
    const result = what();
    this.depth--;
    return result;
  }

  /** What a mapping holds after its merge keys; to find that out counts, too. */
  private entriesOf(node: YamlMapping): readonly Entry[] {
    const entries = node.entries.filter(([, value]) => isKept(value));
    const own = entries.filter(([key]) => !isMergeKey(key)).map(([key, value]) => ({ key, value, isMerged: false }));
    if (own.length === entries.length) return own;
    const sources = entries
      .filter(([key]) => isMergeKey(key))
      .flatMap(([, value]) => sourcesOf(value))
      .map((source) => this.entriesOfSource(source));
    const merged = new Map<string, Entry>();
    for (const group of [own, ...sources]) {
      for (const entry of group) {
        this.add(entry.key, entry.isMerged);
        const name = nameOf(entry.key);
        if (!merged.has(name)) merged.set(name, entry);
      }
    }
    return [...merged.values()];
  }

  private entriesOfSource(source: YamlNode): readonly Entry[] {
    if (source.kind === "mapping") return this.entriesOf(source);
    return source.kind === "alias" ? this.entriesBehind(source) : [];
  }

  private entriesBehind(alias: YamlAlias): readonly Entry[] {
    return this.behind(() => {
      this.addOne(alias);
      const entries = this.entriesOfSource(alias.target);
      for (const { key, value } of entries) {
        this.addOne(key);
        this.addOne(value);
      }
      return entries.map((entry) => ({ ...entry, isMerged: true }));
    });
  }
}

/** What a merge key takes entries from. Compose puts what an alias leads to in its place, there and in no list. */
function sourcesOf(value: YamlNode): readonly YamlNode[] {
  const source = value.kind === "alias" ? value.target : value;
  return source.kind === "sequence" ? source.items : [source];
}

/** Whether a key is `<<`, which brings the entries of another mapping. */
export function isMergeKey(key: YamlNode): boolean {
  return (
    key.kind === "scalar" &&
    key.value === "<<" &&
    ((key.plain && (key.tag === "" || key.tag === "!")) || key.tag === "!!merge")
  );
}

/** What `!reset` clears is gone before values are made. */
function isKept(node: YamlNode): boolean {
  return (node.kind === "alias" ? node.target : node).tag !== "!reset";
}

function nameOf(key: YamlNode): string {
  const scalar = key.kind === "alias" ? key.target : key;
  return scalar.kind === "scalar" ? scalar.value : "";
}
