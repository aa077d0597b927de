import type { IConstruct } from "constructs";
import type { ComposeTag } from "../compose/emit/emit";
import type { Input } from "./binding";
import { brand } from "./brand";

const [mark, isAnnotated] = brand<Annotated>("Annotated");

/** A value with a tag of Compose's, with a comment, or with the construct that wrote it into the entry of another. */
export class Annotated {
  static isAnnotated = isAnnotated;

  readonly tag: ComposeTag | undefined;
  readonly comment: string | undefined;
  readonly by: IConstruct | undefined;

  constructor(
    readonly value: Input,
    annotation: {
      readonly tag?: ComposeTag | undefined;
      readonly comment?: string | undefined;
      readonly by?: IConstruct | undefined;
    },
  ) {
    mark(this);
    this.tag = annotation.tag;
    this.comment = annotation.comment;
    this.by = annotation.by;
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
  const { tag, comment, by } = annotated;
  return new Annotated(value, { tag: tag === "!reset" ? "!override" : tag, comment, by });
}

/** The value under its tags and comments. */
export function plain(value: Input): Input {
  return Annotated.isAnnotated(value) ? plain(value.value) : value;
}

/** The value with the reason for it, printed as a comment above it. */
export function because(reason: string, value: Input): Annotated {
  return new Annotated(value, { comment: reason });
}

/** The value, with the construct that wrote it. */
export function writtenBy(by: IConstruct, value: Input): Annotated {
  if (!Annotated.isAnnotated(value)) return new Annotated(value, { by });
  const { tag, comment } = value;
  return new Annotated(value.value, { tag, comment, by });
}
