import { validate } from "dockerfile-utils";
import { App, ImageLock, LambRelease } from "lamb-compose";
import { type DependenciesLock, LambImages } from "lamb-compose/images";
import { synthesize } from "lamb-compose/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { thrownBy } from "../../construct/support";
import { describeWith, run } from "../../support/tools";
import { fileOf, imageFiles } from "./support";

const FILES = imageFiles();
const UPCOMING = new LambRelease(LambRelease.upcoming);
const FOLDERS = {
  lamb: { folder: "backend", ...UPCOMING.service("lamb") },
  kb: { folder: "lamb-kb-server-stable", ...UPCOMING.service("kb") },
  "library-manager": { folder: "library-manager", ...UPCOMING.service("libraryManager") },
};
const EACH = Object.entries(FOLDERS);
const dockerfile = (folder: string) => fileOf(FILES, `${folder}/Dockerfile`);

const CONTRACT = z.object({
  variables: z.array(
    z.object({ names: z.array(z.string()), without: z.string().optional(), secret: z.boolean().optional() }),
  ),
  folders: z.array(z.object({ path: z.string() })),
  refused: z.array(z.string()),
  emptyWhenMissing: z.array(z.string()).optional(),
});

describe("LAMB's images", () => {
  it("are made by files of their own, in the folders that LAMB has", () => {
    const parts = ["requirements.lock", "contract.json", "entrypoint.py", "ready.py", "imports.py", "locked.py"];
    const expected = EACH.flatMap(([, { folder }]) => [
      `${folder}/Dockerfile`,
      `${folder}/Dockerfile.dockerignore`,
      ...parts.map((part) => `${folder}/image/${part}`),
    ]);
    expect([...FILES.keys()].sort()).toEqual(
      [
        ...expected,
        "backend/image/pages.lock.json",
        "backend/image/svelte.config.js",
        "backend/image/version.mjs",
      ].sort(),
    );
  });

  it("are those of the release: 0.6 has no library manager", () => {
    const files = imageFiles({ release: new LambRelease("0.6") });
    expect([...files.keys()].filter((path) => path.startsWith("library-manager"))).toEqual([]);
    expect([...files.keys()]).toContain("backend/Dockerfile");
  });

  it.each(EACH)("have nothing that a linter finds: %s", (_, { folder }) => {
    expect(validate(dockerfile(folder)).map(({ message }) => message)).toEqual([]);
  });

  it.each(EACH)("are asked by the probe that Compose uses: %s", (_, { folder, probe }) => {
    const [comment, ...program] = fileOf(FILES, `${folder}/image/ready.py`).split("\n");
    expect(comment).toMatch(/^# Made by lamb-compose/);
    expect(program.join("\n")).toBe(probe);
    expect(dockerfile(folder)).toContain('CMD ["python", "/opt/image/ready.py"]');
  });

  it.each(EACH)("listen where the stack expects it: %s", (_, { folder, port }) => {
    expect(dockerfile(folder)).toContain(`\nEXPOSE ${port}\n`);
    expect(dockerfile(folder)).toContain(`"--port", "${port}"`);
  });

  it.each(EACH)(
    "are built upon one argument that a build can replace, and that names its version: %s",
    (_, { folder }) => {
      const text = dockerfile(folder);
      expect(text).toMatch(/^ARG PYTHON_IMAGE=python:3\.11-slim-bookworm$/m);
      expect([...text.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, from = ""]) => from)).toEqual(
        expect.arrayContaining(["${PYTHON_IMAGE}"]),
      );
      expect(text).not.toMatch(/^FROM [^$]*(?<!dependencies) AS/m);
    },
  );

  it("are built upon digests once there is a lock of images", () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const locked = { digest, mediaType: "application/vnd.oci.image.index.v1+json", platforms: ["linux/amd64"] };
    const app = new App();
    new LambImages(app, "images");
    const lock = new ImageLock([
      ["python:3.11-slim-bookworm", locked],
      ["node:20-alpine", locked],
    ]);
    const { files, findings } = app.synth({ lock });
    expect(findings).toEqual([]);
    for (const [, { folder }] of EACH) {
      expect(fileOf(files, `${folder}/Dockerfile`)).toContain(
        `\nARG PYTHON_IMAGE=python:3.11-slim-bookworm@${digest}\n`,
      );
    }
    expect(fileOf(files, "backend/Dockerfile")).toContain(`\nARG NODE_IMAGE=node:20-alpine@${digest}\n`);
    expect(app.synth({ lock: new ImageLock() }).findings.map(({ code }) => code)).toContain("image-not-locked");
  });

  it("install all that the requirements name when that is asked for, with a compiler where it is needed and not in the image", () => {
    const full = fileOf(imageFiles({ dependencies: "full" }), "backend/Dockerfile");
    expect(fileOf(imageFiles({ dependencies: "full" }), "backend/image/requirements.lock")).toMatch(
      /^torch==2\.3\.1 /m,
    );
    expect(fileOf(FILES, "backend/image/requirements.lock")).not.toMatch(/^torch==/m);
    const stages = full.split(/^FROM /m);
    expect(
      stages.filter((stage) => stage.includes("build-essential")).map((stage) => /AS (\w+)/.exec(stage)?.[1]),
    ).toEqual(["dependencies"]);
    expect(full).toContain("--only-binary=:all: --no-binary=peewee");
    expect(dockerfile("backend")).not.toContain("build-essential");
  });

  it("take the checkout's own lock of the pages when the locked dependencies have none", () => {
    const lock: DependenciesLock = { asOf: "2026-06-11", python: "3.11", images: { lamb: { slim: [], full: [] } } };
    const files = synthesize((app) => new LambImages(app, "images", { lock: { ...lock, images: everyImage } })).files;
    expect(fileOf(files, "backend/Dockerfile")).toContain(
      "COPY frontend/svelte-app/package-lock.json ./package-lock.json",
    );
    expect(files.has("backend/image/pages.lock.json")).toBe(false);
  });

  it("follow what the lock says of the checkout: its Python, its files of requirements, its workspace", () => {
    const requirements = ["backend/requirements-base.txt", "backend/requirements-ml.txt"];
    const workspace = {
      pnpm: { version: "10.34.0", lock: { lockfileVersion: 3 } },
      packages: ["packages/creator-app", "packages/ui"],
      apps: ["packages/creator-app"],
      versioned: ["packages/ui"],
    };
    const images = { ...everyImage, lamb: { ...nothing, python: "3.12", requirements } };
    const lock: DependenciesLock = { asOf: "2026-06-11", python: "3.11", images, workspace };
    const files = imageFiles({ lock });
    const text = fileOf(files, "backend/Dockerfile");
    expect(validate(text).map(({ message }) => message)).toEqual([]);
    expect(text).toContain("\nARG PYTHON_IMAGE=python:3.12-slim-bookworm\n");
    expect(fileOf(files, "lamb-kb-server-stable/Dockerfile")).toContain(
      "\nARG PYTHON_IMAGE=python:3.11-slim-bookworm\n",
    );
    for (const path of requirements) expect(text).toContain(`source=${path},target=/tmp/${path}`);
    expect(text).toContain("COPY frontend/package.json frontend/pnpm-workspace.yaml frontend/pnpm-lock.yaml ./");
    expect(text).not.toContain("svelte-app");
    const sent = fileOf(files, "backend/Dockerfile.dockerignore");
    expect(sent).toContain("\n!frontend\n");
    expect(sent).toContain("\nfrontend/packages/creator-app/static/config.js\n");
    expect(JSON.parse(fileOf(files, "backend/image/pnpm.json")).dependencies).toEqual({ pnpm: "10.34.0" });
    const locked = imageFiles({ lock: { ...lock, workspace: { ...workspace, lock: "lockfileVersion: '9.0'\n" } } });
    expect(fileOf(locked, "backend/Dockerfile")).toContain(
      "frontend/pnpm-workspace.yaml backend/image/pnpm-lock.yaml ./",
    );
    expect(fileOf(locked, "backend/image/pnpm-lock.yaml")).toBe("lockfileVersion: '9.0'\n");
  });

  it("need a lock that has them, with hashes", () => {
    const thrown = (lock: DependenciesLock) => thrownBy(() => imageFiles({ lock }));
    const lock = { asOf: "2026-06-11", python: "3.11" };
    expect(thrown({ ...lock, images: {} })).toMatchObject({ code: "no-lock", value: "lamb" });
    const unhashed = { slim: [{ name: "one", version: "1", hashes: [] }], full: [] };
    expect(thrown({ ...lock, images: { lamb: unhashed, kb: unhashed, libraryManager: unhashed } })).toMatchObject({
      code: "bad-requirements-lock",
      value: "one",
    });
  });
});

