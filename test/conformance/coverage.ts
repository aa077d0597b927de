import { CANONICAL } from "../../lib/compose/transform/canonical";
import { CASTS } from "../../lib/compose/types/casts";
import { CHECKS, DEFAULTS } from "../../lib/compose/transform/defaults";
import { readDocument } from "../../lib/compose/loader/document";
import { MERGE_RULES, mergeDocuments } from "../../lib/compose/override/merge";
import type { MapNode, Node } from "../../lib/compose/tree/node";
import { PATHS } from "../../lib/compose/loader/paths";
import { type Rules, step } from "../../lib/compose/tree/rules";
import { UNIQUE_RULES } from "../../lib/compose/override/unicity";
import { parseYaml } from "../../lib/compose/yaml/parser";
import { type Case, usedFiles } from "./case";

const TABLES: Readonly<Record<string, Rules<unknown>>> = {
  cast: CASTS,
  unicity: UNIQUE_RULES,
  canonical: CANONICAL,
  default: DEFAULTS,
  check: CHECKS,
  path: PATHS,
};

/** Counts how often each row of each table had something to do. */
export class Coverage {
  private readonly counts = new Map<string, number>();

  constructor() {
    for (const [table, rules] of Object.entries({ ...TABLES, merge: MERGE_RULES })) {
      for (const pattern of patterns(rules)) this.counts.set(`${table} ${pattern}`, 0);
    }
  }

  add(question: Case): void {
    let before: MapNode | undefined;
    for (const path of usedFiles(question)) {
      for (const yaml of parseYaml(question.files[path] ?? "").documents) {
        const { root } = readDocument(yaml, path);
        for (const [table, rules] of Object.entries(TABLES)) this.walk(table, root, rules, []);
        if (before !== undefined) this.both(before, root, MERGE_RULES, []);
        try {
          before = before === undefined ? root : mergeDocuments(before, root);
        } catch {
          return;
        }
      }
    }
  }

  report(): string {
    const rows = [...this.counts];
    const missing = rows.filter(([, count]) => count === 0).map(([row]) => row);
    const least = rows.filter(([, count]) => count > 0).sort(([, a], [, b]) => a - b).slice(0, 8);
    return [
      `rows of tables reached: ${rows.length - missing.length} of ${rows.length}`,
      `least: ${least.map(([row, count]) => `${row} (${count})`).join(", ")}`,
      ...(missing.length === 0 ? [] : [`never: ${missing.join(", ")}`]),
    ].join("\n");
  }

  private hit(table: string, pattern: readonly string[]): void {
    const row = `${table} ${pattern.join(".")}`;
    this.counts.set(row, (this.counts.get(row) ?? 0) + 1);
  }

  private walk(table: string, node: Node, rules: Rules<unknown>, pattern: readonly string[]): void {
    if (rules.rule !== undefined) this.hit(table, pattern);
    const children: Iterable<readonly [string, Node]> =
      node.kind === "map" ? node.entries : node.kind === "list" ? node.items.map((item) => ["[]", item] as const) : [];
    for (const [key, value] of children) {
      const next = step(rules, key);
      if (next !== undefined) this.walk(table, value, next, [...pattern, rules.keys.has(key) ? key : "*"]);
    }
  }

  private both(base: Node, over: Node, rules: Rules<unknown>, pattern: readonly string[]): void {
    if (rules.rule !== undefined) this.hit("merge", pattern);
    if (base.kind !== "map" || over.kind !== "map") return;
    for (const [key, value] of over.entries) {
      const before = base.entries.get(key);
      const next = step(rules, key);
      if (before !== undefined && next !== undefined) this.both(before, value, next, [...pattern, rules.keys.has(key) ? key : "*"]);
    }
  }
}

function* patterns(rules: Rules<unknown>, path: readonly string[] = []): Generator<string> {
  if (rules.rule !== undefined) yield path.join(".");
  for (const [key, next] of rules.keys) yield* patterns(next, [...path, key]);
  if (rules.any !== undefined) yield* patterns(rules.any, [...path, "*"]);
}
