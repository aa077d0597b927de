/** An action at one commit. */
export interface PinnedAction {
  /** Repository of the action. */
  readonly name: string;
  /** The release that the commit is. */
  readonly version: string;
  readonly commit: string;
}

/**
 * Every action that the workflow uses, pinned: a tag can be moved to other code, a commit cannot.
 *
 * Each commit is what the tag of its version names in the action's own repository, lies on that repository's default
 * branch, and was found under the same version in independent repositories. Looked up 2026-11-25. To look it up again:
 * `git ls-remote https://github.com/<name> 'refs/tags/<version>*'`, where a line that ends in `^{}` counts.
 */
export const ACTIONS = {
  checkout: {
    name: "actions/checkout",
    version: "v7.0.1",
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
  },
  setupNode: {
    name: "actions/setup-node",
    version: "v7.0.0",
    commit: "820762786026740c76f36085b0efc47a31fe5020",
  },
  uploadArtifact: {
    name: "actions/upload-artifact",
    version: "v7.0.0",
    commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
  },
  downloadArtifact: {
    name: "actions/download-artifact",
    version: "v8.0.1",
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
  },
  setupBuildx: {
    name: "docker/setup-buildx-action",
    version: "v4.3.0",
    commit: "37fe631027851001ddb9b187196cc803df7f5f0e",
  },
  login: {
    name: "docker/login-action",
    version: "v4.1.0",
    commit: "4907a6ddec9925e35a0a9e82d7399ccc52663121",
  },
  buildPush: {
    name: "docker/build-push-action",
    version: "v7.3.0",
    commit: "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a",
  },
  cosignInstaller: {
    name: "sigstore/cosign-installer",
    version: "v4.1.2",
    commit: "6f9f17788090df1f26f669e9d70d6ae9567deba6",
  },
} as const satisfies Readonly<Record<string, PinnedAction>>;

export type ActionName = keyof typeof ACTIONS;
