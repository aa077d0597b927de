import { describe, expect, it } from "vitest";
import { imagesInDockerfile } from "../../../lib/operate/lock/dockerfile";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("the images of a Dockerfile", () => {
  it.each<[string, string, readonly string[]]>([
    ["nothing", "", []],
    ["one stage", "FROM python:3.11-slim-bookworm\nRUN true\n", ["python:3.11-slim-bookworm"]],
    ["a digest", `FROM python:3.11@${DIGEST}`, [`python:3.11@${DIGEST}`]],
    ["small letters and blanks", "  from \t node:20   as  build  \n", ["node:20"]],
    ["a platform", "FROM --platform=$BUILDPLATFORM node:20 AS build", ["node:20"]],
    ["stages by name", "FROM node:20 AS Build\nFROM build AS test\nFROM TEST", ["node:20"]],
    ["an image with the name of a later stage", "FROM base\nFROM node:20 AS base", ["base", "node:20"]],
    ["scratch", "FROM scratch\nCOPY a /", []],
    ["one image twice", "FROM node:20\nFROM node:20", ["node:20"]],
    ["an argument", "ARG BASE=python:3.11\nFROM ${BASE}", ["python:3.11"]],
    ["an argument in quotes", 'ARG BASE="python:3.11"\nFROM $BASE', ["python:3.11"]],
    ["an argument for a part", "ARG V=3.11\nFROM python:$V-slim", ["python:3.11-slim"]],
    ["an argument for the digest", `ARG D=${DIGEST}\nFROM python:3.11@\${D}`, [`python:3.11@${DIGEST}`]],
    ["an argument from an argument", "ARG V=3.11\nARG BASE=python:${V}\nFROM $BASE", ["python:3.11"]],
    ["two arguments on one line", "ARG N=python V=3.11\nFROM $N:$V", ["python:3.11"]],
    ["a default of its own", "ARG V\nFROM python:${V:-3.12}", ["python:3.12"]],
    ["an argument over a default", "ARG V=3.11\nFROM python:${V:-3.12}", ["python:3.11"]],
    ["an argument without a value", "ARG V\nFROM python:${V}", ["python:${V}"]],
    ["an argument of the builder", "FROM python-$TARGETARCH:3", ["python-$TARGETARCH:3"]],
    ["an argument of a stage, which is none for the next", "FROM a:1\nARG V=2\nFROM b:$V", ["a:1", "b:$V"]],
    [
      "what is copied from an image",
      "FROM a:1\nCOPY --link --from=ghcr.io/x/uv:0.5 /uv /bin/",
      ["a:1", "ghcr.io/x/uv:0.5"],
    ],
    [
      "what is copied from a stage",
      "FROM a:1 AS one\nFROM b:1\nCOPY --from=one /a /\nCOPY --from=0 /b /",
      ["a:1", "b:1"],
    ],
    [
      "what is mounted from an image",
      "FROM a:1\nRUN --mount=type=cache,target=/c --mount=type=bind,from=b:2,target=/b ls",
      ["a:1", "b:2"],
    ],
    [
      "what only looks so",
      "FROM a:1\nRUN echo --from=b:1 --mount=from=c:1\nCOPY x--from=d:1 /\nADD --chown=1 e /",
      ["a:1"],
    ],
    ["comments", "# FROM no:1\nFROM a:1 \n  # FROM no:2\nRUN a \\\n# FROM no:3\n  b", ["a:1"]],
    ["lines that go on", "FROM \\\n  a:1 \\\n\n  AS x\nFROM x", ["a:1"]],
    [
      "lines that go on with another sign",
      "# syntax=docker/dockerfile:1\n# escape=`\nFROM `\n a:1\nRUN x `\n FROM no:1",
      ["a:1"],
    ],
    ["Windows' line ends", "ARG V=1\r\nFROM a:$V AS b\r\nFROM b\r\n", ["a:1"]],
    [
      "the text of a file",
      "FROM a:1\nRUN <<EOF\nFROM no:1\nEOF\nCOPY <<-'A' <<\"B\" /\n\tFROM no:2\n\tA\nFROM no:3\nB\nFROM b:1",
      ["a:1", "b:1"],
    ],
    ["numbers that are shifted", "FROM a:1\nRUN echo $((1<<3)) << x\nFROM b:1", ["a:1", "b:1"]],
  ])("with %s", (_, text, images) => {
    expect(imagesInDockerfile(text)).toEqual(images);
  });
});
