import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Artifact, ComposeFile, EnvVar, Image, ImageLock, Service } from "lamb-compose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageReference } from "../../lib/construct/image/reference";
import { commandWords } from "../support/command";
import { describeWith } from "../support/tools";
import { removeProject, TEST_PROJECT } from "./project";
import { type ClosedRegistry, PASSWORD, startWithPassword, startWithTokens, USER } from "./registries";
import { must, type Ran, type RunOptions, run } from "./run";
import { digestOf, TinyImages } from "./tiny";

/** The registry that `.ci/engine` starts, and a folder there that no other run has. */
const OPEN = `127.0.0.1:5000/${TEST_PROJECT}${process.pid}-${Date.now()}`;

/** What a program writes into a directory: with the lock that is there. */
async function synthesize(directory: string, registry: string): Promise<void> {
  const app = new App();
  const file = new ComposeFile(app, "tiny", { fileName: "compose.yaml" });
  const version = new EnvVar("TINY_VERSION", { meaning: "version", default: "v1" });
  const common = { stop_grace_period: "0s" };
  new Service(file, "web", { ...common, image: new Image(`${registry}/web`, { tag: version }) });
  new Service(file, "worker", { ...common, image: `${registry}/worker:v1` });
  new Artifact(file, "dockerfile", {
    fileName: "derived/Dockerfile",
    content: (context) => `FROM ${context.pinned(`${registry}/web:v1`)}\nLABEL derived=yes\n`,
  });
  await app.synth({ lock: await lockIn(directory) }).write(directory);
}

async function lockIn(directory: string): Promise<ImageLock | undefined> {
  const there = (await readdir(directory)).includes(ImageLock.fileName);
  return there ? ImageLock.parse(await readFile(join(directory, ImageLock.fileName), "utf8")) : undefined;
}

const lock = (directory: string, words: readonly string[] = [], options: RunOptions = {}): Promise<Ran> =>
  run(process.execPath, commandWords("lock", "--dir", directory, ...words), options);

/** The digest that a registry names in its header, asked by another client. */
async function headerOf(name: string): Promise<string> {
  const [, host = "", path = "", tag = ""] = /^([^/]+)\/(.+):(.+)$/.exec(name) ?? [];
  const accept = ["index.v1+json", "manifest.v1+json"].map((end) => `application/vnd.oci.image.${end}`);
  const docker = ["manifest.list.v2+json", "manifest.v2+json"].map(
    (end) => `application/vnd.docker.distribution.${end}`,
  );
  const { stdout } = await must("curl", [
    ...["--silent", "--head", "--header", `Accept: ${[...accept, ...docker].join(", ")}`],
    `http://${host}/v2/${path}/manifests/${tag}`,
  ]);
  return /^docker-content-digest: (.*)$/im.exec(stdout)?.[1]?.trim() ?? "";
}

