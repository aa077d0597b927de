import { ImageLock, type Synthesis } from "lamb-compose";
import { checkEnv } from "lamb-compose/env";
import { describe, expect, it } from "vitest";
import { lockedImage, lockOf } from "../support/locks";
import { describeWith } from "../support/tools";
import { filled, model, templateOf } from "./compose";
import { DEPLOYMENTS, lamb, type Parts, stackOf } from "./deployments";
import { officialErrors } from "./official";

/** The images of files, variables at their defaults. */
function imagesOf({ files }: Synthesis): string[] {
  const texts = [...files].flatMap(([path, text]) => (path.endsWith(".yaml") ? [text] : []));
  const written = texts.flatMap((text) => [...text.matchAll(/^ {4}image: (.*)$/gm)].map(([, image = ""]) => image));
  return written.map((image) => image.replace(/\$\{LAMB_VERSION:-(.*?)\}/, "$1"));
}

/** A lock of all images of a deployment, each with another digest. */
function lockFor(parts: Parts): ImageLock {
  const names = [...new Set(imagesOf(lamb(parts)))];
  return new ImageLock(names.map((name, index) => [name, lockedImage(index.toString(16))]));
}

const made = DEPLOYMENTS.map(([name, parts]) => {
  const lock = lockFor(parts);
  return [name, parts, lock, lamb(parts, { lock })] as const;
});

describe("every deployment of LAMB, locked", () => {
  it.each(made)("names each image by tag and digest, and has no finding for it: %s", (_, parts, lock, synthesis) => {
    const images = imagesOf(synthesis);
    expect(images).toEqual(imagesOf(lamb(parts)).map((name) => `${name}@${lock.find(name)?.digest}`));
    expect(images.length).toBeGreaterThanOrEqual(3);
    expect(synthesis.findings.filter(({ code }) => code.startsWith("image-"))).toEqual([]);
  });

  it.each(made)("mentions the version nowhere: %s", (_, __, ___, { files }) => {
    for (const [path, text] of files) expect(text, path).not.toContain("LAMB_VERSION");
  });

  it.each(made)("differs in nothing else: %s", (_, parts, lock, { files }) => {
    const before = [...lamb(parts).files].map(([path, text]) => [path, plain(text)]);
    expect([...files].map(([path, text]) => [path, plain(text)])).toEqual(before);
    expect(lock.images.size).toBeGreaterThanOrEqual(3);
  });

  it.each(made)("has files that the official schema takes: %s", (_, __, ___, { files }) => {
    for (const [path, text] of files) if (path.endsWith(".yaml")) expect(officialErrors(text), path).toEqual([]);
  });
});

/** A text without what a lock changes: images, and the version's place in the template. */
function plain(text: string): string {
  return text
    .replace(/^ {4}image: .*$/gm, "    image:")
    .replace(/^# Version -+\n[\s\S]*?(?=^# .* -{20,}$)/m, "")
    .replace(/\n{2,}/g, "\n");
}

describe("a lock that has some of LAMB's images", () => {
  const lock = lockOf({ "ghcr.io/lamb-project/lamb:v0.6": "a" });

  it("keeps them in lock-step: none of them is moved by the variable any more", () => {
    const synthesis = lamb({}, { lock });
    expect(imagesOf(synthesis)).toEqual([
      `ghcr.io/lamb-project/lamb:v0.6@sha256:${"a".repeat(64)}`,
      "ghcr.io/lamb-project/lamb-kb:v0.6",
      "ghcr.io/lamb-project/openwebui:v0.6",
    ]);
    const open = synthesis.findings.filter(({ severity }) => severity !== "suppressed");
    expect(open.map(({ code, construct }) => [code, construct])).toEqual([
      ["image-not-locked", "next/kb"],
      ["image-not-locked", "next/openwebui"],
    ]);
  });
});

describe("the .env of a locked deployment", () => {
  const { app, stack } = stackOf();
  const contract = stack.env.contract(app.synth({ lock: lockFor({}) }).context);
  const problems = async (line: string) => {
    const found = await checkEnv(contract, `${line}\n`);
    return found.filter(({ name }) => name === "LAMB_VERSION");
  };

  it("with another version is an error that says what moves the images now", async () => {
    expect(await problems("LAMB_VERSION=v0.7")).toEqual([
      {
        code: "retired-value",
        severity: "error",
        name: "LAMB_VERSION",
        line: 1,
        reason: expect.stringMatching(/is not read any more: images\.lock\.json fixes .*`lamb-compose lock`/),
        fix: "remove the line, if v0.6 is right for you: it holds whatever stands here",
      },
    ]);
  });

  it("with the version that is locked is a warning", async () => {
    expect(await problems("LAMB_VERSION=v0.6")).toMatchObject([{ code: "retired-name", severity: "warning" }]);
    expect(await problems("LAMB_VERSION=")).toMatchObject([{ code: "retired-name", severity: "warning" }]);
    expect(await problems("LAMB_PORT=1")).toEqual([]);
  });

  it("of an unlocked one is read as ever", async () => {
    const free = stack.env.contract(app.synth().context);
    expect(await checkEnv(free, "LAMB_VERSION=v0.7\n")).not.toContainEqual(
      expect.objectContaining({ name: "LAMB_VERSION" }),
    );
  });
});

describeWith("docker-compose", "every deployment of LAMB, locked, as Compose merges it", () => {
  it.each(made)("runs what is locked, whatever the .env says of the version: %s", (_, __, lock, synthesis) => {
    const template = synthesis.files.get(templateOf(synthesis.files)) ?? "";
    const envText = filled(template, { LAMB_VERSION: "v9.9" });
    const { services } = model(synthesis, { envText });
    expect(Object.keys(services).length).toBeGreaterThanOrEqual(3);
    for (const [name, { image = "" }] of Object.entries(services)) {
      const [tagged = "", digest] = image.split("@");
      expect(digest, name).toBe(lock.find(tagged)?.digest);
      expect(digest, name).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
  });
});
