/** The versions of Compose that this room can be like. */
export type Version = "2.40" | "5";

/** What differs between the versions, point by point. */
export interface Behaviour {
  readonly version: Version;
  /** A default or message behind a variable is expanded only when it is used. */
  readonly lazyOperands: boolean;
  /** `include` comes before `extends`, so that an included service can be extended. */
  readonly includeFirst: boolean;
  /** What an included and the including file both declare is merged; otherwise it must be the same. */
  readonly mergeIncluded: boolean;
  /** `env_file: /dev/null` of an include is no file. */
  readonly ignoresNullDevice: boolean;
  /** A `!reset` inside an anchor holds wherever the anchor is used, not only at the first place. */
  readonly resetEveryAlias: boolean;
  /** `depends_on.*.required` and `.restart` take the words for booleans. */
  readonly castsDependencies: boolean;
  /** A text of digits with a sign is a size. */
  readonly signedSizes: boolean;
  /** A bind mount creates its path unless it says otherwise, and only `false` is printed. */
  readonly bindCreatesPath: boolean;
  /** `ipam.options` of a network is printed. */
  readonly printsIpamOptions: boolean;
  /** A `pre_start` step has the image of its service unless it names one. */
  readonly inheritsStepImage: boolean;
  /** An empty list of the untyped model stays a list in JSON. */
  readonly keepsEmptyLists: boolean;
}

export const BEHAVIOURS: Readonly<Record<Version, Behaviour>> = {
  "2.40": {
    version: "2.40",
    lazyOperands: false,
    includeFirst: false,
    mergeIncluded: false,
    ignoresNullDevice: false,
    resetEveryAlias: false,
    castsDependencies: false,
    signedSizes: false,
    bindCreatesPath: false,
    printsIpamOptions: false,
    inheritsStepImage: false,
    keepsEmptyLists: false,
  },
  "5": {
    version: "5",
    lazyOperands: true,
    includeFirst: true,
    mergeIncluded: true,
    ignoresNullDevice: true,
    resetEveryAlias: true,
    castsDependencies: true,
    signedSizes: true,
    bindCreatesPath: true,
    printsIpamOptions: true,
    inheritsStepImage: true,
    keepsEmptyLists: true,
  },
};
