import { describe, expect, it } from "vitest";
import { manifestIn } from "../../../lib/operate/registry/manifest";

const INDEX = "application/vnd.oci.image.index.v1+json";
const entry = (platform: unknown) => ({ mediaType: "a/b", digest: `sha256:${"a".repeat(64)}`, size: 1, platform });
const arm = { os: "linux", architecture: "arm64" };

describe("the platforms of an index", () => {
  it.each<[what: string, platforms: readonly unknown[], expected: readonly string[]]>([
    [
      "have a variant, or none, or an empty one",
      [{ ...arm, variant: "v8" }, arm, { ...arm, variant: "" }],
      ["linux/arm64", "linux/arm64/v8"],
    ],
    ["are named once, in order", [{ os: "linux", architecture: "s390x" }, arm, arm], ["linux/arm64", "linux/s390x"]],
    [
      "are those of images, not of what attests them",
      [arm, { os: "unknown", architecture: "unknown" }],
      ["linux/arm64"],
    ],
    ["are plain words", [{ os: "linux", architecture: "a/b" }, { os: "linux" }, null, "linux"], []],
  ])("%s", (_, platforms, expected) => {
    const text = JSON.stringify({ schemaVersion: 2, manifests: platforms.map(entry) });
    expect(manifestIn(text, INDEX)).toEqual({ kind: "index", mediaType: INDEX, platforms: expected });
  });
});
