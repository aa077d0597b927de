import { BIND, type Binding, type Use } from "../binding";
import { brand } from "../brand";
import type { EnvVar } from "../env-var";
import { ConstructError } from "../errors";
import { imageName } from "./name";
import { DIGEST, imageReference, TAG } from "./reference";

const [mark, isImage] = brand<Image>("Image");

/** Which {@link Image} of a repository it is: tag, digest or both. */
export interface ImageProps {
  /**
   * Tag: a text, or a variable that moves several images together.
   * @default - none, when there is a digest; an image with neither is refused
   */
  readonly tag?: string | EnvVar | undefined;
  /**
   * Digest, such as `sha256:…`. What it names is used, whatever the tag says.
   * @default - none
   */
  readonly digest?: string | undefined;
  /**
   * The image brings a healthcheck of its own, so that others can wait for `service_healthy` without one in the file.
   * @default false
   */
  readonly hasHealthcheck?: boolean | undefined;
}

/**
 * A prebuilt image, named by tag or digest.
 *
 * @example
 * ```ts
 * new Service(file, "web", { image: new Image("registry.example/web", { tag: "1.4.2" }) });
 * ```
 * @see Compose Specification, chapter 5 (services), `image`
 */
export class Image implements Binding {
  static isImage = isImage;

  /** Registry and name, without tag and digest. */
  readonly repository: string;
  readonly tag: string | EnvVar | undefined;
  readonly digest: string | undefined;
  readonly hasHealthcheck: boolean;

  /** @throws ConstructError `invalid-image`: a bad repository, tag or digest, or neither tag nor digest */
  constructor(repository: string, props: ImageProps) {
    mark(this);
    this.repository = repository;
    this.tag = props.tag;
    this.digest = props.digest;
    this.hasHealthcheck = props.hasHealthcheck ?? false;
    const wrong = (reason: string, fix: string) =>
      new ConstructError({ code: "invalid-image", path: "image", value: JSON.stringify(repository), reason, fix });
    if (!isRepository(repository)) {
      throw wrong(
        "is not the name of an image without a tag",
        "write the registry, when it is not Docker Hub, and the path in lower case; pass the tag apart",
      );
    }
    if (props.tag === undefined && props.digest === undefined) {
      throw wrong("names no tag and no digest, which means `latest`", "pass `tag` or `digest`");
    }
    if (typeof props.tag === "string" && !props.tag.includes("$") && !TAG.test(props.tag)) {
      throw wrong(
        "has a tag that is not valid",
        "use up to 128 letters, digits, `.`, `_` and `-`, and do not begin with `.` or `-`",
      );
    }
    if (props.digest !== undefined && !DIGEST.test(props.digest)) {
      throw wrong("has a digest that is not valid", "write it as sha256:<64 hexadecimal digits>");
    }
  }

  [BIND](use: Use): string {
    return use.image(this.toString());
  }

  toString(): string {
    const tag = this.tag === undefined ? "" : `:${this.tag}`;
    const digest = this.digest === undefined ? "" : `@${this.digest}`;
    return `${this.repository}${tag}${digest}`;
  }
}

/** Whether a text is the name of an image, as Docker reads it, without tag and digest. */
function isRepository(text: string): boolean {
  const { tag, digest } = imageName(text);
  return tag === undefined && digest === undefined && imageReference(`${text}:tag`) !== undefined;
}
