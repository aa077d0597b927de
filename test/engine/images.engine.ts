import { App, LambRelease, LambStack, OwnershipOverlay, SealedOverlay } from "lamb-compose";
import { LambImages } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { describeWith } from "../support/tools";
import { Checkout, IDENTITY, openWebUiOf } from "./checkout";
import { Deployment } from "./deployment";
import { must, run } from "./run";
import { answers } from "./stacks";

const CONFIG = z.object({
  User: z.string(),
  StopSignal: z.string(),
  Labels: z.record(z.string(), z.string()),
  ExposedPorts: z.record(z.string(), z.unknown()),
  Healthcheck: z.object({ Test: z.array(z.string()), StartInterval: z.number() }),
  Env: z.array(z.string()),
});

/** By service: the user of its image, what that user may write of it, and its port. Contract sections 1.1 to 1.3. */
const IMAGES = {
  lamb: {
    user: "10001:10001",
    port: 9099,
    writes: ["/app/backend/static/cache", "/app/backend/static/public", "/data/lamb", "/data/openwebui", "/run/lamb"],
  },
  kb: { user: "10001:10001", port: 9090, writes: ["/app/backend/data", "/app/backend/static"] },
  "library-manager": { user: "999:999", port: 9091, writes: ["/app/data"] },
} as const;

type Service = keyof typeof IMAGES;
const SERVICES: readonly Service[] = ["lamb", "kb", "library-manager"];

/** Folders of every Debian that everybody may write. */
const EVERYBODYS = ["/run/lock", "/tmp", "/var/tmp"];

