import { describe, expect, it } from "vitest";
import { ask, filled, modelOf, service, templateOf } from "../lamb/compose";
import { officialErrors } from "../lamb/official";
import { describeWith } from "../support/tools";
import { jsYaml, npmYaml, pyYaml, type Reader } from "../support/yaml-readers";
import { EXAMPLES, filesBelow, goldenOf } from "./program";

const golden = EXAMPLES.map((example) => [example, filesBelow(goldenOf(example))] as const);
const composeFiles = golden.flatMap(([example, files]) =>
  [...files].filter(([path]) => path.endsWith(".yaml")).map(([path, text]) => [`${example}/${path}`, text] as const),
);
/** The tags are Compose's: other readers do not know them, and the value is the same without. */
const untagged = composeFiles.map(([, text]) => text.replace(/(?<=: |- )!(reset|override) ?/g, ""));

function agree(reader: Reader): void {
  const expected = npmYaml("1.2")(untagged);
  const read = reader(untagged);
  composeFiles.forEach(([path], index) => {
    expect(read[index], path).toEqual(expected[index]);
  });
}

describe("the golden Compose files", () => {
  it("are there, with the tags of Compose", () => {
    expect(composeFiles.length).toBeGreaterThanOrEqual(10);
    expect(untagged.join("")).not.toContain("!reset");
    const texts = composeFiles.map(([, text]) => text).join("");
    for (const tag of ["!reset null", "!override\n"]) expect(texts).toContain(tag);
  });

  it("are read the same by YAML 1.1 and YAML 1.2", () => agree(npmYaml("1.1")));
  it("are read the same by js-yaml", () => agree(jsYaml("core")));
  it("are read the same by js-yaml as YAML 1.1", () => agree(jsYaml("yaml11")));

  it.each(composeFiles)("are taken by the official schema: %s", (_, text) => {
    expect(officialErrors(text)).toEqual([]);
  });

  it.each(golden)("end as they should, with one line break, LF only: %s", (_, files) => {
    for (const [path, text] of files) {
      expect(text, path).toMatch(/[^\n]\n$/);
      expect(text, path).not.toMatch(/\r|[ \t]\n/);
    }
  });

  it.each(golden)("hold no secret, only its name: %s", (_, files) => {
    // The images' contracts name the secrets that everybody knows, to refuse them.
    const others = [...files].filter(([path]) => !path.endsWith("/contract.json"));
    for (const [path, text] of others) expect(text, path).not.toMatch(/t0p-s3cr3t|0p3n-w3bu|CHANGE_?ME|change-me/);
  });
});

describeWith("python-yaml", "the golden Compose files in Python", () => {
  it("are read the same by PyYAML", () => agree(pyYaml("SafeLoader")));
});

describeWith("docker-compose", "the golden deployments", () => {
  it.each(golden)("do not start from a template that was only copied: %s", (_, files) => {
    const template = files.get(templateOf(files)) ?? "";
    const { status, stderr } = ask(files, ["config", "--quiet"], { envText: template });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/required variable [A-Z_]+ is missing a value: set it in \.env/);
  });

  it.each(golden)("are accepted without a warning once the template is filled in: %s", (_, files) => {
    const answer = ask(files, ["config", "--quiet"]);
    expect(answer.stderr).toBe("");
    expect(answer.status).toBe(0);
  });

  it.each(golden)("say in the template what holds without it: %s", (_, files) => {
    const template = files.get(templateOf(files)) ?? "";
    const uncommented = template.replace(/^# (?=[A-Z][A-Z0-9_]*=.)/gm, "");
    expect(uncommented).not.toBe(template);
    const env = { COMPOSE_PROFILES: "*" };
    const asWritten = modelOf(files, { envText: filled(template, env) });
    expect(modelOf(files, { envText: filled(uncommented, env) })).toEqual(asWritten);
  });

  it("are merged as the programs say", () => {
    const merged = (example: string) => modelOf(new Map(golden).get(example) ?? new Map());
    const [university, gpu, plain] = [merged("university"), merged("gpu"), merged("plain")];
    expect(Object.values(university.services).map(({ image = "" }) => image.split(/[:@]/)[0])).toEqual(
      expect.arrayContaining(["registry.campus.example/lamb-project/lamb", "registry.campus.example/grades"]),
    );
    expect(university.services.kb).toMatchObject({ mem_limit: String(6 * 2 ** 30) });
    expect(service(university, "lamb").networks["lamb-openwebui"]?.aliases).toEqual(["backend"]);
    expect(Object.keys(gpu.services)).toEqual(expect.arrayContaining(["library-manager", "ollama", "caddy"]));
    expect(gpu.services["library-manager"]?.image).toMatch(/:v0\.7$/);
    expect(Object.keys(plain.services)).toEqual(["db", "reports", "web"]);
    expect(service(plain, "web").ports).toMatchObject([{ host_ip: "127.0.0.1", published: "8000" }]);
  });

  it("have an overlay for developers that takes the place of the port", () => {
    const files = new Map(golden).get("plain") ?? new Map();
    const merged = modelOf(files, { files: ["compose.yaml", "compose.develop.yaml"] });
    expect(service(merged, "web").ports).toMatchObject([{ host_ip: "127.0.0.1", published: "8080" }]);
    expect(service(merged, "web").environment).toEqual({ SHOP_DEBUG: "1" });
  });
});
