import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeploymentChoices } from "../../../lib/operate/choices";
import { planDeployment } from "../../../lib/operate/deployment";
import { Docker } from "../../../lib/operate/engine/docker";
import { findSource } from "../../../lib/operate/migrate/source";
import { mapValues } from "../../../lib/operate/migrate/variables";
import { FakeDocker } from "../engine/fake-docker";

const WITH_CADDY: DeploymentChoices = { release: "0.7", tls: "internal" };
const WITHOUT: DeploymentChoices = { release: "0.7", caddy: false };

describe("the variables of an older installation", () => {
  let home = "";
  let engine: FakeDocker;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const source = () => findSource({ docker: new Docker(engine.environment), dir: home });
  const mapped = async (choices = WITH_CADDY, env = "") => {
    return mapValues(await source(), planDeployment(choices).contract, env, new Map());
  };
  const fateOf = async (name: string, choices = WITH_CADDY, env = "") => {
    const { given, fates } = await mapped(choices, env);
    const found = fates.filter((one) => one.name === name);
    return [given.get(found[0]?.to ?? name), ...found.map(({ fate, to }) => [fate, to])];
  };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-variables-"));
    engine = new FakeDocker([
      { when: "ps --all", stdout: "" },
      { when: "volume ls", stdout: "" },
    ]);
    put("lamb_v4.db", "SQLite format 3\0");
  });
  afterEach(() => {
    engine.remove();
    rmSync(home, { recursive: true, force: true });
  });

  it.each([
    ["kept", "LTI_SECRET", "an old secret of 20", ["an old secret of 20", ["kept", "LTI_SECRET"]]],
    [
      "under a former name",
      "PIPELINES_BEARER_TOKEN",
      "abcdefghijkl1234",
      ["abcdefghijkl1234", ["renamed", "LAMB_BEARER_TOKEN"]],
    ],
    [
      "a public address as a name",
      "LAMB_WEB_HOST",
      "https://lamb.uni.edu/",
      ["lamb.uni.edu", ["renamed", "LAMB_PUBLIC_HOST"]],
    ],
    ["public, and drawn anew", "LAMB_BEARER_TOKEN", "0p3n-w3bu!", [undefined, ["replaced", "LAMB_BEARER_TOKEN"]]],
    ["what holds anyway", "SIGNUP_SECRET_KEY", "", [undefined, ["default", undefined]]],
    ["retired", "LAMB_DB_PATH", "/opt/lamb", [undefined, ["retired", undefined]]],
    ["unknown", "NOBODY_READS_ME", "x", [undefined, ["unknown", undefined]]],
    ["Compose's own", "COMPOSE_PROJECT_NAME", "lamb", [undefined]],
  ])("%s: %s", async (_, name, value, expected) => {
    put("backend/.env", `${name}=${value}\n`);
    expect(await fateOf(name)).toEqual(expected);
  });

  it("means other things in other files, and the first file counts", async () => {
    put("backend/.env", "LAMB_KB_SERVER_TOKEN=the-key-that-lamb-sends\n");
    put("lamb-kb-server-stable/backend/.env", "LAMB_API_KEY=the-key-that-kb-takes\nHOME_URL=http://kb.uni.edu:9090\n");
    put(".env", "LIBRARY_MANAGER_TOKEN=the-key-of-the-library\n");
    const { given, fates } = await mapped(WITHOUT);
    expect(Object.fromEntries(given)).toEqual({
      LAMB_KB_SERVER_TOKEN: "the-key-that-lamb-sends",
      KB_HOME_URL: "http://kb.uni.edu:9090",
      LAMB_LIBRARY_TOKEN: "the-key-of-the-library",
    });
    expect(fates.find(({ name }) => name === "LAMB_API_KEY")).toMatchObject({
      fate: "retired",
      why: "backend/.env has another value, which counts",
    });
    // Caddy's file makes it of the public name.
    expect((await mapped()).given.has("KB_HOME_URL")).toBe(false);
  });

  it("tells of a service that runs elsewhere, which the new files do not ask", async () => {
    put("backend/.env", "LAMB_KB_SERVER=http://kb.elsewhere.edu:9090\nOWI_BASE_URL=http://openwebui:8080\n");
    const whys = Object.fromEntries((await mapped()).fates.map(({ name, why }) => [name, why]));
    expect(whys.LAMB_KB_SERVER).toMatch(/; it had another value; one that runs elsewhere is named in the environment/);
    expect(whys.OWI_BASE_URL).not.toContain("another value");
  });

  it("leaves what the new .env has already", async () => {
    put("backend/.env", "LTI_SECRET=an old secret of 20\n");
    expect(await fateOf("LTI_SECRET", WITH_CADDY, "LTI_SECRET=a new secret of 20\n")).toEqual([
      undefined,
      ["there", "LTI_SECRET"],
    ]);
  });

  it("are read with the mark of Windows' editors and its ends of lines; what nobody can read is told", async () => {
    put("backend/.env", "\ufeffLTI_SECRET=an old secret of 20\r\nOWI_ADMIN_EMAIL='it@uni.edu'\r\n");
    put(".env", "this is no assignment\n");
    const { given } = await mapped();
    expect(Object.fromEntries(given)).toEqual({ LTI_SECRET: "an old secret of 20", OWI_ADMIN_EMAIL: "it@uni.edu" });
    expect((await source()).unreadable).toEqual([".env:1"]);
  });
});

