import { describe, expect, it } from "vitest";
import { fileOf, imageFiles } from "../images/support";

const FILES = imageFiles();
const FOLDERS = ["backend", "lamb-kb-server-stable", "library-manager"];
const each = (path: string) => FOLDERS.map((folder) => fileOf(FILES, `${folder}/${path}`));
const runtime = (dockerfile: string) => dockerfile.split(/^(?=FROM )/m).at(-1) ?? "";

describe("defects of LAMB's present Dockerfiles, as they would look in ours", () => {
  it("28: what is installed is not known beforehand", () => {
    for (const lock of each("image/requirements.lock")) {
      const entries = lock.split(/\n(?=[\w-]+==)/).slice(1);
      expect(entries.length).toBeGreaterThan(50);
      for (const entry of entries)
        expect(entry).toMatch(/^[\w.-]+==\S+( ; platform_machine == "\w+")?( \\\n +--hash=sha256:[0-9a-f]{64})+\n?$/);
    }
    for (const dockerfile of each("Dockerfile")) {
      expect(dockerfile).toContain("--require-hashes");
      expect(dockerfile).not.toMatch(/npm install|pip install --upgrade|apt-get upgrade/);
    }
    expect(fileOf(FILES, "backend/Dockerfile")).toContain("npm ci --ignore-scripts");
    expect(JSON.parse(fileOf(FILES, "backend/image/pages.lock.json"))).toMatchObject({ lockfileVersion: 3 });
  });

  it("29: databases, uploads, virtual environments and an .env are built in", () => {
    for (const ignore of each("Dockerfile.dockerignore")) {
      const patterns = ignore.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
      expect(patterns[0]).toBe("*");
      expect(patterns).toEqual(expect.arrayContaining(["**/.env", "**/*.db", "**/*.db-*", "**/.venv"]));
      // What is let in comes before what is taken out again: the last pattern that fits counts.
      const lastIn = patterns.findLastIndex((pattern) => pattern.startsWith("!"));
      expect(patterns.indexOf("**/.env")).toBeGreaterThan(lastIn);
    }
    expect(fileOf(FILES, "backend/Dockerfile.dockerignore")).toContain("\nbackend/static/public\n");
    const kb = fileOf(FILES, "lamb-kb-server-stable/Dockerfile.dockerignore");
    for (const folder of ["backend/data", "backend/static"]) expect(kb).toContain(`\n${folder}\n`);
  });

  it("30: the version is asked of a .git that is not there", () => {
    const dockerfile = fileOf(FILES, "backend/Dockerfile");
    expect(dockerfile).not.toMatch(/\bgit\b(?! here)|generate-version/);
    expect(dockerfile).toMatch(
      /ARG VERSION=unknown REVISION=unknown CREATED=unknown\n[\s\S]*node \/tmp\/version\.mjs > src\/lib\/version\.js/,
    );
  });

  it("31: a layer keeps the wheels", () => {
    for (const dockerfile of each("Dockerfile")) {
      expect(dockerfile).not.toContain("wheel");
      expect(runtime(dockerfile)).not.toMatch(/\bpip\b|apt-get/);
      expect(runtime(dockerfile)).toContain("COPY --from=dependencies /opt/venv /opt/venv");
    }
  });

  it("32: three of four run as root", () => {
    for (const dockerfile of each("Dockerfile")) expect(runtime(dockerfile)).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  });

  it("33: the library manager's user has a number by chance", () => {
    const dockerfile = fileOf(FILES, "library-manager/Dockerfile");
    expect(dockerfile).toContain("useradd --uid 999 --gid 999");
    expect(dockerfile).toContain("\nUSER 999:999\n");
  });

  it("40: Open WebUI's build does not get its number", async () => {
    const { LambRelease } = await import("lamb-compose");
    const build = new LambRelease("0.7").build("openwebui");
    expect(build.identity).toEqual({ BUILD_HASH: "revision" });
    // The same user as LAMB's: both write one database.
    expect(build.args).toEqual({ UID: "10001", GID: "10001" });
  });
});
