import { brand } from "../../construct/brand";
import { ConstructError } from "../../construct/errors";
import type { Image } from "../../construct/image/image";

const [mark, isBaseImage] = brand<BaseImage>("BaseImage");

/** What a build argument may be called, and what is said of another name. */
export const ARGUMENT_NAME = {
  pattern: /^[A-Za-z_]\w*$/,
  reason: "is not a name of a build argument",
  fix: "use letters, digits and _, and do not begin with a digit",
};

/** A build argument of a stage. Inside a text it stands for its value: `` `--port=${port}` ``. */
export class BuildArg {
  /**
   * @param fallback the value when the build gives none. Default: empty
   * @throws ConstructError `invalid-build-argument`
   */
  constructor(
    readonly name: string,
    readonly fallback?: string,
  ) {
    const { pattern, reason, fix } = ARGUMENT_NAME;
    if (pattern.test(name)) return;
    throw new ConstructError({ code: "invalid-build-argument", value: JSON.stringify(name), reason, fix });
  }

  toString(): string {
    return `\${${this.name}}`;
  }
}

/**
 * An image to build upon. It is a build argument, so that a build can take it from a mirror; its default is pinned
 * when the lock of the images has it.
 */
export class BaseImage extends BuildArg {
  static isBaseImage = isBaseImage;

  constructor(
    name: string,
    readonly image: Image,
  ) {
    super(name, image.toString());
    mark(this);
  }
}
