import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App, ComposeFile, ConstructError, EnvVar, Healthcheck, Image, LambStack, Service } from "lamb-compose";
import { BUILD_IDENTITY, type ImageBuild, ImageWorkflow, type ImageWorkflowProps } from "lamb-compose/images";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../lib/images/workflow/actions";
import { jsYaml, npmYaml } from "../support/yaml-readers";
import { jobOf, readWorkflow, stepOf } from "./github";
import { lambWorkflow, lambWorkflowText, WORKFLOW_FILE } from "./workflows";

const WEB: ImageBuild = { name: "web", context: ".", dockerfile: "Dockerfile" };
const PROPS: ImageWorkflowProps = { images: [WEB], registry: "ghcr.io/shop", repository: "shop/shop" };

/** The error of a workflow that cannot be. */
function errorOf(props: Partial<ImageWorkflowProps>): ConstructError {
  try {
    new ImageWorkflow(new App(), "images", { ...PROPS, ...props });
  } catch (error) {
    if (error instanceof ConstructError) return error;
    throw error;
  }
  throw new Error("no error");
}

/** A workflow without LAMB. */
function synthesis(
  props: Partial<ImageWorkflowProps> = {},
  program: (app: App) => Partial<ImageWorkflowProps> = () => ({}),
) {
  const app = new App();
  new ImageWorkflow(app, "images", { ...PROPS, ...props, ...program(app) });
  return app.synth();
}

const workflow = (...args: Parameters<typeof synthesis>) =>
  readWorkflow(
    synthesis(...args)
      .assertValid()
      .files.get(WORKFLOW_FILE) ?? "",
  );