const nothing = { slim: [], full: [] };
const everyImage = { lamb: nothing, kb: nothing, libraryManager: nothing };

describe("what is looked at before a program starts", () => {
  const contractOf = (folder: string) => CONTRACT.parse(JSON.parse(fileOf(FILES, `${folder}/image/contract.json`)));

  // Contract sections 1.1 to 1.3, by hand.
  it.each([
    [
      "backend",
      [
        "LAMB_WEB_HOST",
        "LAMB_BACKEND_HOST",
        "LAMB_BEARER_TOKEN",
        "OPENAI_BASE_URL",
        "OPENAI_MODEL",
        "OWI_PATH",
        "OWI_BASE_URL",
        "SIGNUP_SECRET_KEY",
        "OWI_ADMIN_NAME",
        "OWI_ADMIN_EMAIL",
        "OWI_ADMIN_PASSWORD",
        "LAMB_KB_SERVER_TOKEN",
        "LAMB_JWT_SECRET",
      ],
      ["/data/lamb", "/app/backend/static/public", "$OWI_PATH", "/run/lamb"],
    ],
    ["lamb-kb-server-stable", ["LAMB_API_KEY"], ["/app/backend/data", "/app/backend/static"]],
    ["library-manager", ["LAMB_API_TOKEN"], ["/app/data"]],
  ])("is what the contract says: %s", (folder, required, folders) => {
    const { variables, folders: looked, refused } = contractOf(folder);
    const names = variables.flatMap((variable) => (variable.without === undefined ? [] : [variable.names[0]]));
    expect(names).toEqual(expect.arrayContaining(required));
    expect(looked.map(({ path }) => path)).toEqual(folders);
    expect(refused).toEqual(expect.arrayContaining(["t0p-s3cr3t", "0p3n-w3bu!", "change-me"]));
    const secrets = variables.filter(({ secret }) => secret === true).flatMap((variable) => variable.names);
    for (const name of required.filter((each) => /TOKEN|SECRET|PASSWORD|API_KEY/.test(each)))
      expect(secrets).toContain(name);
  });

  it("is no reason not to start without a key of a provider: LAMB needs the variable, and no value", () => {
    const { variables, emptyWhenMissing } = contractOf("backend");
    expect(variables.flatMap(({ names }) => names)).not.toContain("OPENAI_API_KEY");
    expect(emptyWhenMissing).toEqual(["OPENAI_API_KEY"]);
  });
});

