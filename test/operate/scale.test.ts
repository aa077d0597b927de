import { ConstructError, ImageLock } from "lamb-compose";
import { describe, expect, it } from "vitest";
import { parsePath } from "../../lib/compose/inspect/explain";
import { imageReference } from "../../lib/construct/image/reference";
import { withValues } from "../../lib/env/edit";
import { readEnvFile } from "../../lib/env/file";
import { isSecretName } from "../../lib/env/secret-name";
import { audit } from "../../lib/operate/audit/audit";
import { caddyfileFindings } from "../../lib/operate/audit/caddyfile";
import { requirementLines } from "../../lib/operate/dependencies/requirements";
import { imagesInDockerfile } from "../../lib/operate/lock/dockerfile";
import { challengesIn } from "../../lib/operate/registry/challenge";
import { credentialsOf } from "../../lib/operate/registry/docker-config";
import { manifestIn } from "../../lib/operate/registry/manifest";
import { visible } from "../../lib/report/visible";
import { isLinear, type Scale } from "../support/scale";

const times = (part: string) => (size: number) => part.repeat(size);
const each = (part: (index: number) => string) => (size: number) =>
  Array.from({ length: size }, (_, i) => part(i)).join("");
const caddy = (text: string) => [...caddyfileFindings({ path: "Caddyfile", text })];
const changed = (text: string) => withValues(text, new Map([["A", "2"]]));
const template = (text: string) => audit([{ path: ".env.example", text }]);
const requirements = (text: string) => requirementLines("requirements.txt", text);
const config = { path: "config.json", auths: new Map(), helpers: new Map(), store: undefined };
const password = (text: string) => credentialsOf({ auth: btoa(`a:${text}`) }, config, "x");

const DIGEST = `sha256:${"a".repeat(64)}`;
const lock = (images: object) => JSON.stringify({ version: 1, images });
const numbers = (size: number) => Array.from({ length: size }, (_, i) => i);

const ROWS: readonly Scale[] = [
  { name: "Caddyfile, words", input: times("a "), read: caddy },
  { name: "Caddyfile, quotes that are never closed", input: times('"a \\" `'), read: caddy },
  { name: "Caddyfile, lines", input: (size) => `x {\n${"respond ok\n".repeat(size)}}\n`, read: caddy },
  { name: "Caddyfile, sites", input: times("x {\nreverse_proxy lamb\n}\n"), read: caddy, size: 5000 },
  { name: "an image's name", input: (size) => `${"a-b".repeat(size)}!`, read: imageReference },
  { name: "an image's registry", input: (size) => `${"A-a.".repeat(size)}!/a`, read: imageReference },
  { name: "Dockerfile, an argument", input: (size) => `ARG ${"a".repeat(size)}!\n`, read: imagesInDockerfile },
  { name: "Dockerfile, blanks", input: (size) => `RUN${" ".repeat(size)}x\u2028y`, read: imagesInDockerfile },
  { name: "Dockerfile, texts", input: times("RUN <<A\nA\n"), read: imagesInDockerfile },
  { name: "Dockerfile, texts without an end", input: each((i) => `RUN <<A${i}\n`), read: imagesInDockerfile },
  { name: "Dockerfile, lines that go on", input: times("RUN a \\\n"), read: imagesInDockerfile },
  { name: "challenge, blanks", input: (size) => `Bearer${" ".repeat(size)}`, read: challengesIn },
  { name: "challenge, open quotes", input: times('a="\\"'), read: challengesIn },
  { name: "requirements, blanks", input: (size) => `a${" ".repeat(size)}b#`, read: requirements },
  { name: "requirements, lines", input: times("a==1 # x\n"), read: requirements },
  { name: ".env to change, line ends of old Macs", input: (size) => `A=1\n${"\r".repeat(size)}#\n`, read: changed },
  { name: ".env to change, many names", input: (size) => `A=1\n${"export A\n".repeat(size)}`, read: changed },
  { name: ".env of an operator", input: times("A=$B$$C\n"), read: (text) => readEnvFile(text) },
  { name: "template, a long secret", input: (size) => `A_SECRET=${"change ".repeat(size)}`, read: template },
  { name: "a secret's name", input: (size) => `${"MAX_".repeat(size)}API_KEY`, read: isSecretName },
  { name: "a place in a document", input: (size) => `${"a".repeat(size)}["b c"]`, read: parsePath },
  { name: "a password that ends in zeros", input: (size) => `${"\0".repeat(size)}x`, read: password },
  { name: "what a terminal would obey", input: times("\u001b"), read: visible },
  {
    name: "lock, platforms of an image",
    input: (size) =>
      lock({ "a:1": { digest: DIGEST, mediaType: "a/b", platforms: numbers(size).map((i) => `linux/a${i}`) } }),
    read: (text) => ImageLock.parse(text),
  },
  {
    name: "manifest, images of an index",
    input: (size) =>
      JSON.stringify({
        schemaVersion: 2,
        manifests: numbers(size).map(() => ({ mediaType: "a", digest: DIGEST, size: 1 })),
      }),
    read: (text) => manifestIn(text, "application/vnd.oci.image.index.v1+json"),
    size: 5000,
  },
];

describe("four times the text takes about four times the time", () => {
  it.each(ROWS)("$name", (scale) => expect(isLinear(scale)).toBe(true));
});

describe("JSON, 10,000 deep", () => {
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;

  it.each([deep, `{"version":${deep}}`, lock({}).replace("{}", deep), `{"version":1,"images":{"a:1":${deep}}}`])(
    "is no lock",
    (text) => {
      expect(() => ImageLock.parse(text)).toThrow(ConstructError);
    },
  );

  it.each([deep, `{"schemaVersion":2,"manifests":${deep}}`, `{"mediaType":${deep}}`])("is no manifest", (text) => {
    expect(manifestIn(text, "application/vnd.oci.image.index.v1+json")).toBeUndefined();
  });
});

it("arguments that double each other end in no image, and in no crash", () => {
  expect(imagesInDockerfile(`ARG A=xxxx\n${"ARG A=$A$A\n".repeat(60)}FROM alpine:3\n`)).toEqual(["alpine:3"]);
});
