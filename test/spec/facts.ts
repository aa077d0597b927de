import type { SchemaNode } from "../../schema/node";

const PROSE = new Set(["$schema", "$id", "title", "description", "x-since"]);
/** Lists whose order means nothing. */
const SETS = new Set(["type", "enum", "required"]);

type Facts = Map<string, string>;

/** Everything that a schema says, as one line for each keyword of each node; prose aside. */
export function facts(schema: SchemaNode): Facts {
  const found: Facts = new Map();
  const node = (value: object, pointer: string) => {
    found.set(pointer, "is there");
    for (const [keyword, content] of Object.entries(value)) {
      if (!PROSE.has(keyword)) say(keyword, content, `${pointer}/${keyword}`);
    }
  };
  const say = (keyword: string, content: unknown, pointer: string) => {
    if (Array.isArray(content) && SETS.has(keyword)) found.set(pointer, content.map(String).sort().join(" "));
    else if (Array.isArray(content)) for (const [index, one] of content.entries()) node(one, `${pointer}/${index}`);
    else if (typeof content !== "object" || content === null) found.set(pointer, JSON.stringify(content));
    else if (keyword === "items") node(content, pointer);
    else for (const [name, one] of Object.entries(content)) node(one, `${pointer}/${name}`);
  };
  node(schema, "");
  return found;
}

/** The lines of one schema that the other lacks, or has otherwise. */
export function beyond(ours: Facts, theirs: Facts): string[] {
  return [...ours]
    .filter(([pointer, fact]) => theirs.get(pointer) !== fact)
    .map(([pointer, fact]) => `${pointer}: ${fact}`);
}