describe("the version that LAMB's pages show", () => {
  const print = (env: Readonly<Record<string, string>>) => {
    const program = fileOf(FILES, "backend/image/version.mjs");
    const { status, stdout } = run(process.execPath, ["--input-type=module", "--eval", program], { env });
    expect(status).toBe(0);
    const [, json = ""] = /^export const VERSION_INFO = ([\s\S]*);\n$/.exec(stdout) ?? [];
    return JSON.parse(json);
  };

  it("comes from the arguments of the build", () => {
    const env = {
      VERSION: "v0.7.1",
      REVISION: "a4836f140d51994b5e3d4e23d25eb293524141a0",
      CREATED: "2026-06-11T12:06:27Z",
    };
    expect(print(env)).toEqual({
      version: "0.7.1",
      commit: "a4836f1",
      branch: "v0.7.1",
      commitDate: "2026-06-11",
      buildDate: "2026-06-11",
    });
  });

  it("is a name all the same, whatever is in it", () => {
    expect(print({ VERSION: 'vivid "x"\n' })).toMatchObject({ version: 'vivid "x"\n', commit: "unknown" });
  });
});

describeWith("python", "the programs in LAMB's images", () => {
  it("are programs that Python reads", () => {
    const programs = [...FILES].filter(([path]) => path.endsWith(".py"));
    expect(programs.length).toBe(12);
    for (const [path, text] of programs) {
      const { status, stderr } = run("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], {
        input: text,
      });
      expect(`${path} ${status} ${stderr}`).toBe(`${path} 0 `);
    }
  });
});
