import type { IConstruct } from "constructs";
import { setOwn } from "../spec/value";
import type { Input } from "./binding";
import { Volume } from "./volume";

/**
 * The top-level key of a Compose file under which stands what the commands on a deployment must know of it and Compose does
 * not: Compose passes over it, and merges it from file to file. No service is made anew when it changes.
 */
export const FACTS_KEY = "x-lamb-compose";

/** The key of the method by which a construct adds to it. */
export const FACT: unique symbol = Symbol.for("lamb-compose.fact");

/** Something that the commands must know. */
export interface Fact {
  /**
   * `stores`: data, by the volume. `outside`: what can be asked from outside, by a name. `reloads`: how settings take effect
   * in what runs, by the service. `releases`: which release of a product the files are of, by the product.
   * `checks`: what `doctor` looks at in a service, by a name. `waits`: which services one waits for because of their data's
   * layout alone, by the service. `limits`: how large values may be, by the variable.
   */
  readonly section: "stores" | "outside" | "reloads" | "releases" | "checks" | "waits" | "limits";
  readonly key: string;
  readonly value: { readonly [key: string]: Input };
}

/** A construct that knows something that the commands must know. */
export interface FactSource extends IConstruct {
  /**
   * @param volumes the names of the volumes of its file
   * @returns nothing when there is nothing to say
   */
  [FACT](volumes: ReadonlySet<string>): Fact | undefined;
}

/** What constructs say together. `undefined` when they have nothing to say. */
export function factsOf(constructs: readonly IConstruct[]): Input {
  const volumes = new Set(constructs.filter((construct) => Volume.isVolume(construct)).map(({ name }) => name));
  const sections: { [section: string]: { [key: string]: Input } } = {};
  for (const construct of constructs) {
    const fact = isFactSource(construct) ? construct[FACT](volumes) : undefined;
    if (fact === undefined) continue;
    const section = sections[fact.section] ?? {};
    sections[fact.section] = section;
    setOwn(section, fact.key, fact.value);
  }
  return Object.keys(sections).length === 0 ? undefined : sections;
}

function isFactSource(construct: IConstruct): construct is FactSource {
  return FACT in construct;
}
