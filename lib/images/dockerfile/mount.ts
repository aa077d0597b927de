/**
 * What a `RUN` sees beside its stage's files, and what is in no layer afterwards. The keys are Dockerfile's own.
 *
 * @see Dockerfile reference, `RUN --mount`
 */
export interface BuildMount {
  readonly type: "bind" | "cache" | "secret";
  readonly id?: string | undefined;
  /** Path below the build context. */
  readonly source?: string | undefined;
  readonly target: string;
  /** The build fails without it. @default false */
  readonly required?: true | undefined;
}

export const BuildMount = {
  /** Files of the build context, for reading. */
  bind: (source: string, target: string): BuildMount => ({ type: "bind", source, target }),

  /** A folder that later builds find again. Downloads go there, and not into the image. */
  cache: (target: string): BuildMount => ({ type: "cache", target }),

  /** A file that the build may be given, `docker buildx build --secret id=…,src=…`: the settings of a mirror, say. */
  secret: (id: string, target: string, required?: true): BuildMount => ({ type: "secret", id, target, required }),
} as const;

/** The mount as an option of `RUN`. */
export function mountOption(mount: BuildMount): string {
  const fields = (["type", "id", "source", "target", "required"] as const).flatMap((key) =>
    mount[key] === undefined ? [] : [`${key}=${mount[key]}`],
  );
  return `--mount=${fields.join(",")}`;
}
