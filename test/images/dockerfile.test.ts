import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import fc from "fast-check";
import { Image } from "lamb-compose";
import { BaseImage, BuildArg, BuildMount, Stage } from "lamb-compose/images";
import { describe, expect, it } from "vitest";
import { thrownBy } from "../construct/support";
import { SEED } from "../support/property";
import { base, dockerfileOf } from "./support";

describe("a Dockerfile", () => {
  it("is what a person would have written", () => {
    const node = new BaseImage("NODE_IMAGE", new Image("node", { tag: "22-slim" }));
    const pages = new Stage("pages", { from: node, onBuildPlatform: true, comment: "The same on every platform." })
      .workdir("/pages")
      .copy(["package.json", "package-lock.json"], "./")
      .run(["npm ci"], { mounts: [BuildMount.cache("/root/.npm"), BuildMount.secret("npmrc", "/root/.npmrc")] })
      .copy(".", ".")
      .run(["npm run build", ["tar --create", "--file /pages.tar", "build"]], { comment: "One file.\nOf all." });
    const version = new BuildArg("VERSION", "none yet");
    const image = new Stage("image", { from: base })
      .env({ PATH: "/opt/bin:${PATH}", GREETING: 'say "hello"' })
      .copy("/pages.tar", "/pages.tar", { from: pages, chown: "1000:1000", comment: "What people see." })
      .user("1000:1000")
      .expose(80, 443)
      .stopSignal("SIGTERM")
      .healthcheck(["ready", "--quiet"], { interval: "30s", retries: 3 })
      .entrypoint(["serve"])
      .cmd(["--port", "80"])
      .arg(version)
      .label({ version: `${version}` });
    expect(dockerfileOf(image, { description: "Pages,\nserved." })).toEqual({
      findings: [],
      text: String.raw`# Made by lamb-compose from the construct "image". Do not edit: change the program and run it again.
#
# Pages,
# served.

ARG NODE_IMAGE=node:22-slim
ARG BASE_IMAGE=debian:12

# The same on every platform.
FROM --platform=${"$"}{BUILDPLATFORM} ${"$"}{NODE_IMAGE} AS pages
WORKDIR /pages
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci
COPY . .
# One file.
# Of all.
RUN npm run build \
    && tar --create \
        --file /pages.tar \
        build

FROM ${"$"}{BASE_IMAGE} AS image
ENV PATH=/opt/bin:${"$"}{PATH} \
    GREETING="say \"hello\""
# What people see.
COPY --from=pages --chown=1000:1000 /pages.tar /pages.tar
USER 1000:1000
EXPOSE 80 443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --retries=3 \
    CMD ["ready", "--quiet"]
ENTRYPOINT ["serve"]
CMD ["--port", "80"]
ARG VERSION="none yet"
LABEL version=${"$"}{VERSION}
`,
    });
  });

  it("holds every stage that its last one needs, once, behind those that it needs itself", () => {
    const first = new Stage("first", { from: base }).run(["make first"]);
    const second = new Stage("second", { from: first }).run(["make second"]);
    const third = new Stage("third", { from: base }).copy("/a", "/a", { from: first });
    const unused = new Stage("unused", { from: base }).run(["make nothing"]);
    const last = new Stage("last", { from: second })
      .copy("/b", "/b", { from: third })
      .copy("/c", "/c", { from: first })
      .user("1000");
    const { text } = dockerfileOf(last);
    expect([...text.matchAll(/ AS (\w+)$/gm)].map(([, name]) => name)).toEqual(["first", "second", "third", "last"]);
    expect(text).not.toContain(unused.name);
  });

  it("has room for ten thousand stages upon each other", () => {
    let stage = new Stage("s0", { from: base });
    for (let number = 1; number < 10_000; number++) stage = new Stage(`s${number}`, { from: stage });
    expect(dockerfileOf(stage.user("1")).text.match(/^FROM /gm)).toHaveLength(10_000);
  });

  it("is read by others as it was meant, whatever the values are", () => {
    const value = fc.string({ unit: "grapheme-ascii", minLength: 1 }).filter((text) => !/[$\\]/.test(text));
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1 }), (values) => {
        const { text } = dockerfileOf(new Stage("image", { from: base }).env(values).label(values).user("1"));
        const [env] = DockerfileParser.parse(text).getENVs();
        const read = env?.getProperties().map((property) => [property.getName(), property.getValue()]);
        expect(read).toEqual(Object.entries(values));
      }),
      SEED,
    );
  });

  it("has nothing that a linter finds, whatever its instructions are", () => {
    const word = fc.stringMatching(/^[a-z./-]{1,12}$/).filter((text) => text !== "-" && !text.startsWith("--"));
    const steps: fc.Arbitrary<(stage: Stage) => Stage>[] = [
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => (stage) => stage.run(words)),
      fc.array(word, { minLength: 1, maxLength: 2 }).map((words) => (stage) => stage.copy(words, "/to/")),
      word.map((text) => (stage) => stage.env({ NAME: text })),
      fc.constant((stage) => stage.workdir("/x")),
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(...steps), { maxLength: 8 }), (instructions) => {
        const stage = new Stage("image", { from: base });
        for (const add of instructions) add(stage);
        const { text } = dockerfileOf(stage.user("1"));
        expect(validate(text).map(({ message }) => message)).toEqual([]);
      }),
      SEED,
    );
  });

  it("is judged by a linter that finds mistakes", () => {
    expect(validate("FROM a\nFORM b\n")).not.toEqual([]);
  });
});

