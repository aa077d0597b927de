import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { App } from "../../lib/construct/app";
import { ComposeFile } from "../../lib/construct/compose-file";
import { Service } from "../../lib/construct/service";
import { checkEnv } from "../../lib/env/check";
import { EnvTemplate } from "../../lib/env/template";
import { SEED } from "../support/property";
import { describeWith } from "../support/tools";
import { compose, environmentOf, filled, Stack, stackOf, variables } from "./env-stack";

const EXPECTED = `# Settings of this deployment.
#   1. cp .env.next.example .env
#   2. Fill in .env what is empty. A random secret: openssl rand -hex 32
#   3. docker compose up -d --wait
# A value with $, # or spaces stands in single quotes, NAME='like $ this', because Compose takes $
# for a variable. Lines that begin with # show what holds without them.
# Made by lamb-compose from the construct "next/env". Change the program, not this file.

# Compose ------------------------------------------------------------------------------------------

# The name of this deployment on its host: its containers and volumes begin with it. With another
# name it starts with other, empty volumes; two deployments must not have one name.
# COMPOSE_PROJECT_NAME=

# The files that \`docker compose\` runs, merged in this order:
#   docker-compose.next.yaml
#     A web site.
#   docker-compose.next.prod.yaml
# Leave out what you do not use. The least is COMPOSE_FILE=docker-compose.next.yaml
COMPOSE_PATH_SEPARATOR=:
COMPOSE_FILE=docker-compose.next.yaml:docker-compose.next.prod.yaml

# Services that start only when their profile is named here; several are separated by commas:
#   work: worker
# COMPOSE_PROFILES=work

# Required: Compose does not start while one of these is empty -------------------------------------

# Key that both services share.
# Secret. Used by web, worker. Formerly OLD_TOKEN, OLDER_TOKEN.
TOKEN=

# Address of the operator.
# Used by web.
# Example: MAIL=it@campus.example
MAIL=

# Name under which people come.
# Only with docker-compose.next.prod.yaml. Used by web.
# Example: PUBLIC_HOST=app.campus.example
PUBLIC_HOST=

# Addresses ----------------------------------------------------------------------------------------

# Address for browsers.
# Used by web.
# Default: http://localhost:<WEB_PORT>
# URL=http://localhost:8080

# Ports --------------------------------------------------------------------------------------------

# Port on this host.
# Used by web.
# WEB_PORT=8080

# General ------------------------------------------------------------------------------------------

# Key of the provider, when it needs one.
# Secret. Used by web. Formerly OLD_KEY.
# API_KEY=

# Prefix of the tables.
# Used by web. May be set to nothing.
# PREFIX=app_
`;

const GOOD = { TOKEN: "'9f$2#c, d\"7'", MAIL: "it@uni-campus.edu", PUBLIC_HOST: "app.uni-campus.edu" };

