import { App, BackendAlias, CaddyOverlay, LambRelease, LambStack, Ollama } from "lamb-compose";
import { LambGuides } from "lamb-compose/guides";
import { LambImages } from "lamb-compose/images";
import { describe, expect, it, vi } from "vitest";
import type { ReleaseFacts } from "../../lib/lamb/facts/releases";
import { EXCEPTIONS, LAMB_RULES, RETIRED } from "../../lib/lamb/rules";
import { audit } from "../../lib/operate/audit/audit";
import { planDeployment } from "../../lib/operate/deployment";
import { releaseNotes } from "../../lib/operate/release-notes";

/** What a maintainer would write for a release in which LAMB listens elsewhere, keeps its data elsewhere, and needs a key. */
vi.mock("../../lib/lamb/facts/releases", async (original) => {
  const real = await original<typeof import("../../lib/lamb/facts/releases")>();
  const { fixed } = await import("../../lib/lamb/facts/service");
  const { lambProbe } = await import("../../lib/lamb/facts/probes");
  const [newest] = real.RELEASES.slice(-1);
  if (newest === undefined) throw new Error("there is no release");
  const { lamb, ollama } = newest.services;
  const invented: ReleaseFacts = {
    ...newest,
    version: "9.0",
    tag: "v9.0",
    out: true,
    schemas: { "lamb_v4.db": 90 },
    oneWay: ["Nobody else can read chats from now on."],
    services: {
      ...newest.services,
      lamb: {
        ...lamb,
        port: 9199,
        probe: lambProbe(9199, true),
        folders: { ...lamb.folders, data: { ...lamb.folders.data, path: "/data/nine" } },
        needs: [...(lamb.needs ?? []), { names: ["LAMB_NINE"], without: "counts to eight" }],
        fixed: [{ name: "PORT", value: "9199", because: "it is nine" }],
        environment: { ...lamb.environment, LAMB_NINE: "9", LAMB_DB_PATH: "/data/nine" },
        retired: [...(lamb.retired ?? []), fixed("LAMB_EIGHT", "8", "the number of the release")],
        writesRoot: "LAMB 9 writes its number",
      },
      ollama: { ...ollama, tag: "9.9.9" },
    },
  };
  const between: ReleaseFacts = { ...newest, version: "8.0", tag: "v8.0", out: true, stop: "moves the data" };
  const bad: ReleaseFacts = { ...newest, version: "8.1", tag: "v8.1", out: true, retracted: "loses uploads" };
  return { ...real, RELEASES: [...real.RELEASES, between, bad, invented] };
});

/** The files of a program. */
function filesOf(program: (app: App) => unknown): ReadonlyMap<string, string> {
  const app = new App();
  program(app);
  return app.synth().assertValid().files;
}

/** What a program throws. */
function errorOf(program: () => unknown): unknown {
  try {
    program();
  } catch (error) {
    return error;
  }
  return undefined;
}

const stackFiles = filesOf((app) => {
  const stack = new LambStack(app, "next");
  new Ollama(stack);
  new CaddyOverlay(stack, "prod");
});
const text = (files: ReadonlyMap<string, string>, path: string) => files.get(path) ?? "";

