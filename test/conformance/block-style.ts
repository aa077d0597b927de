import { Raw, Tagged, type Value, type ValueMap } from "./grammar";
import { Random } from "./random";

function isMap(value: Value): value is ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Raw) && !(value instanceof Tagged);
}

const SAFE = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z$][A-Za-z0-9_.$/+-]*(?: [A-Za-z0-9_.$/+-]+)*$/i;

/** Writes a tree the way people do: blocks, plain and quoted scalars, block scalars, comments, blank lines. */
class BlockWriter {
  constructor(private readonly random: Random) {}

  private comment(): string {
    return this.random.chance(0.08) ? " # why: [not]" : "";
  }

  private text(value: string, indent: string): string {
    const ways = [JSON.stringify(value)];
    if (SAFE.test(value)) ways.push(value, value, value);
    if (!/[\n\t]/.test(value)) ways.push(`'${value.replaceAll("'", "''")}'`);
    if (/^[^\s#][^\t]*$/.test(value) && !/ (?:\n|$)/.test(value)) {
      ways.push(`|-\n${value.split("\n").map((line) => `${indent}  ${line}`).join("\n")}`);
    }
    if (/^[A-Za-z0-9]+ [A-Za-z0-9]+$/.test(value)) ways.push(value.replace(" ", `\n${indent}  `), `>-\n${indent}  ${value.replace(" ", `\n${indent}  `)}`);
    return this.random.pick(ways);
  }

  private scalar(value: Value, indent: string): string {
    if (value === null) return this.random.pick(["null", "~", "Null"]);
    if (typeof value === "string") return this.text(value, indent);
    return value instanceof Raw ? value.text : String(value);
  }

  /** What stands behind `key:` or `-`, with its line break. */
  private value(value: Value, indent: string): string {
    if (value instanceof Tagged) return ` ${value.tag}${this.value(value.value, indent)}`;
    if (isMap(value)) {
      if (Object.keys(value).length === 0) return ` {}${this.comment()}\n`;
      return this.random.chance(0.2) ? ` ${this.flow(value)}\n` : `${this.comment()}\n${this.map(value, `${indent}  `)}`;
    }
    if (Array.isArray(value)) {
      if (value.length === 0) return " []\n";
      if (this.random.chance(0.3)) return ` ${this.flow(value)}\n`;
      const deeper = this.random.chance(0.5) ? indent : `${indent}  `;
      return `${this.comment()}\n${value.map((item) => this.item(item, deeper)).join("")}`;
    }
    const text = this.scalar(value, indent);
    return ` ${text}${text.includes("\n") ? "" : this.comment()}\n`;
  }

  private item(value: Value, indent: string): string {
    if (isMap(value) && Object.keys(value).length > 0 && this.random.chance(0.7)) {
      const inside = this.map(value, `${indent}  `);
      return `${indent}- ${inside.slice(indent.length + 2)}`;
    }
    return `${indent}-${this.value(value, `${indent}`)}`;
  }

  private flow(value: Value): string {
    if (value instanceof Tagged) return `${value.tag} ${this.flow(value.value)}`;
    if (isMap(value)) {
      const gap = this.random.chance(0.3) ? "\n                " : " ";
      return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${this.flow(inner)}`).join(`,${gap}`)}}`;
    }
    if (Array.isArray(value)) return `[${value.map((item) => this.flow(item)).join(", ")}]`;
    return typeof value === "string" ? JSON.stringify(value) : this.scalar(value, "");
  }

  map(value: ValueMap, indent: string): string {
    return Object.entries(value)
      .map(([key, inner]) => {
        const name = SAFE.test(key) ? key : JSON.stringify(key);
        const before = this.random.chance(0.05) ? `\n${indent}# a comment\n` : "";
        return `${before}${indent}${name}:${this.value(inner, indent)}`;
      })
      .join("");
  }
}

export function toBlockYaml(document: ValueMap, seed: number): string {
  return new BlockWriter(new Random(seed)).map(document, "");
}