describe("an older installation", () => {
  let home = "";
  const put = (path: string, text = "SQLite format 3\0") => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const container = (service: string, more: object = {}) => {
    const Config = {
      Image: "x",
      Labels: { "com.docker.compose.project": "old", "com.docker.compose.service": service },
    };
    const State = { Status: "running", ExitCode: 0, StartedAt: "" };
    return {
      Id: `id-${service}`,
      Name: `/old-${service}-1`,
      Image: "i",
      RestartCount: 0,
      State,
      Config,
      Mounts: [],
      ...more,
    };
  };
  const find = async (
    volumes: readonly string[],
    containers: readonly ReturnType<typeof container>[] = [],
    more: { readonly project?: string; readonly target?: string } = {},
    diff = "",
    code = 0,
  ) => {
    const engine = new FakeDocker([
      { when: "ps --all", stdout: containers.map(({ Id }) => `${Id}\n`).join("") },
      { when: "container inspect", stdout: JSON.stringify(containers) },
      { when: "container diff", stdout: diff, code },
      { when: "project=old ", stdout: volumes.map((name) => `${JSON.stringify({ Name: name })}\n`).join("") },
      { when: "volume ls", stdout: "" },
    ]);
    try {
      const found = await findSource({ docker: new Docker(engine.environment), dir: home, ...more });
      const { kind, project } = found;
      const places = found.places.map(({ place, kind: how, source, folders }) => {
        return `${place.holds}: ${how} ${source.replace(home, "")}${folders.map((one) => `|${one}`).join("")}`;
      });
      return { kind, project, places, keys: found.keys.map(({ path }) => path) };
    } finally {
      engine.remove();
    }
  };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "lamb-compose-source-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("is found by its folders, where nothing runs", async () => {
    put("lamb_v4.db");
    put("backend/aac_logs/session.jsonl");
    put("backend/static/public/2/a.txt");
    expect(await find([])).toEqual({
      kind: "checkout",
      project: undefined,
      places: [
        "LAMB's database: bind |",
        "logs of assisted creation: bind /backend/aac_logs|",
        "what people uploaded, and generated images: bind /backend/static/public|",
      ],
      keys: [],
    });
  });

  it("may have its database elsewhere, by the path that its containers know", async () => {
    put("elsewhere/lamb/lamb_v4.db");
    put("elsewhere/lamb/moodle/key");
    put("backend/.env", "LAMB_DB_PATH=/srv/data/lamb\nOWI_PATH=open-webui/data\n");
    put("open-webui/data/webui.db");
    const Mounts = [{ Type: "bind", Source: join(home, "elsewhere"), Destination: "/srv/data", RW: true }];
    expect((await find([], [container("backend", { Mounts })])).places).toEqual([
      "LAMB's database: bind /elsewhere/lamb|",
      "what connectors keep: bind /elsewhere/lamb/moodle|",
      "Open WebUI's database and uploads: bind /open-webui/data|",
    ]);
  });

  it("is found by its volumes, and by what lies in layers of its containers", async () => {
    const layers = ["A /app/backend/static/public/2", "A /app/backend/aac_logs/x", "A /app/backend/.webui_secret_key"];
    const found = await find(
      ["old_lamb-data", "old_kb-data", "old_openwebui-data"],
      [container("lamb"), container("openwebui")],
      { project: "old" },
      layers.join("\n"),
    );
    expect(found).toEqual({
      kind: "volumes",
      project: "old",
      places: [
        "LAMB's database: volume old_lamb-data|",
        "logs of assisted creation: volume old_lamb-data|aac_logs",
        "logs of assisted creation: layer id-lamb|/app/backend/aac_logs",
        "what connectors keep: volume old_lamb-data|moodle",
        "what people uploaded, and generated images: layer id-lamb|/app/backend/static/public",
        "Open WebUI's database and uploads: volume old_openwebui-data|",
        "the databases of the knowledge base: volume old_kb-data|",
      ],
      keys: ["/app/backend/.webui_secret_key"],
    });
  });

  it("is not taken out of a layer where a volume is mounted, whichever its folder is", async () => {
    const Mounts = [{ Type: "volume", Name: "old_lamb-static", Destination: "/app/backend/static", RW: true }];
    const found = await find(
      ["old_lamb-data", "old_lamb-static"],
      [container("lamb", { Mounts })],
      { project: "old" },
      "A /app/backend/static/public/2",
    );
    expect(found.places).toContain("what people uploaded, and generated images: volume old_lamb-static|public|");
    expect(found.places.filter((place) => place.includes("layer"))).toEqual([]);
  });

  it("is not taken without its layers, when the engine does not say what is in them", async () => {
    const found = find(["old_lamb-data"], [container("lamb")], { project: "old" }, "", 1);
    await expect(found).rejects.toMatchObject({ code: "docker-failed", path: "docker container diff" });
  });

  it("must be one, and one that is there; the deployment itself is none", async () => {
    await expect(find([])).rejects.toMatchObject({ code: "no-installation" });
    await expect(find(["old_lamb-data"], [], { project: "old", target: "old" })).rejects.toMatchObject({
      code: "no-installation",
    });
    put("lamb_v4.db");
    put(".env", "COMPOSE_PROJECT_NAME=old\n");
    await expect(find(["old_lamb-data"])).rejects.toMatchObject({ code: "two-installations" });
    expect(await find(["old_lamb-data"], [], { project: "old" })).toMatchObject({ kind: "volumes" });
    expect(await find(["old_lamb-data"], [], { project: "other" })).toMatchObject({ kind: "checkout" });
  });
});