describe("the template", () => {
  it("says what the files mention, required first", () => {
    expect(new Stack().text).toBe(EXPECTED);
  });

  it("is the same at each synthesis", () => {
    const stack = new Stack();
    expect(stack.text).toBe(stack.text);
  });

  it("explains the files of its scope and what lies over them, in the scope of the app all", () => {
    const { app, overlay, base } = new Stack();
    const names = (template: EnvTemplate) =>
      template.contract(app.synth().context).files.map(({ fileName, overlay }) => [fileName, overlay]);
    const other = [
      ["docker-compose.next.yaml", false],
      ["docker-compose.next.prod.yaml", true],
    ];
    expect(names(new EnvTemplate(overlay, "of-overlay", { fileName: "a" }))).toEqual(other);
    expect(names(new EnvTemplate(app, "of-app", { fileName: "b" }))).toEqual(other);
    expect(names(new EnvTemplate(app, "of-one", { fileName: "c", files: [base] }))).toEqual([
      ["docker-compose.next.yaml", false],
    ]);
  });

  it("runs only what was chosen, and the files below it", () => {
    const { app, base, overlay } = new Stack();
    new EnvTemplate(base, "least", { fileName: "least", chosen: [base] });
    new EnvTemplate(base, "most", { fileName: "most", chosen: [overlay] });
    const { files } = app.synth();
    expect(files.get("least")).toContain("COMPOSE_FILE=docker-compose.next.yaml\n");
    expect(files.get("least")).toContain("#   docker-compose.next.prod.yaml\n#     Does not run unless it is named.\n");
    expect(files.get("most")).toContain("COMPOSE_FILE=docker-compose.next.yaml:docker-compose.next.prod.yaml\n");
  });

  it("enables the profiles that it was told to", () => {
    expect(new Stack({ profiles: ["work"] }).text).toContain("\nCOMPOSE_PROFILES=work\n");
    const stack = new Stack();
    stack.template.enableProfile("work");
    expect(stack.text).toContain("\nCOMPOSE_PROFILES=work\n");
  });

  it("sees the files from its own folder", () => {
    expect(new Stack({ fileName: "deploy/.env.example" }).text).toContain(
      "COMPOSE_FILE=../docker-compose.next.yaml:../docker-compose.next.prod.yaml\n",
    );
  });

  it("says how Compose reads a file of another name", () => {
    expect(new Stack({ copyTo: "prod.env" }).text).toContain(
      "#   3. docker compose --env-file prod.env up -d --wait\n",
    );
  });

  it("counts users that are too many to name", () => {
    const app = new App();
    const file = new ComposeFile(app, "many");
    const { port } = variables;
    for (let i = 0; i < 11; i++) new Service(file, `s${i}`, { image: "a:1", environment: { PORT: port } });
    new EnvTemplate(file, "env", { fileName: ".env.example" });
    expect(app.synth().files.get(".env.example")).toContain("# Used by s0, s1, s2, s3, s4, s5, s6, s7 and 3 more.\n");
  });

  it("keeps to 100 columns", () => {
    const { app, template } = stackOf({ name: "A", meaning: "word ".repeat(100).trim(), required: true, secret: true });
    const text = app.synth().files.get(template.fileName) ?? "";
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("copied unchanged has each required variable empty, and nothing else wrong", async () => {
    const { contract, text } = new Stack();
    const problems = await checkEnv(contract, text);
    expect(problems.map(({ code, name }) => [code, name])).toEqual([
      ["empty", "TOKEN"],
      ["empty", "MAIL"],
      ["empty", "PUBLIC_HOST"],
    ]);
  });

  it("filled in has nothing wrong", async () => {
    const { contract, text } = new Stack();
    const token = "4e7f41b2c06f4a0d9b1d7c3a58e2f690";
    expect(await checkEnv(contract, filled(text, { ...GOOD, TOKEN: token }))).toEqual([]);
  });
});

describeWith("docker-compose", "the template for Compose", () => {
  it("is refused when it was copied unchanged", () => {
    const { app, text } = new Stack();
    const { status, stderr } = compose(app, text);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/required variable (TOKEN|MAIL|PUBLIC_HOST) is missing a value/);
  });

  it.each(Object.keys(GOOD))("is refused while %s is empty", (name) => {
    const { app, text } = new Stack();
    const { status, stderr } = compose(app, filled(text, { ...GOOD, [name]: "" }));
    expect(status).not.toBe(0);
    expect(stderr).toContain(`required variable ${name} is missing a value`);
  });

  it("runs base and overlay with exactly the values that were filled in", () => {
    const { app, text } = new Stack();
    const result = compose(app, filled(text, GOOD));
    expect(result.stderr).not.toContain("error");
    expect(environmentOf(result, "web")).toEqual({
      TOKEN: '9f$2#c, d"7',
      MAIL: "it@uni-campus.edu",
      HOST: "app.uni-campus.edu",
      URL: "http://localhost:8080",
      KEY: "",
      PREFIX: "app_",
    });
  });

  it("runs the base alone when the overlay is left out, which needs less", () => {
    const { app, text } = new Stack();
    const { TOKEN, MAIL } = GOOD;
    const result = compose(app, filled(text, { TOKEN, MAIL, COMPOSE_FILE: "docker-compose.next.yaml" }));
    expect(environmentOf(result, "web")).not.toHaveProperty("HOST");
  });

  it("changes nothing when its defaults are taken out of their comments", () => {
    const { app, text } = new Stack();
    const plain = filled(text, GOOD);
    const open = plain.replace(/^# (?=(URL|WEB_PORT|API_KEY|PREFIX)=)/gm, "");
    expect(open).not.toBe(plain);
    expect(compose(app, open).stdout).toBe(compose(app, plain).stdout);
  });

  it("turns a profile on when it is named", () => {
    const { app, text } = new Stack();
    const result = compose(app, filled(text, { ...GOOD, COMPOSE_PROFILES: "work" }));
    expect(environmentOf(result, "worker")).toMatchObject({ TOKEN: '9f$2#c, d"7' });
  });

  it("is a good .env whatever the program says of a variable", () => {
    const words = fc.string({ unit: fc.constantFrom(..."ab '\"\\#=$:\n\r\t\u2028é") });
    const meaning = words.map((text) => text.replace(/[{}$\n]/g, ""));
    const variable = fc.record({ meaning, example: words, group: words, default: meaning });
    fc.assert(
      fc.property(variable, (props) => {
        const { default: fallback, ...rest } = props;
        const { app, template } = stackOf(
          { name: "FIRST", ...rest, required: true },
          { name: "SECOND", ...rest, default: fallback },
        );
        const text = app.synth().files.get(template.fileName) ?? "";
        expect(compose(app, text).stderr).toMatch(/required variable FIRST is missing a value/);
        const example = /\n# Example: FIRST=([^\n]*)/.exec(text)?.[1] ?? "";
        const taken = filled(text, { FIRST: example === "" ? "x" : example }).replace(/^# (?=SECOND=)/m, "");
        const result = compose(app, taken);
        expect(result.stderr).toBe("");
        expect(environmentOf(result, "web")).toEqual({ FIRST: props.example || "x", SECOND: fallback });
      }),
      { ...SEED, numRuns: 25 },
    );
  });
});