describe("a stage refuses", () => {
  it.each([
    ["a line break in a command", () => new Stage("image", { from: base }).run(["a\nb"])],
    [
      "a backslash at the end of a command, which would swallow the next line",
      () => new Stage("image", { from: base }).run(["a \\"]),
    ],
    ["an empty command", () => new Stage("image", { from: base }).run([""])],
    ["a line break in a value", () => new Stage("image", { from: base }).env({ A: "a\nUSER root" })],
    ["a line break in a user", () => new Stage("image", { from: base }).user("a\nRUN evil")],
  ])("%s", (_, program) => {
    expect(thrownBy(program)).toMatchObject({
      code: "invalid-instruction",
      path: expect.stringMatching(/^image [A-Z]+$/),
    });
  });

  it.each(["", "1A", "A B", "A-B", "A=B"])("the build argument %j", (name) => {
    expect(thrownBy(() => new BuildArg(name))).toMatchObject({
      code: "invalid-build-argument",
      value: JSON.stringify(name),
    });
  });
});

describe("what is wrong with a Dockerfile", () => {
  const codes = (stage: Stage) => dockerfileOf(stage).findings.map(({ code, value }) => [code, value]);
  const image = () => new Stage("image", { from: base });
  const version = new BuildArg("VERSION");

  it.each<[string, Stage, [string, string | undefined][]]>([
    [
      "nothing, of a variable that was set before",
      image()
        .arg(version)
        .label({ v: `${version}` })
        .user("1"),
      [],
    ],
    ["nothing, of a dollar sign that is none", image().env({ A: "\\$B" }).user("1"), []],
    ["nothing, of the shell's variables", image().run(["echo $HOME ${USER}"]).user("1"), []],
    [
      "nothing, of what the stage below has set",
      new Stage("upper", { from: image().env({ A: "1" }) }).env({ B: "${A}" }).user("1"),
      [],
    ],
    [
      "a variable that nobody set",
      image().label({ v: "${VERSION}" }).user("1"),
      [["dockerfile-undefined", "LABEL VERSION"]],
    ],
    [
      "a variable that is set too late",
      image()
        .label({ v: `${version}` })
        .arg(version)
        .user("1"),
      [["dockerfile-undefined", "LABEL VERSION"]],
    ],
    [
      "a variable of another stage",
      image()
        .copy("$A", "/a", { from: new Stage("other", { from: base }).env({ A: "1" }) })
        .user("1"),
      [["dockerfile-undefined", "COPY A"]],
    ],
    [
      "a secret that the image would keep",
      image().env({ API_TOKEN: "x" }).user("1"),
      [["dockerfile-secret", "API_TOKEN"]],
    ],
    [
      "a secret among the arguments",
      image().arg(new BuildArg("DB_PASSWORD")).user("1"),
      [["dockerfile-secret", "DB_PASSWORD"]],
    ],
    ["root", image(), [["dockerfile-root", "no USER"]]],
    ["root by name", image().user("lamb").user("root:root"), [["dockerfile-root", "root"]]],
    ["root by number", image().user("0"), [["dockerfile-root", "0"]]],
    ["a name that is none", new Stage("Image 1", { from: base }).user("1"), [["dockerfile-stage-name", '"Image 1"']]],
    [
      "two stages of one name",
      image()
        .copy("/a", "/a", { from: new Stage("image", { from: base }) })
        .user("1"),
      [["dockerfile-stage-twice", "image"]],
    ],
  ])("%s", (_, stage, expected) => {
    expect(codes(stage)).toEqual(expected);
  });

  it("names the construct and the file", () => {
    const [finding] = dockerfileOf(image()).findings;
    expect(finding).toMatchObject({ severity: "warning", construct: "image", file: "Dockerfile" });
  });
});
