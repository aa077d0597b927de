import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { examine } from "../../../lib/operate/doctor/doctor";
import { Docker } from "../../../lib/operate/engine/docker";
import { type InitRequest, initialize } from "../../../lib/operate/init";
import { heldInProject } from "../../../lib/operate/layers";
import { FakeDocker } from "../engine/fake-docker";

let dir: string;
let docker: FakeDocker;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "lamb-compose-older-"));
});
afterEach(() => {
  docker.remove();
  rmSync(dir, { recursive: true, force: true });
});

// What `docker container diff` of Docker Engine 28.5.2 says of a container that wrote into folders of its image.
const DIFF = [
  "C /app",
  "C /app/backend",
  "C /app/backend/static",
  "C /app/backend/static/public",
  "A /app/backend/static/public/2",
  "A /app/backend/static/public/2/notes.txt",
  "A /app/backend/aac_logs",
  "A /app/backend/.webui_secret_key",
  "D /app/backend/static/public/gone",
  "",
].join("\n");

const PUBLIC = "/app/backend/static/public";

interface World {
  /** Where the container of `lamb` has its volume of uploads. */
  readonly mountedAt?: string | undefined;
  /** Which folder of the volume that is. */
  readonly mountedPart?: string | undefined;
  /** Where the files mount it. */
  readonly target?: string;
  /** Which folder of the volume that is. */
  readonly subpath?: string | undefined;
  readonly diff?: string;
  readonly hash?: string;
  /** How the engine ends that is asked what is in layers. */
  readonly code?: number;
}

/** A container of older files under each of the names `lamb` and `openwebui`. */
function engine(world: World): void {
  const { mountedAt, mountedPart, target = "/app/backend/static", subpath, diff = DIFF, hash = "old", code } = world;
  const container = (service: string, Mounts: readonly object[]) => ({
    Id: service,
    Name: `/shop-${service}-1`,
    Image: "sha256:1",
    RestartCount: 0,
    State: { Status: "running", ExitCode: 0, StartedAt: "2026-01-01T00:00:00Z" },
    Config: {
      Image: "x",
      Labels: { "com.docker.compose.service": service, "com.docker.compose.config-hash": hash },
    },
    Mounts,
    // As Docker Engine 28.5.2 says it of a mount with a `subpath`, and says nothing of one without options.
    HostConfig: {
      Mounts:
        mountedPart === undefined
          ? null
          : [{ Type: "volume", Source: "x", Target: mountedAt, VolumeOptions: { Subpath: mountedPart } }],
    },
  });
  const uploads = { Type: "volume", Name: "shop_lamb-static", Destination: mountedAt, RW: true };
  const lamb = { image: "x", volumes: [{ type: "volume", source: "lamb-static", target, volume: { subpath } }] };
  const services = { lamb, openwebui: { image: "x" } };
  const containers = [container("lamb", mountedAt === undefined ? [] : [uploads]), container("openwebui", [])];
  docker = new FakeDocker([
    {
      when: "compose config --format json",
      stdout: JSON.stringify({ name: "shop", services, volumes: { "lamb-static": { name: "shop_lamb-static" } } }),
    },
    { when: "compose config --hash", stdout: "lamb new\nopenwebui new\n" },
    { when: "ps --all --no-trunc --quiet", stdout: "lamb\nopenwebui\n" },
    { when: "container inspect", stdout: JSON.stringify(containers) },
    { when: "container diff", stdout: diff, code: code ?? 0 },
    { when: "volume inspect", stdout: `${dir}\n` },
  ]);
}

const troubles = async () => {
  const only = new Set(["layers-taken-out", "volumes-layout"]);
  const results = await examine({ dir, environment: docker.environment, only });
  expect(results.map(({ unknown }) => unknown)).toEqual([undefined, undefined]);
  return results.flatMap((result) => result.troubles);
};

const put = (path: string) => {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), "");
};