describe("ImageWorkflow", () => {
  it("writes the same bytes each time, with LF only and one line break at the end", () => {
    const text = lambWorkflowText();
    expect(lambWorkflowText()).toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
    expect(text).not.toMatch(/\r|[ \t]\n|\n\n\n/);
  });

  it("is read the same by YAML 1.1 and 1.2", () => {
    const text = [lambWorkflowText()];
    const expected = npmYaml("1.2")(text);
    expect(npmYaml("1.1")(text)).toEqual(expected);
    expect(jsYaml("yaml11")(text)).toEqual(expected);
  });

  it("sets jobs and steps apart, and shows scripts as they are", () => {
    const text = lambWorkflowText();
    for (const start of [
      "\n\n  build:\n",
      "\n\n      - name: Write the digest down\n",
      "\n        run: |\n          cd ",
    ])
      expect(text).toContain(start);
    expect(text).not.toContain('run: "');
  });

  it("names the release of each action behind it, where bots that renew pins look", () => {
    const text = lambWorkflowText();
    for (const { name, version, commit } of Object.values(ACTIONS))
      expect(text).toContain(`        uses: ${name}@${commit} # ${version}\n`);
    expect(new Set(Object.values(ACTIONS).map(({ commit }) => commit)).size).toBe(Object.keys(ACTIONS).length);
  });

  it("builds what a pull request changes, and has nothing to push with", () => {
    const { jobs } = lambWorkflow();
    const { try: tried } = jobs;
    expect(tried?.if).toBe("github.event_name == 'pull_request'");
    expect(tried?.permissions).toEqual({ contents: "read" });
    expect(tried?.steps.map(({ uses = "" }) => uses.split("@")[0])).toEqual([
      ...["actions/checkout", "", "docker/setup-buildx-action", "docker/build-push-action"],
    ]);
    expect(tried?.steps.at(-1)?.with).toMatchObject({ outputs: "type=cacheonly" });
  });

  it.each([
    ["lamb-kb-server-stable/backend/main.py", "lamb-kb-server-stable", "lamb-kb-server-stable/Dockerfile", "true"],
    ["lamb-kb-server/main.py", "lamb-kb-server-stable", "lamb-kb-server-stable/Dockerfile", "false"],
    ["backend/main.py", ".", "backend/Dockerfile", "true"],
  ])("of a pull request that changes %s, %s is built: git says so", (path, context, dockerfile, expected) => {
    const folder = mkdtempSync(join(tmpdir(), "lamb-compose-try-"));
    const git = (...words: readonly string[]) =>
      expect(
        spawnSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.test", ...words], { cwd: folder }).status,
      ).toBe(0);
    const commit = (file: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), file);
      git("add", "--all");
      git("commit", "--quiet", "--message", file);
    };
    git("init", "--quiet", "--initial-branch=main");
    commit("README.md");
    git("switch", "--quiet", "--create", "change");
    commit(path);
    git("switch", "--quiet", "main");
    commit("unrelated/on-main.txt");
    git("merge", "--quiet", "--no-ff", "--message", "merge", "change");
    const script = lambWorkflow().jobs.try?.steps.find(({ id }) => id === "changed")?.run ?? "";
    const env = {
      ...process.env,
      CONTEXT: context,
      DOCKERFILE: dockerfile,
      RUNNER_TEMP: tmpdir(),
      GITHUB_OUTPUT: "/dev/null",
    };
    const ran = spawnSync("bash", ["--noprofile", "--norc", "-euo", "pipefail", "-c", script], { cwd: folder, env });
    rmSync(folder, { recursive: true });
    expect([ran.status, String(ran.stdout)]).toEqual([0, `changed=${expected}\n`]);
  });

  it("leaves no token behind in a checkout", () => {
    const { jobs } = lambWorkflow();
    const checkouts = Object.values(jobs).flatMap(({ steps }) =>
      steps.filter(({ uses }) => uses?.includes("/checkout@")),
    );
    for (const step of checkouts) expect(step.with).toMatchObject({ "persist-credentials": "false" });
    expect(checkouts.length).toBeGreaterThan(2);
  });

  it("knows what a run is for before any code of the repository runs", () => {
    const names = jobOf(lambWorkflow(), "drift").steps.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["Check out the repository", "See what this run is for"]);
  });

  it("takes nothing from a cache, which jobs that run the code of dependencies could fill", () => {
    const steps = Object.values(lambWorkflow().jobs).flatMap((job) => job.steps);
    // What each action would cache when nobody says no.
    const switches = new Map([
      ["actions/setup-node", "package-manager-cache"],
      ["docker/setup-buildx-action", "cache-binary"],
    ]);
    const cachers = steps.flatMap(({ uses = "", with: inputs = {} }) => {
      const name = switches.get(uses.split("@")[0] ?? "");
      return name === undefined ? [] : [inputs[name]];
    });
    expect(cachers.length).toBeGreaterThan(2);
    expect(new Set(cachers)).toEqual(new Set(["false"]));
    for (const { uses = "", with: inputs = {} } of steps) {
      expect(uses).not.toContain("actions/cache");
      for (const [name, value] of Object.entries(inputs)) {
        expect(`${name}=${value}`).not.toMatch(/^cache(-from|-to|-dependency-path)?=|type=gha/);
      }
    }
  });

  it("names nothing it pushes", () => {
    const build = stepOf(jobOf(lambWorkflow(), "build"), "Build and push").with ?? {};
    expect(build.outputs).toContain("push-by-digest=true,name-canonical=true,push=true");
    expect(build).not.toHaveProperty("tags");
    expect(build).not.toHaveProperty("push");
  });

  it("cuts off the check of a pull request that has gone on, and nothing else", () => {
    expect(lambWorkflow().concurrency).toEqual({
      group: "images-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
      "cancel-in-progress": true,
    });
    expect(jobOf(lambWorkflow(), "publish").concurrency?.["cancel-in-progress"]).toBe(false);
  });

  it("stops a script at the first command that fails", () => {
    expect(lambWorkflow().defaults?.run.shell).toBe("bash --noprofile --norc -euo pipefail {0}");
  });

  it("runs the program of the repository in the way that it says", () => {
    const { jobs } = workflow({
      program: { install: ["npm ci"], command: "npm run --silent files --", out: "deploy", nodeVersion: "22" },
    });
    const drift = jobOf({ ...lambWorkflow(), jobs }, "drift");
    expect(stepOf(drift, "Set up Node").with).toMatchObject({ "node-version": "22" });
    expect(stepOf(drift, "Install").run).toBe("npm ci");
    expect(stepOf(drift, "Look for drift").run).toBe("npm run --silent files -- --out deploy --check");
  });

  it("builds for the platforms that have a runner", () => {
    const only = workflow({ runners: { amd64: "our-own-runner" } });
    expect(jobOf(only, "build").strategy?.matrix.platform).toEqual(["amd64"]);
    expect(jobOf(only, "publish").env.PLATFORMS).toBe("amd64");
  });

  it("publishes what was built, when there is no stack to try it with", () => {
    const { jobs } = workflow();
    expect(Object.keys(jobs)).toEqual(["drift", "try", "build", "publish"]);
    expect(jobs.publish?.needs).toEqual(["drift", "build"]);
  });

  it("passes the arguments of an image on, and what is built under the names that it knows", () => {
    const image = { ...WEB, args: { EDITION: "campus # 1" }, identity: { COMMIT: "revision" } } as const;
    const { include = [] } = jobOf(workflow({ images: [image] }), "build").strategy?.matrix ?? {};
    expect(include[0]).toMatchObject({ args: "EDITION=campus # 1\nCOMMIT=${{ needs.drift.outputs.commit }}\n" });
    expect(Object.keys(BUILD_IDENTITY)).toEqual(["VERSION", "REVISION", "CREATED"]);
  });

  it("does not change with the program's own objects", () => {
    const app = new App();
    const args: Record<string, string> = { EDITION: "campus" };
    const images = [{ ...WEB, args }];
    new ImageWorkflow(app, "images", { ...PROPS, images });
    const before = app.synth().files.get(WORKFLOW_FILE);
    images.push({ ...WEB, args, name: "later" });
    args.EDITION = "other";
    expect(app.synth().files.get(WORKFLOW_FILE)).toBe(before);
  });
});

