import type { Construct } from "constructs";
import { setOwn } from "../spec/value";
import type { Input } from "./binding";
import { Config } from "./config";
import { isMap } from "./copy";
import { Network } from "./network";
import type { InputMap } from "./read-yaml";
import { Secret } from "./secret";
import { Service } from "./service";
import { Volume } from "./volume";

/** Makes the construct of one entry of a section. What the entry holds is validated at synthesis. */
type Maker = (scope: Construct, name: string, spec: InputMap) => Construct;

const MAKERS: { readonly [section: string]: Maker } = {
  services: (scope, name, spec) => new Service(scope, name, spec),
  networks: (scope, name, spec) => new Network(scope, name, spec),
  volumes: (scope, name, spec) => new Volume(scope, name, spec),
  configs: (scope, name, spec) => new Config(scope, name, spec),
  secrets: (scope, name, spec) => new Secret(scope, name, spec),
};

/**
 * The entries of a document that are constructs, by section, and everything else. An entry that is not a mapping stays
 * where it is, for the validation to name what is wrong with it.
 */
export function splitSections(document: InputMap): [sections: InputMap, topLevel: InputMap] {
  const sections: { [key: string]: InputMap } = {};
  const topLevel: { [key: string]: Input } = {};
  for (const [key, value] of Object.entries(document)) {
    if (key === "version") continue;
    if (!Object.hasOwn(MAKERS, key) || !isMap(value)) {
      setOwn(topLevel, key, value);
      continue;
    }
    const entries = Object.entries(value);
    sections[key] = Object.fromEntries(entries.filter(([, entry]) => isEntry(key, entry)));
    const others = entries.filter(([, entry]) => !isEntry(key, entry));
    if (others.length > 0) topLevel[key] = Object.fromEntries(others);
  }
  return [sections, topLevel];
}

/** Whether a construct can stand for an entry. A volume or network may have nothing to say. */
function isEntry(section: string, entry: Input): boolean {
  return isMap(entry) || (entry === null && section !== "services");
}

/** Creates the constructs of sections. */
export function addSections(scope: Construct, sections: InputMap): void {
  for (const [section, entries] of Object.entries(sections)) {
    const make = MAKERS[section];
    if (make === undefined || !isMap(entries)) continue;
    for (const [name, spec] of Object.entries(entries)) make(scope, name, isMap(spec) ? spec : {});
  }
}
