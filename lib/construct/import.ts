import type { Construct } from "constructs";
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

/** The sections of a document whose entries are constructs, and everything else. */
export function splitSections(document: InputMap): [sections: InputMap, topLevel: InputMap] {
  const isSection = ([key, value]: [string, unknown]) => key in MAKERS && isMap(value);
  const entries = Object.entries(document).filter(([key]) => key !== "version");
  return [
    Object.fromEntries(entries.filter(isSection)),
    Object.fromEntries(entries.filter((entry) => !isSection(entry))),
  ];
}

/** Creates the constructs of sections. */
export function addSections(scope: Construct, sections: InputMap): void {
  for (const [section, entries] of Object.entries(sections)) {
    const make = MAKERS[section];
    if (make === undefined || !isMap(entries)) continue;
    for (const [name, spec] of Object.entries(entries)) make(scope, name, isMap(spec) ? spec : {});
  }
}