describe("what no workflow can be made of", () => {
  it.each<[string, Partial<ImageWorkflowProps>]>([
    ["invalid-workflow", { repository: "shop" }],
    ["invalid-workflow", { repository: "shop/shop' || true || '" }],
    ["invalid-workflow", { defaultBranch: "" }],
    ["invalid-workflow", { defaultBranch: "releases/**" }],
    ["invalid-workflow", { defaultBranch: "!main" }],
    ["invalid-workflow", { runners: {} }],
    ["invalid-workflow", { images: [] }],
    ["invalid-workflow", { images: [WEB, { ...WEB, context: "other" }] }],
    ["invalid-image", { registry: "ghcr.io/Shop" }],
    ["invalid-image", { registry: "" }],
    ["invalid-image", { images: [{ ...WEB, name: "Web" }] }],
    ["invalid-build", { images: [{ ...WEB, name: "shop/web" }] }],
    ["invalid-build", { images: [{ ...WEB, context: "../elsewhere" }] }],
    ["invalid-build", { images: [{ ...WEB, context: "/srv" }] }],
    ["invalid-build", { images: [{ ...WEB, dockerfile: "." }] }],
    ["invalid-build", { images: [{ ...WEB, dockerfile: "${{ github.event.issue.title }}" }] }],
    ["invalid-build", { images: [{ ...WEB, args: { "A B": "c" } }] }],
    ["invalid-build", { images: [{ ...WEB, args: { A: "b\nC=d" } }] }],
    ["invalid-build", { images: [{ ...WEB, args: { A: "${{ secrets.TOKEN }}" } }] }],
    ["invalid-build", { images: [{ ...WEB, identity: { "": "version" } }] }],
  ])("%s: %j", (code, props) => {
    const error = errorOf(props);
    expect(error.code).toBe(code);
    expect(error.fix).not.toBe("");
  });

  it("says where the mistake is", () => {
    expect(errorOf({ images: [{ ...WEB, args: { A: "b\nC=d" } }] })).toMatchObject({
      construct: "images",
      path: "images.web.args",
    });
  });
});

