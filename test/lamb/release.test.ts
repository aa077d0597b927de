import { App, ConstructError, Image, LambRelease, LambStack, LibraryManager } from "lamb-compose";
import { synthesize } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { describeWith } from "../support/tools";
import { model, service } from "./compose";

/** The error that a program makes. */
function errorOf(program: () => unknown): ConstructError {
  try {
    program();
  } catch (error) {
    if (error instanceof ConstructError) return error;
    throw error;
  }
  throw new Error("no error");
}

const image = (release: LambRelease, name: Parameters<LambRelease["image"]>[0]) => {
  const { repository, tag } = release.image(name);
  return { repository, tag: typeof tag === "string" ? tag : tag?.expression };
};

describe("LambRelease", () => {
  it("is the newest that is out when nothing is said", () => {
    const isOut = LambRelease.versions.map((version) => new LambRelease(version).isOut);
    expect(new LambRelease().version).toBe(LambRelease.versions[isOut.lastIndexOf(true)]);
    expect(LambRelease.upcoming).toBe(LambRelease.versions.at(-1));
  });

  it.each([
    ["0.6", "v0.6"],
    ["0.7", "v0.7"],
  ])("names its images by the git tag: %s", (version, tag) => {
    const release = new LambRelease(version);
    expect(image(release, "lamb")).toEqual({
      repository: "ghcr.io/lamb-project/lamb",
      tag: `\${LAMB_VERSION:-${tag}}`,
    });
    expect(image(release, "kb").repository).toBe("ghcr.io/lamb-project/lamb-kb");
    expect(image(release, "openwebui").repository).toBe("ghcr.io/lamb-project/openwebui");
  });

  it("takes the images from another registry", () => {
    const release = new LambRelease("0.6", { registry: "registry.campus.example:5000/lamb" });
    expect(image(release, "kb").repository).toBe("registry.campus.example:5000/lamb/lamb-kb");
  });

  it("says how its images are built, each under the name that the stack pulls", () => {
    expect(new LambRelease("0.7").builds.map(({ name, dockerfile }) => [name, dockerfile])).toEqual([
      ["lamb", "backend/Dockerfile"],
      ["lamb-kb", "lamb-kb-server-stable/Dockerfile"],
      ["openwebui", "open-webui/Dockerfile"],
      ["lamb-library-manager", "library-manager/Dockerfile"],
    ]);
    expect(new LambRelease("0.6").builds.map(({ name }) => name)).toEqual(["lamb", "lamb-kb", "openwebui"]);
  });

  it("has a library manager from 0.7", () => {
    expect(new LambRelease("0.6").has("libraryManager")).toBe(false);
    expect(image(new LambRelease("0.7"), "libraryManager").repository).toBe(
      "ghcr.io/lamb-project/lamb-library-manager",
    );
  });

  it.each(["0.5", "v0.6", "latest", "", "0.6.1", "constructor"])(
    "does not know %j, and says what it knows",
    (version) => {
      const error = errorOf(() => new LambRelease(version));
      expect(error).toMatchObject({ code: "unknown-release", value: JSON.stringify(version) });
      expect(error.fix).toContain(LambRelease.versions.join(", "));
    },
  );

  it("knows why LAMB writes Open WebUI's data", () => {
    for (const version of LambRelease.versions) {
      expect(new LambRelease(version).writesOpenWebUi).toMatch(/writes Open WebUI's users/);
    }
  });

  it("prints that reason above the mount, and only there", () => {
    const text = synthesize((app) => new LambStack(app, "next")).files.get("docker-compose.next.yaml") ?? "";
    const lines = text.split("\n").map((line) => line.trim());
    const mount = lines.indexOf("- openwebui-data:/data/openwebui");
    expect(lines[mount - 1]).toMatch(/^# /);
    expect(text.match(/LAMB writes Open WebUI's users/g)).toHaveLength(1);
  });
});

describe("LibraryManager", () => {
  it("is refused before 0.7, and nothing of it is left behind", () => {
    const app = new App();
    const stack = new LambStack(app, "next", { release: new LambRelease("0.6") });
    const error = errorOf(() => new LibraryManager(stack));
    expect(error).toMatchObject({ code: "not-in-release", value: "libraryManager" });
    expect(error.fix).toContain('new LambRelease("0.7")');
    expect([...app.synth().assertValid().files.values()].join("")).not.toContain("library-manager");
  });
});

describeWith("docker-compose", "LibraryManager in a deployment", () => {
  const merged = model(synthesize((app) => new LambStack(app, "next", { release: new LambRelease("0.7") })));

  it("is reached by LAMB, under its name, with one key, and is published nowhere", () => {
    const [lamb, library] = [service(merged, "lamb"), service(merged, "library-manager")];
    expect(lamb.environment).toMatchObject({
      LAMB_LIBRARY_SERVER: "http://library-manager:9091",
      LAMB_LIBRARY_SERVER_ENABLE: "ENABLE",
      LAMB_LIBRARY_TOKEN: library.environment.LAMB_API_TOKEN,
    });
    expect(library.environment.LAMB_API_TOKEN).toBe("filled-in-lamb_library_token");
    expect(library.ports).toEqual([]);
    expect(Object.keys(library.networks)).toEqual(["lamb-library-manager"]);
    expect(Object.keys(lamb.networks)).toEqual(["lamb-kb", "lamb-library-manager", "lamb-openwebui"]);
    expect(lamb.depends_on["library-manager"]?.condition).toBe("service_healthy");
  });

  it("keeps its database and contents, and links to them as LAMB serves them", () => {
    const library = service(merged, "library-manager");
    expect(library.volumes).toMatchObject([{ source: "library-manager-data", target: "/app/data", read_only: false }]);
    expect(library.environment).toMatchObject({ DATA_DIR: "/app/data", PERMALINK_PREFIX: "/docs" });
  });

  it.each([
    ["0.6", undefined],
    ["0.7", "DISABLE"],
  ])("is off in a stack without it, where the release has a switch: %s", (version, off) => {
    const stack = synthesize(
      (app) => new LambStack(app, "next", { release: new LambRelease(version), library: false }),
    );
    const { environment } = service(model(stack), "lamb");
    expect(environment.LAMB_LIBRARY_SERVER_ENABLE).toBe(off);
    expect(environment).not.toHaveProperty("LAMB_LIBRARY_TOKEN");
  });
});

describe("OpenWebUi with another image", () => {
  const findings = (openWebUiImage?: Image) =>
    synthesize((app) => new LambStack(app, "next", { openWebUiImage })).findings.filter(
      ({ severity }) => severity !== "suppressed",
    );

  it("says what will not work, and lets it be written", () => {
    const upstream = new Image("ghcr.io/open-webui/open-webui", { tag: "v0.6.34" });
    expect(findings(upstream)).toMatchObject([
      {
        code: "openwebui-not-lockstep",
        severity: "warning",
        construct: "next/openwebui",
        path: "services.openwebui.image",
        value: "ghcr.io/open-webui/open-webui",
      },
    ]);
  });

  it("says nothing of the release's own image, in whichever registry, by tag or digest", () => {
    expect(findings()).toEqual([]);
    const digest = `sha256:${"a".repeat(64)}`;
    expect(findings(new Image("ghcr.io/lamb-project/openwebui", { digest }))).toEqual([]);
  });
});
