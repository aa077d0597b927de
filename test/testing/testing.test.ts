import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, ComposeFile, Overlay, override, reset, Service, SynthesisError } from "lamb-compose";
import {
  composeDocuments,
  expectGolden,
  expectValid,
  GoldenError,
  synthesize,
  validateFiles,
} from "lamb-compose/testing";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const web = (image: string) => (app: App) => {
  const file = new ComposeFile(app, "web", { fileName: "compose.yaml" });
  return new Service(file, "web", { image, ports: ["80:80"], environment: { A: null, B: "yes" } });
};

const wrong = (app: App) => {
  new Service(new ComposeFile(app, "web"), "web", { image: "nginx:1.29" }).patch({ restarts: "always" });
};

describe("synthesize", () => {
  it("gives the result of a program", () => {
    const synthesis = synthesize(web("nginx:1.29"));
    expect([...synthesis.files.keys()]).toEqual(["compose.yaml"]);
    expect(synthesis.findings).toEqual([]);
  });

  it("does not throw for findings", () => {
    expect(synthesize(wrong).errors.map(({ code }) => code)).toEqual(["schema"]);
  });
});

describe("composeDocuments", () => {
  it("reads the files back from their text, without what is reset", () => {
    const synthesis = synthesize((app) => {
      const service = web("nginx:1.29")(app);
      const overlay = new Overlay(ComposeFile.of(service), "less", { fileName: "less.yaml" });
      overlay.change(service, { ports: reset(), environment: override({ C: 1 }) });
    });
    expect(Object.fromEntries(composeDocuments(synthesis))).toEqual({
      "compose.yaml": {
        services: { web: { image: "nginx:1.29", ports: ["80:80"], environment: { A: null, B: "yes" } } },
      },
      "less.yaml": { services: { web: { environment: { C: 1 } } } },
    });
  });
});

describe("validateFiles and expectValid", () => {
  it("have nothing against what is valid", async () => {
    const synthesis = synthesize(web("nginx:1.29"));
    expect(validateFiles(synthesis)).toEqual([]);
    await expectValid(synthesis);
  });

  it("say what is not, where, and whose it is", async () => {
    expect(validateFiles(synthesize(wrong))).toMatchObject([
      { code: "schema", construct: "web", file: "docker-compose.web.yaml", path: "services.web.restarts" },
    ]);
    await expect(expectValid(synthesize(wrong))).rejects.toThrow(SynthesisError);
  });

  it("say what Compose itself would refuse", async () => {
    const empty = synthesize((app) => new ComposeFile(app, "empty"));
    await expect(expectValid(empty)).rejects.toMatchObject({
      findings: [{ code: "compose-refuses", construct: "empty" }],
    });
  });
});

describe("expectGolden", () => {
  let directory = "";
  beforeEach(() => {
    vi.stubEnv("CI", "");
    vi.stubEnv("UPDATE_GOLDEN", "");
    directory = mkdtempSync(join(tmpdir(), "lamb-compose-golden-"));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true, force: true });
  });

  const differs = async (image: string) => {
    const error: unknown = await expectGolden(synthesize(web(image)), directory).catch((thrown: unknown) => thrown);
    if (!(error instanceof GoldenError)) throw new Error("the files are taken for the same");
    return error;
  };

  it("says no while there are no golden files, and writes none", async () => {
    const error = await differs("nginx:1.29");
    expect(error).toMatchObject({ code: "golden-differs", drifts: [{ kind: "missing" }] });
    expect(error.message).toBe(
      `no golden files yet in ${directory}; to write the program's, run again with UPDATE_GOLDEN=1`,
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it("writes them when it is told to, and takes them from then on", async () => {
    expect(await expectGolden(synthesize(web("nginx:1.29")), directory, { update: true })).toBe("updated");
    expect(await expectGolden(synthesize(web("nginx:1.29")), directory)).toBe("same");
    expect(readFileSync(join(directory, "compose.yaml"), "utf8")).toContain("image: nginx:1.29\n");
  });

  it("writes them when the environment says so, edited ones included", async () => {
    await expectGolden(synthesize(web("nginx:1.28")), directory, { update: true });
    writeFileSync(join(directory, "compose.yaml"), "services: {}\n");
    vi.stubEnv("UPDATE_GOLDEN", "1");
    expect(await expectGolden(synthesize(web("nginx:1.29")), directory)).toBe("updated");
    vi.stubEnv("UPDATE_GOLDEN", "0");
    expect(await expectGolden(synthesize(web("nginx:1.29")), directory)).toBe("same");
  });

  it("shows the difference as a diff, with the way to accept it", async () => {
    await expectGolden(synthesize(web("nginx:1.28")), directory, { update: true });
    const { message } = await differs("nginx:1.29");
    expect(message).toContain("\n-    image: nginx:1.28\n+    image: nginx:1.29\n");
    expect(message).toContain("UPDATE_GOLDEN=1");
  });

  it("sees a golden file that the program does not make any more", async () => {
    const two = (app: App) => {
      web("nginx:1.29")(app);
      new Service(new ComposeFile(app, "other", { fileName: "other.yaml" }), "web", { image: "nginx:1.29" });
    };
    await expectGolden(synthesize(two), directory, { update: true });
    expect(await differs("nginx:1.29")).toMatchObject({ drifts: [{ kind: "left over", path: "other.yaml" }] });
  });

  it("never writes where CI is set", async () => {
    vi.stubEnv("CI", "true");
    const update = expectGolden(synthesize(web("nginx:1.29")), directory, { update: true });
    await expect(update).rejects.toMatchObject({ name: "GoldenError", code: "golden-update-in-ci" });
    expect(readdirSync(directory)).toEqual([]);
  });

  it("does not overwrite a file that no synthesis wrote", async () => {
    writeFileSync(join(directory, "compose.yaml"), "services: {}\n");
    const update = expectGolden(synthesize(web("nginx:1.29")), directory, { update: true });
    await expect(update).rejects.toMatchObject({ code: "not-ours" });
    expect(readFileSync(join(directory, "compose.yaml"), "utf8")).toBe("services: {}\n");
  });

  it("refuses a program with errors", async () => {
    await expect(expectGolden(synthesize(wrong), directory)).rejects.toThrow(SynthesisError);
  });
});