describe("the smoke test", () => {
  const email = new EnvVar("ADMIN", { meaning: "address", required: true });
  const shop = (app: App, image: string) => {
    const file = new ComposeFile(app, "shop");
    new Service(file, "web", {
      image: new Image(image, { tag: "1.2" }),
      environment: { ADMIN: email, KEY: new EnvVar("KEY", { meaning: "key", required: true, secret: true }) },
      healthcheck: Healthcheck.wget("http://127.0.0.1/"),
    });
    return file;
  };
  const problems = (props: Partial<ImageWorkflowProps>, program: (app: App) => Partial<ImageWorkflowProps>) =>
    synthesis(props, program)
      .findings.filter(({ code }) => code.startsWith("smoke-"))
      .map(({ code, construct, path, value }) => ({ code, construct, path, value }));

  it("starts the file that it is given, with the values that it is given, and no secret", () => {
    const smoke = jobOf(lambWorkflow(), "smoke");
    expect(smoke.env.COMPOSE_FILE).toBe("docker-compose.next.yaml");
    const { run = "" } = stepOf(smoke, "Write the stack");
    expect(run).toContain("--set OWI_ADMIN_EMAIL=smoke@lamb.test");
    expect(run.match(/--set/g)).toHaveLength(1);
  });

  it("takes values from the program, quoted as bash takes them", () => {
    const made = workflow({}, (app) => ({
      smoke: { file: shop(app, "ghcr.io/shop/web"), values: { ADMIN: "it's $me", COMPOSE_PROFILES: "a b" } },
    }));
    const { run = "" } = stepOf(jobOf(made, "smoke"), "Write the stack");
    expect(run).toContain(`--set 'ADMIN=it'\\''s $me' \\\n  --set 'COMPOSE_PROFILES=a b'`);
  });

  it.each([
    ["is missing", {}, ["ADMIN: is required, and the smoke test has no value for it"]],
    ["is there", { ADMIN: "it@shop.test" }, []],
    [
      "is a placeholder",
      { ADMIN: "it@shop.example" },
      ["ADMIN: has a placeholder for a value, which no `.env` may have"],
    ],
    [
      "is a secret",
      { ADMIN: "it@shop.test", KEY: "0123456789abcdef" },
      ["KEY: is a secret in the workflow, where everybody can read it"],
    ],
  ])("finds that a value %s", (_, values, expected) => {
    const { findings } = synthesis({}, (app) => ({ smoke: { file: shop(app, "ghcr.io/shop/web"), values } }));
    const found = findings.filter(({ code }) => code === "smoke-value");
    expect(found.map(({ value, reason }) => `${value}: ${reason}`)).toEqual(expected);
    for (const { construct, path } of found) {
      expect([construct, path]).toEqual(["shop/web", expect.stringMatching(/^services\.web\.environment\./)]);
    }
  });

  it("finds a value that nothing reads, and leaves Compose's own settings alone", () => {
    const values = { ADMIN: "it@shop.test", ADMN: "it@shop.test", COMPOSE_PROFILES: "all" };
    expect(problems({}, (app) => ({ smoke: { file: shop(app, "ghcr.io/shop/web"), values } }))).toEqual([
      { code: "smoke-value", construct: "shop", path: "services", value: "ADMN" },
    ]);
  });

  it("finds an image of the registry that the workflow does not build, and leaves other people's alone", () => {
    const values = { ADMIN: "it@shop.test" };
    expect(problems({}, (app) => ({ smoke: { file: shop(app, "ghcr.io/shop/wbe"), values } }))).toEqual([
      { code: "smoke-image", construct: "shop/web", path: "services.web.image", value: "ghcr.io/shop/wbe:1.2" },
      { code: "smoke-not-started", construct: "shop", path: "services", value: "ghcr.io/shop/web" },
    ]);
    expect(problems({}, (app) => ({ smoke: { file: shop(app, "ghcr.io/shopping/web"), values } }))).toEqual([
      { code: "smoke-not-started", construct: "shop", path: "services", value: "ghcr.io/shop/web" },
    ]);
    expect(problems({}, (app) => ({ smoke: { file: shop(app, "ghcr.io/shop/web"), values } }))).toEqual([]);
  });

  // `COMPOSE_PROFILES='*' docker compose config --services` names the services of all profiles.
  it.each(["shop", "*", "other, shop"])("starts what the profiles %s start", (profiles) => {
    const values = { ADMIN: "it@shop.test", COMPOSE_PROFILES: profiles };
    const behindProfile = (app: App) => {
      const file = shop(app, "ghcr.io/shop/web");
      for (const service of file.services) service.add("profiles", "shop");
      return file;
    };
    expect(problems({}, (app) => ({ smoke: { file: behindProfile(app), values } }))).toEqual([]);
  });

  it("has every image of LAMB's stack among those that are built", () => {
    const app = new App();
    const stack = new LambStack(app, "next");
    new ImageWorkflow(app, "images", {
      ...PROPS,
      registry: stack.release.registry,
      images: stack.release.builds,
      smoke: { file: stack, values: { OWI_ADMIN_EMAIL: "smoke@lamb.test" } },
    });
    expect(app.synth().findings.filter(({ code }) => code.startsWith("smoke-"))).toEqual([]);
  });
});