describeWith("docker-engine", "images by digest, from a registry", () => {
  const project = `${TEST_PROJECT}lock-${process.pid}`;
  let tiny: TinyImages;
  let directory: string;
  const [web, worker] = [`${OPEN}/web:v1`, `${OPEN}/worker:v1`];
  const compose = (...words: readonly string[]) =>
    must("docker", ["compose", "--project-name", project, ...words], {
      cwd: directory,
      env: { COMPOSE_FILE: undefined, TINY_VERSION: "v9.9" },
    });
  /** Id, image and word of a service's container. */
  const running = async (service: string) => {
    const { stdout: id } = await compose("ps", "--quiet", service);
    const format = '{{.Id}} {{.Config.Image}} {{.State.Status}} {{index .Config.Labels "word"}}';
    return (await must("docker", ["inspect", "--format", format, id.trim()])).stdout.trim();
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), TEST_PROJECT));
    tiny = await TinyImages.create();
    await tiny.pushIndex(web, "one");
    await tiny.push(worker, "one");
    await tiny.forget();
    await synthesize(directory, OPEN);
  });
  afterAll(async () => {
    await removeProject(project);
    await tiny?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  it("are locked as Docker's own tools see them, index and single image", async () => {
    const { code, stdout, stderr } = await lock(directory);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.match(/^added /gm)).toHaveLength(2);
    const found = await lockIn(directory);
    const expected = { [web]: await digestOf(web), [worker]: await digestOf(worker) };
    expect(Object.fromEntries([...(found?.images ?? [])].map(([name, { digest }]) => [name, digest]))).toEqual(
      expected,
    );
    expect([await headerOf(web), await headerOf(worker)]).toEqual(Object.values(expected));
    expect(found?.find(web)).toMatchObject({
      mediaType: expect.stringMatching(/manifest\.list|image\.index/),
      platforms: ["linux/amd64", "linux/arm64"],
    });
    expect(found?.find(worker)).toMatchObject({
      mediaType: expect.stringMatching(/manifest\.v[12]\+json$/),
      platforms: ["linux/amd64"],
    });
  });

  it("are pulled, started and built from by digest, whatever the environment says of the version", async () => {
    await synthesize(directory, OPEN);
    expect((await lock(directory, ["--check", "--strict"])).code).toBe(0);
    await compose("pull", "--quiet");
    await compose("up", "--detach", "--wait");
    expect(await running("web")).toMatch(new RegExp(`^\\w+ ${web}@${await digestOf(web)} running one$`));
    expect(await running("worker")).toMatch(new RegExp(`^\\w+ ${worker}@${await digestOf(worker)} running one$`));
    const built = await must("docker", ["buildx", "build", "--quiet", join(directory, "derived")]);
    const { stdout } = await must("docker", ["inspect", "--format", "{{json .Config.Labels}}", built.stdout.trim()]);
    expect(JSON.parse(stdout)).toEqual({ word: "one", derived: "yes" });
    await must("docker", ["image", "rm", built.stdout.trim()]);
  });

  it("stay put when the tag moves, which --check shows and --update takes", async () => {
    const [before, locked] = [await running("web"), await digestOf(web)];
    await tiny.pushIndex(web, "two");
    const now = await digestOf(web);
    expect(now).not.toBe(locked);
    const shown = await lock(directory, ["--check"]);
    expect([shown.code, shown.stderr]).toEqual([0, ""]);
    const short = (digest: string) => digest.slice(0, 19);
    expect(shown.stdout).toContain(
      `moved at ${web}\n  the tag means ${short(now)} now, and ${short(locked)} is locked\n`,
    );
    expect((await lock(directory, ["--check", "--strict"])).code).toBe(1);
    await compose("pull", "--quiet");
    await compose("up", "--detach", "--wait");
    expect(await running("web")).toBe(before);
    expect((await lock(directory)).stdout).toContain("2 image(s) stay as they were locked\n");
    // Not even a lost lock moves what the files pin.
    const lost = await readFile(join(directory, ImageLock.fileName), "utf8");
    await rm(join(directory, ImageLock.fileName));
    expect((await lock(directory)).stdout.match(/^added /gm)).toHaveLength(2);
    expect(await readFile(join(directory, ImageLock.fileName), "utf8")).toBe(lost);

    const { stdout } = await lock(directory, ["--update", web]);
    expect(stdout).toContain(`updated  ${web}  ${short(locked)} → ${short(now)}`);
    expect((await lockIn(directory))?.find(web)?.digest).toBe(now);
    await synthesize(directory, OPEN);
    const worked = await running("worker");
    await compose("pull", "--quiet");
    await compose("up", "--detach", "--wait");
    expect(await running("web")).toMatch(new RegExp(` ${web}@${now} running two$`));
    expect(await running("worker")).toBe(worked);
  });

  it("that the registry lost are a failure, and leave the lock as it was", async () => {
    const digest = await digestOf(worker);
    const [host = "", ...path] = worker.replace(/:v1$/, "").split("/");
    await must("curl", [
      "--silent",
      "--fail",
      "--request",
      "DELETE",
      `http://${host}/v2/${path.join("/")}/manifests/${digest}`,
    ]);
    const gone = await lock(directory, ["--check"]);
    expect(gone.code).toBe(1);
    expect(gone.stdout).toContain(`error gone at ${worker}\n  the tag is gone from the registry`);
    const before = await readFile(join(directory, ImageLock.fileName), "utf8");
    const failed = await lock(directory, ["--update-all"]);
    expect([failed.code, failed.stdout]).toEqual([1, ""]);
    expect(failed.stderr).toMatch(new RegExp(`^unknown-image at ${worker}: `));
    expect(await readFile(join(directory, ImageLock.fileName), "utf8")).toBe(before);
  });

  it("have the names that Docker gives them", async () => {
    const id = (await must("docker", ["image", "ls", "--quiet", "--filter", `reference=${OPEN}/web`])).stdout.split(
      "\n",
    )[0];
    const names = [
      ...["lock-a", "lock-a:1", "library/lock-a:2", "docker.io/lock-a:3", "index.docker.io/library/lock-a:4"],
      ...[
        "docker.io/library/a/lock-b:1",
        "own/lock-c",
        "localhost/lock-d:1",
        "h.example/lock-e",
        "h:5/lock-f:1",
        "H/lock-g:1",
      ],
      ...["lock.h:1", "lock__i:1", "lock--j:1", "[::1]:5000/lock-k:1", "lock-l:_x"],
    ];
    const refused = ["Lock", "lock_:1", "lock..a", "lock:-1", "h/:1", "a___b", "lock:", `lock:${"a".repeat(129)}`];
    const made: string[] = [];
    try {
      for (const name of names) {
        await must("docker", ["tag", id ?? "", name]);
        const { stdout } = await must("docker", ["inspect", "--format", "{{json .RepoTags}}", name]);
        const [added] = JSON.parse(stdout).filter(
          (tag: string) => /lock/.test(tag) && !tag.startsWith(OPEN) && !made.includes(tag),
        );
        made.push(added);
        expect(imageReference(name)?.name, name).toBe(added);
      }
      for (const name of refused) {
        expect((await run("docker", ["tag", id ?? "", name])).code, name).not.toBe(0);
        expect(imageReference(name), name).toBeUndefined();
      }
    } finally {
      if (made.length > 0) await must("docker", ["image", "rm", ...made]);
    }
  });
});

