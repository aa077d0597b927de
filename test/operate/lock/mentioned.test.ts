import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readMentioned } from "../../../lib/operate/lock/mentioned";
import { directoryWith, removeDirectories } from "./directory";

afterEach(removeDirectories);

/** Names of images with the files that have them, and names that are none. */
async function mentions(files: Readonly<Record<string, string>>) {
  const { images, open } = await readMentioned(directoryWith(files));
  return {
    images: images.map(({ file, reference: { name, digest } }) => [file, digest === undefined ? name : `${name}@`]),
    open: open.map(({ file, text }) => [file, text]),
  };
}

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("the images that files of a synthesis name", () => {
  it("are those of Compose files and Dockerfiles, wherever they lie, and of no other file", async () => {
    const image = "image: other:1\n";
    expect(
      await mentions({
        "compose.yaml": "services:\n  a:\n    image: redis:7.2\n  b:\n    image: redis:7.2\n",
        "sub/more.yml": `"services":\n  a: {image: "ghcr.io/x/y:1@${DIGEST}"}\n`,
        "backend/Dockerfile": "FROM python:3.11\n",
        Dockerfile: "FROM node:20\n",
        "Dockerfile.example": "FROM no:1\n",
        NotADockerfile: "FROM no:1\n",
        ".github/workflows/images.yml": `on: push\njobs:\n  a:\n    services:\n      db: {image: no:2}\n    steps: [{uses: a@b}]\n---\n`,
        "guide.md": image,
        ".env.example": image,
      }),
    ).toEqual({
      images: [
        ["compose.yaml", "redis:7.2"],
        ["sub/more.yml", "ghcr.io/x/y:1@"],
        ["backend/Dockerfile", "python:3.11"],
        ["Dockerfile", "node:20"],
      ],
      open: [],
    });
  });

  it("are all that a Compose file pulls, variables at their defaults", async () => {
    const text = `
services:
  a:
    image: "\${REGISTRY:-ghcr.io}/x/y:\${V:-\${OLD:-1}}"
    pre_start: [{image: init:1}]
    volumes:
      - {type: image, source: data:1, target: /data}
      - {type: volume, source: no:1, target: /no}
      - no:/no
    labels: {image: no:2}
  built: {image: no:3, build: .}
  over: {image: !override redis:7.2}
  removed: !reset null
  gone: {image: !reset null}
  unbuilt: {image: redis:8, build: !reset null}
  empty: {image: ""}
  none: {command: x}
x-other: {image: no:4}
`;
    const { images, open } = await mentions({ "compose.yaml": text });
    expect(images.map(([, name]) => name)).toEqual(["ghcr.io/x/y:1", "redis:7.2", "redis:8", "init:1", "data:1"]);
    expect(open).toEqual([]);
  });

  it("are not to be told where a variable has no default", async () => {
    const text =
      "services: {e: {image: 'v${V}:1'}, f: {image: 'u:${V:-}'}, a: {image: 'x:${V}'}, b: {image: 'y:${V:?needed}'}, c: {image: 'Z:1'}, d: {image: 'w:1'}}";
    expect(await mentions({ "compose.yaml": text, Dockerfile: "ARG V\nFROM z:$V" })).toEqual({
      images: [["compose.yaml", "w:1"]],
      open: [
        ["compose.yaml", "v${V}:1"],
        ["compose.yaml", "u:${V:-}"],
        ["compose.yaml", "x:${V}"],
        ["compose.yaml", "y:${V:?needed}"],
        ["compose.yaml", "Z:1"],
        ["Dockerfile", "z:$V"],
      ],
    });
  });

  it("cannot be read where nothing was written, or where it is gone or broken", async () => {
    const dir = directoryWith({ "compose.yaml": "services:\n  a: {image: x:1}\n" });
    rmSync(join(dir, "compose.yaml"));
    await expect(readMentioned(dir)).rejects.toMatchObject({ code: "cannot-read", path: join(dir, "compose.yaml") });
    writeFileSync(join(dir, "compose.yaml"), "services:\n  a: {image: x:1\n");
    await expect(readMentioned(dir)).rejects.toMatchObject({ code: "invalid-yaml" });
    await expect(readMentioned(directoryWith({}))).rejects.toMatchObject({ code: "nothing-synthesized" });
    await expect(readMentioned(join(dir, "nowhere"))).rejects.toMatchObject({
      code: "nothing-synthesized",
      fix: expect.stringContaining("lamb-compose init"),
    });
    writeFileSync(join(dir, ".lamb-compose.json"), "{");
    await expect(readMentioned(dir)).rejects.toMatchObject({ code: "bad-manifest" });
  });
});