describe("what containers of older files hold in their own layers", () => {
  it("is told of, with the command that takes it out, until it is out", async () => {
    engine({});
    const [uploads, key, ...more] = await troubles();
    expect(more).toEqual([]);
    expect(uploads?.subject).toBe("lamb: /app/backend/static/public");
    expect(uploads?.reason).toContain("2 files and folders are in the container shop-lamb-1 alone");
    expect(uploads?.fix).toContain(
      "mkdir -p taken-out/lamb && docker cp --archive shop-lamb-1:/app/backend/static/public taken-out/lamb/",
    );
    expect(uploads?.fix).toContain(
      "docker compose cp --archive taken-out/lamb/public/. lamb:/app/backend/static/public",
    );
    expect(key?.subject).toBe("openwebui: /app/backend/.webui_secret_key");
    expect(key?.fix).toContain("give the text of taken-out/openwebui/.webui_secret_key to WEBUI_SECRET_KEY");

    put("taken-out/lamb/public/2/notes.txt");
    put("taken-out/openwebui/.webui_secret_key");
    expect(await troubles()).toEqual([]);
  });

  it("is told of as long as one file of it is not out", async () => {
    engine({});
    mkdirSync(join(dir, "taken-out/lamb/public/2"), { recursive: true });
    expect((await troubles())[0]?.reason).toContain("1 files and folders");
  });

  it.each([
    ["a volume is mounted there", { mountedAt: "/app/backend/static" }],
    ["nothing was written", { diff: "C /app/backend/static/public\n" }],
    ["the container stays as it is", { hash: "new" }],
  ])("is not told of where %s", async (_, world) => {
    engine(world);
    expect((await troubles()).filter(({ subject }) => subject?.startsWith("lamb"))).toEqual([]);
  });

  it("is not taken for nothing where the engine does not say", async () => {
    engine({ diff: "", code: 1 });
    const [result] = await examine({ dir, environment: docker.environment, only: new Set(["layers-taken-out"]) });
    expect(result).toMatchObject({ troubles: [], unknown: expect.stringContaining("Docker failed") });
  });

  it("keeps init from writing, until it is out", async () => {
    engine({});
    const held: InitRequest["held"] = (project) => heldInProject(new Docker(docker.environment), project, dir);
    const given = new Map([["OWI_ADMIN_EMAIL", "it@uni.edu"]]);
    const request: InitRequest = { dir, choices: { caddy: false }, given, held };
    const fix = expect.stringContaining("docker cp --archive shop-lamb-1:/app/backend/static/public taken-out/lamb/");
    await expect(initialize(request)).rejects.toMatchObject({ code: "held-in-layers", fix });
    put("taken-out/lamb/public/2/notes.txt");
    put("taken-out/openwebui/.webui_secret_key");
    expect((await initialize(request)).files.written.length).toBeGreaterThan(0);
  });
});

describe("the layout of a volume", () => {
  it("is what a container has of it, where this user may not look into the engine's folders", async () => {
    engine({ mountedAt: PUBLIC, mountedPart: "public", target: PUBLIC, diff: "" });
    expect(await troubles()).toMatchObject([{ subject: "shop_lamb-static", fix: expect.stringContaining("0.7") }]);
    engine({ mountedAt: PUBLIC, mountedPart: "public", target: PUBLIC, subpath: "public", diff: "" });
    expect(await troubles()).toEqual([]);
  });

  it.each([
    [
      "an upper one, with files that look at the top",
      "/app/backend/static",
      "/app/backend/static/public",
      undefined,
      1,
    ],
    ["the same upper one", "/app/backend/static", "/app/backend/static", undefined, 0],
    ["the same upper one, of which one folder is mounted", PUBLIC, PUBLIC, "public", 0],
    ["an upper one, of which one folder is mounted now", "/app/backend/static", PUBLIC, "public", 0],
    ["a lower one, which the files move", PUBLIC, "/app/backend/static", undefined, 0],
    ["the same lower one", PUBLIC, PUBLIC, undefined, 0],
    ["an upper one without a container, with files that look at the top", undefined, PUBLIC, undefined, 1],
    ["an upper one without a container, of which one folder is mounted", undefined, PUBLIC, "public", 0],
  ])("%s", async (_, mountedAt, target, subpath, count) => {
    engine({ mountedAt, target, subpath, diff: "" });
    if (mountedAt === undefined) mkdirSync(join(dir, "public"));
    const found = await troubles();
    expect(found).toHaveLength(count);
    for (const { subject, reason } of found) {
      expect(subject).toBe("shop_lamb-static");
      expect(reason).toContain("lie below public/ in the volume");
    }
  });
});