describe.each([
  ["a password", startWithPassword],
  ["tokens that a password gets", startWithTokens],
])("a registry that wants %s", (_, start) => {
  describeWith(["docker-engine", "docker-registry", "caddy", "openssl"], "with the credentials of docker login", () => {
    let registry: ClosedRegistry;
    let tiny: TinyImages;
    let directory: string;
    let config: string;
    const env = () => ({ DOCKER_CONFIG: config });

    beforeAll(async () => {
      registry = await start();
      directory = await mkdtemp(join(tmpdir(), TEST_PROJECT));
      config = await mkdtemp(join(tmpdir(), TEST_PROJECT));
      tiny = await TinyImages.create();
      await synthesize(directory, registry.host);
    });
    afterAll(async () => {
      await tiny?.remove();
      await registry?.stop();
      for (const folder of [directory, config]) await rm(folder, { recursive: true, force: true });
    });

    it("shows nothing to strangers", async () => {
      const { code, stdout, stderr } = await lock(directory, [], { env: env() });
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^no-access at .*\/web:v1, .*\/worker:v1: .* does not show it without a log-in/);
      expect(stderr).toContain(`docker login ${registry.host}`);
      expect(await lockIn(directory)).toBeUndefined();
    });

    it("shows all to who is logged in, from the file and from a credential helper", async () => {
      await must(
        "sh",
        ["-c", `printf %s '${PASSWORD}' | docker login --username ${USER} --password-stdin ${registry.host}`],
        {
          env: env(),
        },
      );
      for (const name of ["web", "worker"])
        await tiny.push(`${registry.host}/${name}:v1`, name, "linux/amd64", { env: env() });
      const expected = await digestOf(`${registry.host}/web:v1`, { env: env() });

      const locked = await lock(directory, [], { env: env() });
      expect([locked.code, locked.stderr]).toEqual([0, ""]);
      expect((await lockIn(directory))?.find(`${registry.host}/web:v1`)?.digest).toBe(expected);

      const helper = join(config, "docker-credential-campus");
      const answer = JSON.stringify({ ServerURL: registry.host, Username: USER, Secret: PASSWORD });
      await writeFile(helper, `#!/bin/sh\n[ "$1" = get ] && cat >/dev/null && echo '${answer}'\n`);
      await chmod(helper, 0o755);
      await writeFile(join(config, "config.json"), JSON.stringify({ credsStore: "campus" }));
      const withHelper = { ...env(), PATH: `${config}:${process.env.PATH}` };
      await rm(join(directory, ImageLock.fileName));
      const again = await lock(directory, [], { env: withHelper });
      expect([again.code, again.stderr]).toEqual([0, ""]);
      expect((await lockIn(directory))?.find(`${registry.host}/web:v1`)?.digest).toBe(expected);
      await synthesize(directory, registry.host);
      expect((await lock(directory, ["--check", "--strict"], { env: withHelper })).code).toBe(0);
      for (const { stdout, stderr } of [locked, again]) expect(stdout + stderr).not.toContain(PASSWORD);
    });

    it("does not let in who has another password", async () => {
      const auth = Buffer.from(`${USER}:wrong-w0rd`).toString("base64");
      await writeFile(join(config, "config.json"), JSON.stringify({ auths: { [registry.host]: { auth } } }));
      const { code, stderr } = await lock(directory, ["--update-all"], { env: env() });
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^no-access at .* refuses the credentials/)]);
      expect(stderr).not.toContain("wrong-w0rd");
    });
  });
});
