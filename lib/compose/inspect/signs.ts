import type { DocumentWatch } from "../loader/loader";
import type { VersionRange } from "../range";
import { asText, formatValue, type ListNode, type MapNode, type Node, type ScalarNode } from "../tree/node";
import { andContainers, type Rules, rulesOf, step } from "../tree/rules";
import { type Point, pointsBetween } from "../version";

/** Whether a value can be read differently on the two sides of a point. A wrong `true` costs time, a wrong `false` is a fault. */
type Sign<T extends Node = Node> = (node: T) => boolean;

/** What a document has to hold for a point to matter: values at places, a value anywhere, or values in two documents. */
interface Signs {
  readonly at?: Readonly<Record<string, Sign>>;
  readonly anywhere?: Sign<ScalarNode>;
  /** Places where two documents meet, beside lists and values of two kinds. */
  readonly merged?: readonly string[];
}

const there: Sign = () => true;
const included = { at: { include: there } };
const steps = { "services.*.pre_start": there, jobs: there };

/** For differences in messages, warnings, printing, variables and models without interpolation: no value shows them. */
const NONE: Signs = {};

const isWord: Sign = (node) => asText(node) !== undefined;

/** A port that the readers before and after 5.0 take alike. */
const PLAIN_PORT = /^(?:\d{1,3}(?:\.\d{1,3}){3}:)?(?:\d+(?:-\d+)?:)?\d+(?:-\d+)?(?:\/(?:tcp|udp))?$/;

const isOtherPort: Sign = (node) => {
  const written = asText(node);
  return written !== undefined && !PLAIN_PORT.test(written);
};

/** A mount that does not say whether a path of the host is created: in the short form, one with options. */
const isOpenBind: Sign = (node) => {
  const [, , ...options] = asText(node)?.split(":") ?? [];
  if (options.some((option) => option !== "ro" && option !== "rw")) return true;
  if (node.kind !== "map" || asText(node.entries.get("type")) !== "bind") return false;
  const bind = node.entries.get("bind");
  return bind?.kind !== "map" || !bind.entries.has("create_host_path");
};

/** Each point → what shows it in the projects that the releases before it accept. */
const SIGNS: Readonly<Record<Point, Signs>> = {
  mergeIncluded: included,
  ignoresNullDevice: included,
  includeFirst: included,
  skipsSameIncluded: included,
  castsDependencies: { at: { "services.*.depends_on.*.required": isWord, "services.*.depends_on.*.restart": isWord } },
  // Older releases print a path that is created, newer ones a path that is not.
  printsRefusedPath: NONE,
  bindCreatesPath: { at: andContainers({ "services.*.volumes.[]": isOpenBind }) },
  keepsEmptyLists: NONE,
  newPortReader: { at: andContainers({ "services.*.ports.[]": isOtherPort }) },
  // Older releases take a date only where the schema does not look.
  takesDates: NONE,
  refusesEmptyPools: { merged: ["networks.*.ipam"] },
  leavesEnvFiles: { at: andContainers({ "services.*.env_file": there }) },
  quotesSingly: NONE,
  // A release that expands all operands, and refuses none, gets the same text as one that expands those it uses.
  lazyOperands: NONE,
  // Trees have neither aliases nor tags but `!reset` and `!override`.
  resetEveryAlias: NONE,
  readsTaggedAsText: NONE,
  refusesSignsInTags: NONE,
  takesMoreSigns: NONE,
  keepsKeysOpen: NONE,
  readsNewerYaml: NONE,
  countsAliases: NONE,
  // All releases refuse what is no YAML, and print the same values.
  wrapsYamlErrors: NONE,
  namesYamlPlaces: NONE,
  namesYamlStage: NONE,
  namesYamlLine: NONE,
  quotesDoubly: NONE,
  signedSizes: { anywhere: ({ value }) => typeof value === "string" && /^(?:[-+]\d+|\d{15,})$/.test(value) },
  printsIpamOptions: { at: { "networks.*.ipam.options": there } },
  inheritsStepImage: { at: steps },
  fillsSteps: { at: steps },
  sharesContainerKeys: { at: { ...steps, "services.*.pull_refresh_after": there } },
  tellsAllVariables: NONE,
  keepsLabelFiles: { at: andContainers({ "services.*.label_file": there }) },
  mergesLimits: { merged: ["services.*.ulimits.*", "jobs.*.ulimits.*"] },
  appendsOnlyNew: { merged: ["services.*.extra_hosts", "jobs.*.extra_hosts"] },
  joinsUses: NONE,
  namesBadFile: NONE,
  mergesAllLabels: { merged: ["volumes.*.labels", "secrets.*.labels", "configs.*.labels"] },
  blamesUnknownKeys: NONE,
  leavesLimitText: NONE,
  // A release that refuses such items refuses the file, and says so.
  tellsNumbersFromTexts: NONE,
  tellsUnheeded: NONE,
  adoptsExtensions: { at: { "services.*.x-develop": there, "services.*.develop": there } },
  takesNoNames: { merged: [] },
  mergesByKey: { merged: [] },
  masksFiles: {
    at: andContainers({ "services.*.umask": there, "services.*.networks.*.use_service_name_alias": there }),
  },
};

