import type { ComposeTag } from "../compose/emit/emit";
import type { Input } from "./binding";
import { brand } from "./brand";

const [mark, isAnnotated] = brand<Annotated>("Annotated");

/** A value with a tag of Compose's, or with a comment. */
export class Annotated {
  static isAnnotated = isAnnotated;

  readonly tag: ComposeTag | undefined;
  readonly comment: string | undefined;

  constructor(
    readonly value: Input,
    annotation: { readonly tag?: ComposeTag | undefined; readonly comment?: string | undefined },
  ) {
    mark(this);
    this.tag = annotation.tag;
    this.comment = annotation.comment;
  }
}

/**
 * In an overlay: what the files below say at this place is removed.
 *
 * @see Compose Specification, chapter 13 (merge), "Reset value"
 */
export function reset(): Annotated {
  return new Annotated(null, { tag: "!reset" });
}

/**
 * In an overlay: the value takes the place of what the files below say, instead of being merged with it.
 *
 * @see Compose Specification, chapter 13 (merge), "Replace value"
 */
export function override(value: Input): Annotated {
  return new Annotated(value, { tag: "!override" });
}

/** The annotation on a value that was added to. What was to be removed is then replaced by what was added. */
export function reannotated(annotated: Annotated, value: Input): Annotated {
  const { tag, comment } = annotated;
  return new Annotated(value, { tag: tag === "!reset" ? "!override" : tag, comment });
}

/** The value with the reason for it, printed as a comment above it. */
export function because(reason: string, value: Input): Annotated {
  return new Annotated(value, { comment: reason });
}
