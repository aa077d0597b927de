import { afterAll, describe, expect, it } from "vitest";
import { FAULTY_WORKFLOW } from "./faulty";
import { combinations, interpolate, isTriggered, type Job, jobOf, readWorkflow, type Workflow } from "./github";
import { type Case, decide, Repository } from "./runs";
import { lambWorkflow } from "./workflows";

const OURS = lambWorkflow();
const FAULTY = readWorkflow(FAULTY_WORKFLOW);
const repository = new Repository();
afterAll(() => repository.remove());

const NEEDS = { drift: { outputs: { origin: "branch", commit: "c0ffee", version: "v9", created: "today" } } };

/** The names that images get, when the repository has these git tags. */
function tagsOf(workflow: Workflow, event: string, ref: string, tags: readonly string[] = []): readonly string[] {
  const { commit } = repository;
  const one: Case = {
    ...{ workflow, event, ref, commit, tags, head: commit },
    ...{ repository: "Lamb-Project/lamb", defaultBranch: "main" },
  };
  return decide(repository, [one]).flatMap((decision) => decision.tags.map((line) => line.split(" ")[1] ?? ""));
}

describe("defects of the image workflow", () => {
  const edgeOf = (workflow: Workflow) => {
    const push = { name: "push", ref: "refs/heads/main" };
    return isTriggered(workflow, push) && tagsOf(workflow, push.name, push.ref).includes("edge");
  };

  it("defect 34: a push to the default branch makes `edge`", () => {
    expect(edgeOf(OURS)).toBe(true);
    expect(edgeOf(FAULTY)).toBe(false);
  });

  /** Runs that must not move `latest`, and do. */
  const wrongfullyLatest = (workflow: Workflow) => {
    const cases = {
      "a pre-release": ["push", "refs/tags/v0.8.0-rc.1", ["v0.7.0", "v0.8.0-rc.1"]],
      "an older patch release": ["push", "refs/tags/v0.6.3", ["v0.6.3", "v0.7.0"]],
      "a manual run on a branch": ["workflow_dispatch", "refs/heads/anything", ["v0.7.0"]],
      "a manual run on the newest release": ["workflow_dispatch", "refs/tags/v0.7.0", ["v0.7.0"]],
      "a tag that is no version": ["push", "refs/tags/vnext", ["v0.7.0", "vnext"]],
    } as const;
    return Object.entries(cases)
      .filter(([, [event, ref, tags]]) => tagsOf(workflow, event, ref, tags).includes("latest"))
      .map(([name]) => name);
  };

  it("defect 35: `latest` moves with the newest stable release, and with nothing else", () => {
    expect(wrongfullyLatest(OURS)).toEqual([]);
    expect(tagsOf(OURS, "push", "refs/tags/v0.7.0", ["v0.6", "v0.7.0"])).toContain("latest");
    expect(wrongfullyLatest(FAULTY)).toHaveLength(5);
  });

  const missingNames = (workflow: Workflow) => {
    const wanted = ["v0.6", "0.6.0", "0.6", "0", `sha-${repository.commit.slice(0, 12)}`];
    const given = tagsOf(workflow, "push", "refs/tags/v0.6", ["v0.6"]);
    return wanted.filter((name) => !given.includes(name));
  };

  it("defect 36: a release has its version's names, the git tag's and the commit's", () => {
    expect(missingNames(OURS)).toEqual([]);
    expect(missingNames(FAULTY)).toHaveLength(4);
  });

  /** What nobody looked at before images get names. */
  const ungated = (workflow: Workflow) => {
    const { steps, needs } = jobOf(workflow, "publish");
    const all = new Set(needs);
    for (const name of all) for (const further of jobOf(workflow, name).needs) all.add(further);
    const tried = [...all].some((name) =>
      jobOf(workflow, name).steps.some(({ run }) => run?.includes("up --detach --wait")),
    );
    const checked = [...all].some((name) => jobOf(workflow, name).steps.some(({ run }) => run?.includes("--check")));
    const built = all.has("build");
    const signed = steps.findIndex(({ run }) => run?.includes("cosign sign"));
    const moved = steps.findIndex(({ name }) => name.startsWith("Move the floating"));
    return [
      ...(checked ? [] : ["no drift check"]),
      ...(built ? [] : ["no build"]),
      ...(tried ? [] : ["no smoke test"]),
      ...(signed === -1 || signed > moved ? ["not signed"] : []),
    ];
  };

  it("defect 37: images get names after a drift check, all builds, a smoke test and a signature", () => {
    expect(ungated(OURS)).toEqual([]);
    expect(ungated(FAULTY)).toEqual(["no drift check", "no build", "no smoke test", "not signed"]);
  });

  const unattested = ({ jobs }: Workflow) =>
    Object.values(jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ uses }) => uses?.startsWith("docker/build-push-action@"))
      .filter((step) => step.with?.outputs !== "type=cacheonly")
      .filter((step) => step.with?.provenance !== "mode=max" || step.with?.sbom !== "true");

  it("defect 37: every build says how it was built and what is in it", () => {
    expect(unattested(OURS)).toEqual([]);
    expect(unattested(FAULTY)).toHaveLength(1);
  });

  const unpinned = ({ jobs }: Workflow) =>
    Object.values(jobs)
      .flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []))
      .filter((uses) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(uses));

  it("defect 37: every action is the code of one commit", () => {
    expect(unpinned(OURS)).toEqual([]);
    expect(unpinned(FAULTY)).toHaveLength(3);
  });

  const endless = ({ jobs }: Workflow) =>
    Object.values(jobs)
      .filter((job) => !((job["timeout-minutes"] ?? 360) <= 120))
      .map(({ name }) => name);

  it("defect 37: every job ends", () => {
    expect(endless(OURS)).toEqual([]);
    expect(endless(FAULTY)).toHaveLength(3);
  });

  /** Rights beyond what the work of a job needs. */
  const needless = ({ permissions, jobs }: Workflow) => {
    const needed: Readonly<Record<string, readonly string[]>> = {
      drift: ["contents: read"],
      try: ["contents: read"],
      build: ["contents: read", "packages: write"],
      smoke: ["contents: read", "packages: read"],
      publish: ["contents: read", "packages: write", "id-token: write"],
    };
    return Object.entries(jobs).flatMap(([name, job]) =>
      Object.entries(job.permissions ?? permissions ?? { everything: "write" })
        .map(([scope, level]) => `${scope}: ${level}`)
        .filter((right) => !needed[name]?.includes(right))
        .map((right) => `${name}: ${right}`),
    );
  };

  it("defect 37: a job may do what its work needs, and the workflow by itself nothing", () => {
    expect(OURS.permissions).toEqual({});
    expect(needless(OURS)).toEqual([]);
    expect(needless(FAULTY)).toEqual([
      "drift: contents: write",
      "drift: packages: write",
      "build: contents: write",
      "publish: contents: write",
    ]);
  });

  /** Builds on a machine of another kind than they are for. */
  const emulated = (workflow: Workflow) => {
    const build = jobOf(workflow, "build");
    const platforms = build.steps.flatMap((step) => step.with?.platforms ?? []);
    const native: Readonly<Record<string, string>> = {
      "linux/amd64 on ubuntu-24.04": "",
      "linux/arm64 on ubuntu-24.04-arm": "",
    };
    const wrong = combinations(build)
      .flatMap((matrix) =>
        platforms.map((text) => `${interpolate(text, { matrix })} on ${interpolate(build["runs-on"], { matrix })}`),
      )
      .filter((pair) => native[pair] === undefined);
    const emulators = build.steps.filter(({ uses }) => uses?.includes("qemu")).map(({ name }) => name);
    return [...new Set([...wrong, ...emulators])];
  };

  it("defect 38: every image is built on a machine of its own kind", () => {
    expect(emulated(OURS)).toEqual([]);
    expect(combinations(jobOf(OURS, "build"))).toHaveLength(8);
    expect(emulated(FAULTY)).toEqual(["linux/amd64,linux/arm64 on ubuntu-latest", "Emulate other machines"]);
  });

  /** What lets some images of a version be published without the others. */
  const partial = ({ jobs }: Workflow) => {
    const names = (job: Job) =>
      job.steps.some((step) => step.with?.tags !== undefined || step.run?.includes("imagetools create"));
    return Object.entries(jobs).flatMap(([name, job]) => [
      ...(names(job) && job.strategy !== undefined ? [`${name} names each image by itself`] : []),
      ...(names(job) && name !== "build" && !job.needs.includes("build") ? [`${name} does not wait for all`] : []),
      ...(job.strategy?.["fail-fast"] === false ? [`${name} goes on without those that failed`] : []),
    ]);
  };

  it("defect 39: all images of a version get their names in one job, after all were built, or none does", () => {
    expect(partial(OURS)).toEqual([]);
    expect(partial(FAULTY)).toEqual(["build names each image by itself", "build goes on without those that failed"]);
  });

  const argumentsOf = (workflow: Workflow, image: string) => {
    const build = jobOf(workflow, "build");
    const step = build.steps.find(({ uses }) => uses?.startsWith("docker/build-push-action@"));
    return combinations(build)
      .filter((matrix) => matrix.image === image)
      .map((row) => {
        // GitHub fills in the matrix before the steps.
        const matrix = Object.fromEntries(
          Object.entries(row).map(([key, text]) => [key, interpolate(text, { needs: NEEDS })]),
        );
        return interpolate(step?.with?.["build-args"] ?? "", { matrix })
          .split("\n")
          .filter((line) => line !== "");
      });
  };

  it("defect 40: Open WebUI is told the commit that it is built from", () => {
    const expected = ["UID=10001", "GID=10001", "BUILD_HASH=c0ffee"];
    expect(argumentsOf(OURS, "openwebui")).toEqual([expected, expected]);
    expect(argumentsOf(FAULTY, "openwebui")).toEqual([[]]);
  });

  it("defect 40: so are the others, by the names of their own", () => {
    const expected = ["VERSION=v9", "REVISION=c0ffee", "CREATED=today"];
    for (const image of ["lamb", "lamb-kb", "lamb-library-manager"]) {
      expect(argumentsOf(OURS, image)).toEqual([expected, expected]);
    }
  });

  /** Scripts into which GitHub pastes text before bash reads them. */
  const pasted = ({ jobs }: Workflow) =>
    Object.values(jobs)
      .flatMap(({ steps }) => steps)
      .filter(({ run }) => run?.includes("${{"))
      .map(({ name }) => name);

  it("no script holds an expression: what others can choose comes by the environment", () => {
    expect(pasted(OURS)).toEqual([]);
    expect(pasted(FAULTY)).toEqual(["Greet"]);
  });
});