describe("a release that one file of facts adds", () => {
  it("is known, is the newest, and is what a checkout becomes", () => {
    expect(LambRelease.versions.slice(0, 2)).toEqual(["0.6", "0.7"]);
    expect(LambRelease.versions.slice(-3)).toEqual(["8.0", "8.1", "9.0"]);
    expect([LambRelease.default, LambRelease.upcoming]).toEqual(["9.0", "9.0"]);
  });

  it("is told of by init: what must run before it, and what nobody should run", () => {
    expect(releaseNotes("9.0", "0.6")[0]).toBe("LAMB 8.0 must run first, by an upgrade of its own: it moves the data.");
    expect(releaseNotes("9.0", "8.0").join(" ")).not.toContain("must run first");
    expect(releaseNotes("0.6", "9.0").join(" ")).not.toContain("must run first");
    expect(releaseNotes("9.0", "8.0")).toContain("Nobody else can read chats from now on.");
    expect(releaseNotes("8.0", "0.7")).not.toContain("Nobody else can read chats from now on.");
    expect(releaseNotes("8.1")).toEqual(["Use another release: LAMB 8.1 loses uploads."]);
  });

  it.each([
    ["docker-compose.next.yaml", "ghcr.io/lamb-project/lamb:${LAMB_VERSION:-v9.0}"],
    ["docker-compose.next.yaml", "ollama/ollama:9.9.9"],
    ["docker-compose.next.yaml", "target: 9199\n        published: ${LAMB_PORT:-9099}"],
    ["docker-compose.next.yaml", "http://127.0.0.1:9199/status"],
    ["docker-compose.next.yaml", "lamb-data:/data/nine"],
    ["docker-compose.next.yaml", "OPENAI_API_BASE_URLS: http://lamb:9199/v1"],
    ["docker-compose.next.yaml", 'LAMB_NINE: "9"'],
    ["docker-compose.next.yaml", "schema: lamb_v4.db 90"],
    ["caddy/Caddyfile.next", "reverse_proxy lamb:9199"],
    [".env.next.example", "LAMB_VERSION=v9.0"],
  ])("is in %s: %s", (path, expected) => {
    expect(text(stackFiles, path)).toContain(expected);
  });

  it("leaves nothing of the others behind in LAMB", () => {
    const all = [...stackFiles.values()].join("\n").replaceAll("${LAMB_PORT:-9099}", "");
    expect(all.match(/lamb:9099|"9099"|127\.0\.0\.1:9099|\/data\/lamb\b/g)).toBeNull();
  });

  it("is what the images are built for", () => {
    const files = filesOf((app) => new LambImages(app, "images"));
    expect(text(files, "backend/Dockerfile")).toContain("EXPOSE 9199");
    expect(text(files, "backend/Dockerfile")).toContain("/data/nine");
    expect(text(files, "backend/image/ready.py")).toContain("127.0.0.1:9199");
    const contract: unknown = JSON.parse(text(files, "backend/image/contract.json"));
    expect(contract).toMatchObject({
      folders: expect.arrayContaining([{ path: "/data/nine", holds: "LAMB's database" }]),
      variables: expect.arrayContaining([
        { names: ["PORT"], only: { value: "9199", because: "it is nine" } },
        { names: ["LAMB_NINE"], without: "counts to eight" },
      ]),
    });
  });

  it("has rules for files that nobody generated", () => {
    const file = `services:
  lamb:
    image: ghcr.io/lamb-project/lamb:v9.0
    environment: { PORT: 9099 }
    volumes: [old:/data/lamb]
volumes: { old: {} }
`;
    const findings = audit([{ path: "docker-compose.yml", text: file }]);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: "fixed-values", fix: "write 9199" }),
        expect.objectContaining({ code: "data-kept", value: "/data/nine" }),
        expect.objectContaining({ code: "needed-variables", value: "LAMB_NINE" }),
        expect.objectContaining({ code: "read-only-root", suppression: "LAMB 9 writes its number" }),
      ]),
    );
    expect(LAMB_RULES.map(({ id }) => id)).toContain("data-kept");
    expect(EXCEPTIONS.map(({ reason }) => reason)).toContain("LAMB 9 writes its number");
  });

  it("retires a name for every deployment, and is a choice of the command", () => {
    expect(RETIRED.map(({ name }) => name)).toContain("LAMB_EIGHT");
    const { contract } = planDeployment({ release: "9.0", tls: "internal" });
    expect(contract.variables.find(({ name }) => name === "LAMB_VERSION")?.default).toBe("v9.0");
    expect(contract.retired.map(({ name }) => name)).toContain("LAMB_EIGHT");
  });

  it.each(["8.0", "9.0"])("has no use for LAMB's old name any more: %s", (version) => {
    const app = new App();
    const stack = new LambStack(app, "next", { release: new LambRelease(version) });
    const reason = `is for the old name \`backend\`, which goes with LAMB 0.8, and this is LAMB ${version}`;
    expect(errorOf(() => new BackendAlias(stack.lamb))).toMatchObject({ code: "not-in-release", reason });
    expect(errorOf(() => new BackendAlias(stack.lamb, "other"))).toMatchObject({ code: "not-in-release" });
    expect([...app.synth().assertValid().files.values()].join("")).not.toContain("- backend\n");
    const chosen = {
      code: "not-in-release",
      path: "--alias",
      reason,
      fix: expect.stringMatching(/--no-alias.*relink/),
    };
    expect(errorOf(() => planDeployment({ release: version, tls: "internal", alias: true }))).toMatchObject(chosen);
    planDeployment({ release: version, tls: "internal", alias: false });
  });

  it("is what guides speak of", () => {
    const files = filesOf((app) => {
      const stack = new LambStack(app, "next");
      new CaddyOverlay(stack, "prod");
      new LambGuides(app, "guides", { stack });
    });
    expect(text(files, "Documentation/installation/operations.md")).toContain("lamb-compose upgrade 9.0\n");
  });
});