const PULL_POLICIES: ReadonlySet<string> = new Set(["always", "never", "missing", "if_not_present", "build"]);

const isOtherPolicy: Sign = (node) => !PULL_POLICIES.has(asText(node) ?? "");

const hasOtherNames: Sign = (node) => node.kind === "map" && ![...node.entries.keys()].every((key) => NAME.test(key));
const NAME = /^[a-zA-Z0-9._-]+$/;

/** What the schema of one release takes and that of another does not. */
const SCHEMA: Signs = {
  at: {
    ...andContainers({ "services.*.pull_policy": isOtherPolicy }),
    networks: hasOtherNames,
    models: hasOtherNames,
  },
};

/** Other files are not looked at, nor what services take from each other: both always count. */
const OUTSIDE: Signs = { at: { include: there, "services.*.extends": there, "jobs.*.extends": there } };

/** Looks for signs that releases of a range read documents differently. */
export class SignFinder implements DocumentWatch {
  /** Whether one was found. */
  found = false;
  private readonly at: Rules<Sign>;
  private readonly anywhere: readonly Sign<ScalarNode>[];
  private readonly merged: Rules<true> | undefined;

  constructor(range: VersionRange) {
    const signs = [OUTSIDE, SCHEMA, ...pointsBetween(range.from, range.to).map((point) => SIGNS[point])];
    this.at = rulesOf(unionOf(signs.map(({ at }) => at ?? {})));
    this.anywhere = signs.flatMap(({ anywhere }) => anywhere ?? []);
    const places = signs.flatMap(({ merged }) => merged ?? []);
    const isMerging = signs.some(({ merged }) => merged !== undefined);
    this.merged = isMerging ? rulesOf(Object.fromEntries(places.map((place) => [place, true]))) : undefined;
  }

  /** Looks at a document with its variables replaced. */
  read(document: MapNode): void {
    this.found ||= this.isIn(document, this.at);
  }

  /** Looks at a document and at the project that it comes over. */
  merge(before: MapNode, document: MapNode): void {
    this.found ||= this.merged !== undefined && meet(before, document, this.merged);
  }

  private isIn(node: Node, rules: Rules<Sign> | undefined): boolean {
    if (rules?.rule?.(node) === true) return true;
    if (node.kind === "scalar") {
      for (const sign of this.anywhere) if (sign(node)) return true;
      return false;
    }
    if (node.kind === "list") {
      const next = step(rules, "[]");
      for (const item of node.items) if (this.isIn(item, next)) return true;
      return false;
    }
    for (const [key, value] of node.entries) if (this.isIn(value, step(rules, key))) return true;
    return false;
  }
}

/** All signs of each place. */
function unionOf(tables: readonly Readonly<Record<string, Sign>>[]): Readonly<Record<string, Sign>> {
  const all: Record<string, Sign> = {};
  for (const [place, sign] of tables.flatMap((table) => Object.entries(table))) {
    const other = all[place];
    all[place] = other === undefined ? sign : (node) => other(node) || sign(node);
  }
  return all;
}

/** Whether two documents have something that releases put together differently. */
function meet(base: Node, over: Node, rules: Rules<true> | undefined): boolean {
  if (rules?.rule === true) return true;
  if (base.kind === "map" && over.kind === "map") {
    for (const [key, value] of over.entries) {
      const before = base.entries.get(key);
      if (before !== undefined && meet(before, value, step(rules, key))) return true;
    }
    return false;
  }
  if (base.kind === "list" && over.kind === "list") return haveCommon(base, over);
  return base.kind !== over.kind;
}

/** Whether an item, or a name before `=`, may be in both lists. */
function haveCommon(base: ListNode, over: ListNode): boolean {
  const known = new Set(base.items.map(formatValue));
  return over.items.map(formatValue).some((item) => known.has(item) || item.includes("="));
}
