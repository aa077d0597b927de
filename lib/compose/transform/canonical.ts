import type { MapNode } from "../tree/node";
import { andContainers, andJobs, rewriteEntries, rulesOf } from "../tree/rules";
import {
  asWords,
  build,
  type CanonicalOptions,
  dependencies,
  device,
  envFiles,
  extended,
  gpus,
  granted,
  include,
  keyValues,
  namesToMap,
  nonEmpty,
  oneOrMany,
  ports,
  type Rule,
  resource,
  schedule,
  ssh,
  ulimit,
  volume,
} from "./short-forms";

/** A value that has no long form is left as it is where every refusal is asked for. */
const each = (rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> =>
  Object.fromEntries(
    Object.entries(rules).map(([place, rule]): [string, Rule] => [
      place,
      (node, path, context, below) => context.behaviour.attempt(() => rule(node, path, context, below), node),
    ]),
  );

/** Short forms: place → what makes the long form of it. */
export const CANONICAL = rulesOf<Rule>(
  each({
    ...andContainers<Rule>({
      "services.*.build": build,
      "services.*.build.secrets.*": granted,
      "services.*.build.provenance": asWords,
      "services.*.build.sbom": asWords,
      "services.*.build.additional_contexts": keyValues,
      "services.*.build.ssh": ssh,
      "services.*.build.ulimits.*": ulimit,
      "services.*.depends_on": dependencies,
      "services.*.env_file": envFiles,
      "services.*.label_file": oneOrMany,
      "services.*.extends": extended,
      "services.*.gpus": gpus,
      "services.*.networks": namesToMap,
      "services.*.models": namesToMap,
      "services.*.volumes.*": volume,
      "services.*.dns": oneOrMany,
      "services.*.devices.*": device,
      "services.*.secrets.*": granted,
      "services.*.configs.*": granted,
      "services.*.ports": ports,
      "services.*.ulimits.*": ulimit,
      "services.*.develop.watch.*.ignore": oneOrMany,
      "services.*.develop.watch.*.include": oneOrMany,
    }),
    ...andJobs<Rule>({ "services.*.dns": nonEmpty }),
    "jobs.*.triggers.schedule.*": schedule,
    "volumes.*": resource,
    "networks.*": resource,
    "secrets.*": resource,
    "configs.*": resource,
    "include.*": include,
  }),
);

/**
 * Gives every attribute of the table its long form.
 *
 * @param settled the model before the last document came: what is still in it has its long form
 * @throws ComposeError when a short form does not parse.
 */
export function toCanonical(root: MapNode, options: CanonicalOptions, settled?: MapNode): MapNode {
  return rewriteEntries(root, CANONICAL, undefined, options, settled);
}