describeWith(["docker-engine", "docker-buildx"], "images built from a checkout", () => {
  let checkout: Checkout;
  const built = new Map<Service, string>();
  const image = (service: Service) => built.get(service) ?? "";
  const builds = () => {
    const { lamb, kb, libraryManager } = checkout.images;
    if (libraryManager === undefined) throw new Error("no library manager");
    return { lamb: lamb.build, kb: kb.build, "library-manager": libraryManager.build };
  };
  /** What a shell in a fresh container of an image prints. */
  const inside = async (service: Service, script: string) =>
    (await must("docker", ["run", "--rm", "--network", "none", "--entrypoint", "sh", image(service), "-c", script]))
      .stdout;

  /** What the stack runs, by the last part of the image's name. */
  const localImages = async () => ({
    lamb: image("lamb"),
    "lamb-kb": image("kb"),
    "lamb-library-manager": image("library-manager"),
    openwebui: await openWebUiOf("10001:10001"),
  });

  beforeAll(async () => {
    checkout = await Checkout.create();
    // What a developer's checkout has beside the sources. Defect 29.
    await checkout.put("backend/.env", "SECRET=of-the-developer");
    await checkout.put("backend/lamb_v4.db", "rows");
    await checkout.put("backend/static/public/1/upload.pdf", "of somebody");
    await checkout.put("backend/.venv/bin/python", "x", 0o755);
    await checkout.put("frontend/svelte-app/.env", "SECRET=of-the-developer");
    await checkout.put("frontend/svelte-app/static/config.js", "window.LAMB_CONFIG = {};");
    await checkout.put("lamb-kb-server-stable/backend/data/lamb-kb-server.db", "rows");
    await checkout.put("lamb-kb-server-stable/backend/static/original.pdf", "of somebody");
    await checkout.put("library-manager/backend/data/library-manager.db", "rows");
    // A checkout of somebody with a strict umask.
    await checkout.put("backend/lamb/private.py", "NAME = 'private'", 0o600);
    for (const service of SERVICES) built.set(service, await checkout.buildImage(builds()[service]));
  }, 600_000);
  afterAll(async () => {
    const { stdout } = await must("docker", [
      "image",
      "ls",
      "--filter",
      "reference=built/*",
      "--format",
      "{{.Repository}}:{{.Tag}}",
    ]);
    const names = stdout.split("\n").filter((name) => name !== "");
    if (names.length > 0) await must("docker", ["image", "rm", "--force", ...names]);
    await checkout?.remove();
  });

  describe.each(SERVICES)("%s", (service) => {
    const { user, port, writes } = IMAGES[service];

    it("has a Dockerfile that BuildKit has nothing against", async () => {
      const { code, stdout, stderr } = await checkout.check(builds()[service]);
      expect(`${stdout}${stderr}`).toContain("Check complete, no warnings found.");
      expect(code).toBe(0);
    });

    it("says what it is, how it is asked and how it is stopped", async () => {
      const { stdout } = await must("docker", ["image", "inspect", "--format", "{{json .Config}}", image(service)]);
      const config = CONFIG.parse(JSON.parse(stdout));
      expect(config).toMatchObject({ User: user, StopSignal: "SIGTERM", ExposedPorts: { [`${port}/tcp`]: {} } });
      expect(config.Labels).toMatchObject({
        "org.opencontainers.image.version": IDENTITY.VERSION,
        "org.opencontainers.image.revision": IDENTITY.REVISION,
        "org.opencontainers.image.created": IDENTITY.CREATED,
        "org.opencontainers.image.source": "https://github.com/Lamb-Project/lamb",
        "org.opencontainers.image.licenses": "GPL-3.0-only",
      });
      expect(config.Healthcheck).toEqual(
        expect.objectContaining({ Test: ["CMD", "python", "/opt/image/ready.py"], StartInterval: 5e8 }),
      );
    });

    it("runs as nobody that Debian knows, and may write what the contract lists, and nothing else", async () => {
      const find = "find / -xdev \\( -path /proc -o -path /sys -o -path /dev \\) -prune -o -writable ! -type l -print";
      const found = (await inside(service, `id -u; ${find} 2>/dev/null || true`)).trim().split("\n");
      expect(found.shift()).toBe(user.split(":")[0]);
      expect(found.filter((path) => !EVERYBODYS.includes(path)).sort()).toEqual([...writes]);
    });

    it("holds nothing that a developer left in the checkout", async () => {
      const find =
        "find /app /data /opt/image \\( -name '*.db' -o -name '.env*' -o -name .venv -o -name '*.pdf' -o -name tests \\)";
      expect(await inside(service, `${find} 2>/dev/null || true`)).toBe("");
      const { stdout } = await must("docker", ["history", "--no-trunc", "--format", "{{.CreatedBy}}", image(service)]);
      expect(stdout).not.toContain("of-the-developer");
    });

    it("has no compiler in it, and nothing of what was downloaded to install it", async () => {
      const look =
        "command -v gcc cc make npm node || true; ls /opt/venv/bin; ls -A /root; find /app /data /opt /root /tmp -name '*.whl' 2>/dev/null || true";
      const found = await inside(service, look);
      expect(found).not.toMatch(/\b(gcc|make|npm|node)\b|\bpip|\.whl|\.cache|\.npm/);
      expect(found).toContain("uvicorn");
    });

    it("can be read by its user, whatever the umask of the checkout was", async () => {
      const find = "find /app /opt ! -type l ! -readable -print";
      expect(await inside(service, find)).toBe("");
    });

    it("refuses to start without its settings: all of them at once, with 78, and no value", async () => {
      const ran = await run("docker", ["run", "--rm", "--env", "PORT=1", image(service)]);
      expect(ran.code).toBe(78);
      const contract = z
        .object({ variables: z.array(z.object({ names: z.array(z.string()), without: z.string().optional() })) })
        .parse(JSON.parse(await inside(service, "cat /opt/image/contract.json")));
      const byDefault = ["LAMB_DB_PATH", "OLLAMA_ENABLED"];
      const required = contract.variables.filter(
        ({ names, without }) => without !== undefined && !byDefault.includes(names[0] ?? ""),
      );
      expect(required.length).toBeGreaterThan(0);
      for (const { names } of required) expect(ran.stderr).toContain(`${names.join(" or ")} is missing or empty`);
      expect(ran.stderr).toContain(`PORT must be ${port}`);
      expect(ran.stderr).toContain(`was not started: ${required.length + 1} problem(s)`);
    });

    it("is made of the same files at each build, also where nothing is in a cache", async () => {
      const name = `built/again-${service}`;
      const ran = await checkout.build(builds()[service], "--no-cache", "--load", "--tag", name);
      expect(ran.stderr).not.toContain("ERROR");
      const list = "cd / && find app opt etc/passwd etc/group -type f -print0 | sort -z | xargs -0 sha256sum";
      const files = async (of: string) =>
        (await must("docker", ["run", "--rm", "--entrypoint", "sh", of, "-c", list])).stdout.split("\n");
      const first = await files(image(service));
      expect(await files(name)).toEqual(first);
      expect(first.length).toBeGreaterThan(100);
    });

    it("runs any other command unchecked when it is the entrypoint, and checks it when it is not", async () => {
      const words = ["-c", "print(6 * 7)"];
      const instead = await must("docker", ["run", "--rm", "--entrypoint", "python", image(service), ...words]);
      expect(instead.stdout).toBe("42\n");
      expect((await run("docker", ["run", "--rm", image(service), "python", ...words])).code).toBe(78);
    });
  });

  it("has Dockerfiles that BuildKit has nothing against when all is installed that the project asks for, too", async () => {
    const dependencies = "full";
    const synthesis = synthesize((app) => new LambImages(app, "full", { dependencies }));
    for (const build of Object.values(builds())) {
      const dockerfile = `${build.dockerfile}.${dependencies}`;
      await checkout.put(dockerfile, synthesis.files.get(build.dockerfile) ?? "");
      const { code, stdout, stderr } = await checkout.check({ ...build, dockerfile });
      expect(`${stdout}${stderr}`, build.name).toContain("Check complete, no warnings found.");
      expect(code).toBe(0);
    }
  });

  it("fails the build of a program that imports what is not installed, from a plugin too", async () => {
    const path = "backend/lamb/completions/connectors/missing.py";
    await checkout.put(path, "import colorama\n");
    const ran = await checkout.build(builds().lamb, "--target", "program");
    await checkout.put(path, "");
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain("lamb/completions/connectors/missing.py:1: colorama cannot be imported");
    expect(ran.stderr).toContain("Renew it with lamb-compose dependencies.");
  });

  it("fails the build when the project asks for another version than is locked", async () => {
    const before = await checkout.read("backend/requirements.txt");
    await checkout.put("backend/requirements.txt", before.replace("starlette==0.47.3", "starlette==0.48.0"));
    const ran = await checkout.build(builds().lamb, "--target", "dependencies");
    await checkout.put("backend/requirements.txt", before);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain("requirements.txt asks for starlette==0.48.0, and the lock has 0.47.3");
  });

  it("takes no file that is not the locked one", async () => {
    const path = "backend/image/requirements.lock";
    const before = await checkout.read(path);
    await checkout.put(path, before.replace(/sha256:[0-9a-f]{8}/g, "sha256:00000000"));
    const ran = await checkout.build(builds().lamb, "--target", "dependencies");
    await checkout.put(path, before);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr).toContain("THESE PACKAGES DO NOT MATCH THE HASHES");
  });

  describe("after images that ran as root", () => {
    let stack: Deployment;
    const program = (extend: (stack: LambStack) => unknown) => (directory: string) => {
      const app = new App();
      const lamb = new LambStack(app, "next", { release: new LambRelease("0.7") });
      extend(lamb);
      return app.synth().write(directory);
    };
    /** Files of a volume that do not belong to its user. */
    const strangers = async (service: Service, folder: string) =>
      (await stack.compose("exec", "--no-TTY", service, "sh", "-c", `find ${folder} ! -user $(id -u)`)).stdout;

    beforeAll(async () => {
      stack = await Deployment.create({ write: program(() => undefined), answers });
      await stack.up();
      await stack.call("lamb", "PUT", "/stand-in/marker?place=uploads", "of a teacher");
      await stack.call("kb", "PUT", "/stand-in/marker?place=originals", "of a teacher");
    }, 180_000);
    afterAll(() => stack?.remove());

    it("the data are theirs, and the services healthy, with one `up`", async () => {
      expect(await strangers("kb", "/app/backend/static")).toBe("");
      await stack.replace({ write: program((lamb) => new OwnershipOverlay(lamb)), images: await localImages() });
      const { seconds } = await stack.up();
      console.log(`after images of root's: healthy ${seconds.toFixed(1)} s after up`);
      expect(await stack.running()).toEqual(["kb", "lamb", "library-manager", "openwebui"]);
      expect((await stack.inspect("ownership")).State).toMatchObject({ Status: "exited", ExitCode: 0 });
      const folders = {
        lamb: ["/data/lamb", "/data/openwebui", "/app/backend/static/public"],
        kb: ["/app/backend/data", "/app/backend/static"],
      };
      for (const service of ["lamb", "kb"] as const) {
        for (const folder of folders[service]) expect(await strangers(service, folder), folder).toBe("");
        const kept = await stack.compose(
          "exec",
          "--no-TTY",
          service,
          "grep",
          "-rl",
          "of a teacher",
          "/app/backend/static",
        );
        expect(kept.stdout, service).not.toBe("");
      }
    });
  });

  describe("on root file systems that nobody can write", () => {
    let stack: Deployment;

    beforeAll(async () => {
      stack = await Deployment.create({
        write: (directory) => {
          const app = new App();
          new SealedOverlay(new LambStack(app, "next", { release: new LambRelease("0.7") }));
          return app.synth().write(directory);
        },
        answers,
        images: await localImages(),
      });
      await stack.up();
    }, 180_000);
    afterAll(() => stack?.remove());

    it("is healthy", async () => {
      for (const service of ["lamb", "kb"]) {
        expect((await stack.inspect(service)).State.Health?.Status, service).toBe("healthy");
        const { code, stderr } = await stack.tryCompose("exec", "--no-TTY", service, "touch", "/app/backend/new");
        expect(code, service).not.toBe(0);
        expect(stderr, service).toContain("Read-only file system");
      }
    });

    it("says what a tmpfs of root's needs", async () => {
      const words = ["run", "--rm", "--read-only", "--tmpfs", "/run/lamb", "--tmpfs", "/tmp", image("lamb"), "uvicorn"];
      const { code, stderr } = await run("docker", words);
      expect(stderr).toContain("Mount the tmpfs as /run/lamb:uid=10001,gid=10001");
      expect(code).toBe(78);
    });
  });

  describe("in the synthesized stack", () => {
    let stack: Deployment;
    const curl = async (service: string, ...words: readonly string[]) =>
      (
        await stack.compose(
          "exec",
          "--no-TTY",
          "openwebui",
          "curl",
          "--silent",
          "--fail",
          ...words.map((word) => word.replace("//", `//${service}`)),
        )
      ).stdout;

    beforeAll(async () => {
      stack = await Deployment.create({
        write: (directory) => {
          const app = new App();
          new LambStack(app, "next", { release: new LambRelease("0.7") });
          return app.synth().write(directory);
        },
        answers,
        images: await localImages(),
      });
      const { seconds } = await stack.up();
      console.log(`built images: healthy ${seconds.toFixed(1)} s after up`);
    }, 180_000);
    afterAll(() => stack?.remove());

    it("is healthy, and runs nothing as root", async () => {
      expect(await stack.running()).toEqual(["kb", "lamb", "library-manager", "openwebui"]);
      for (const service of SERVICES) {
        const { State } = await stack.inspect(service);
        expect(State.Health?.Status, service).toBe("healthy");
        const { stdout } = await stack.compose("exec", "--no-TTY", service, "cat", "/proc/1/status");
        expect(stdout, service).toMatch(/^Uid:\t(?!0\b)\d+\t/m);
        expect(stdout, service).toMatch(/^CapEff:\t0+$/m);
      }
    });

    it("answers the same to the probe of the image and to the one of the Compose file", async () => {
      for (const service of SERVICES) {
        expect(await stack.probe(service), service).toBe(0);
        await stack.compose("exec", "--no-TTY", service, "python", "/opt/image/ready.py");
      }
      await stack.compose("exec", "--no-TTY", "lamb", "mv", "/data/lamb/lamb_v4.db", "/data/lamb/away");
      expect(await stack.probe("lamb")).not.toBe(0);
      expect((await stack.tryCompose("exec", "--no-TTY", "lamb", "python", "/opt/image/ready.py")).code).not.toBe(0);
      await stack.compose("exec", "--no-TTY", "lamb", "mv", "/data/lamb/away", "/data/lamb/lamb_v4.db");
      expect(await stack.probe("lamb")).toBe(0);
    });

    it("loads the plugins, and the modules that LAMB names from the folder above", async () => {
      expect(JSON.parse(await curl("lamb", "http://:9099/status"))).toEqual({
        status: true,
        plugins: ["bypass", "markup"],
      });
      expect(await curl("lamb", "http://:9099/bulk")).toBe("bulk");
    });

    it("serves the pages, which know their version and their settings", async () => {
      expect(await curl("lamb", "http://:9099/")).toContain("<!doctype html>");
      const settings = await curl("lamb", "http://:9099/config.js");
      expect(settings).toMatch(/^window\.LAMB_CONFIG = \{/);
      expect(JSON.parse(settings.replace("window.LAMB_CONFIG = ", "").replace(/;\s*$/, ""))).toEqual({
        api: {
          baseUrl: "http://localhost:9099/creator",
          lambServer: "http://localhost:9099",
          openWebUiServer: "http://localhost:8080",
        },
        assets: { path: "/static" },
        features: { enableOpenWebUi: true, enableDebugMode: false, enableLibraries: true },
      });
      const scripts = await inside("lamb", "cat /app/frontend/build/app/immutable/nodes/*.js");
      expect(scripts).toContain("0.7.3");
      expect(scripts).toContain("0123456");
    });

    it("keeps what it was given, and stops within two seconds", async () => {
      await curl("lamb", "--data", "of a teacher", "http://:9099/keep");
      for (const service of SERVICES) {
        const { seconds } = await stack.compose("stop", service);
        expect(seconds, service).toBeLessThan(2);
        expect((await stack.inspect(service)).State, service).toMatchObject({ Status: "exited", ExitCode: 0 });
      }
      await stack.compose("down");
      await stack.up();
      expect(JSON.parse(await curl("lamb", "http://:9099/kept"))).toEqual({
        rows: [[["of a teacher"]], [["of a teacher"]]],
        upload: "of a teacher",
      });
    });

    it("says what to do with data of root's, as older images left them, and what it says helps", async () => {
      await stack.compose(
        "run",
        "--rm",
        "--no-deps",
        "--user",
        "0",
        "--cap-add",
        "CHOWN",
        "--cap-add",
        "DAC_OVERRIDE",
        "--entrypoint",
        "chown",
        "lamb",
        "-R",
        "0:0",
        "/data/lamb",
      );
      const ran = await stack.tryCompose("run", "--rm", "--no-deps", "lamb");
      expect(ran.code).toBe(78);
      const said = `${ran.stdout}${ran.stderr}`;
      expect(said).toContain("user 10001:10001, as whom LAMB runs, cannot write LAMB's database");
      const [, words = ""] = /docker compose (run .*)$/m.exec(said) ?? [];
      await stack.compose(...words.replace("SERVICE", "lamb").split(" "));
      await stack.start();
      expect(JSON.parse(await curl("lamb", "http://:9099/kept"))).toMatchObject({ upload: "of a teacher" });
    });
  });
});
