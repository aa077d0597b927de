import type { Construct } from "constructs";
import { Commented, emit, type YamlNodeMap } from "../compose/emit/emit";
import { Artifact } from "../construct/artifact";
import { brand } from "../construct/brand";
import { madeBy } from "../construct/made-by";
import { BUILD_IDENTITY, type ImageBuild } from "./image-build";
import { type SmokeTest, smokeProblems } from "./smoke-test";
import { buildJob } from "./workflow/build";
import { checkFacts } from "./workflow/check";
import { driftJob } from "./workflow/drift";
import type { ImageProgram, Platform, WorkflowFacts } from "./workflow/facts";
import { publishJob } from "./workflow/publish";
import { smokeJob } from "./workflow/smoke";
import { tryJob } from "./workflow/try";

const [mark, isImageWorkflow] = brand<ImageWorkflow>("ImageWorkflow");

/** What an {@link ImageWorkflow} builds, where it publishes, and how it tries the images. */
export interface ImageWorkflowProps {
  /** How each image is built. All of them are published together or not at all. */
  readonly images: readonly ImageBuild[];
  /** Registry and folder of the images. GitHub's is the one that takes the token of a run: `ghcr.io/lamb-project`. */
  readonly registry: string;
  /** The repository that publishes them, such as `Lamb-Project/lamb`. A fork's runs publish nothing. */
  readonly repository: string;
  /**
   * The branch whose pushes make `edge`.
   * @default "main"
   */
  readonly defaultBranch?: string | undefined;
  /**
   * How the repository runs the program that has this construct in it.
   * @default - from the folder `deploy`: see each option
   */
  readonly program?: ImageProgram | undefined;
  /**
   * What is started with the built images before they are published.
   * @default - nothing: they are published once they are built
   */
  readonly smoke?: SmokeTest | undefined;
  /**
   * The runner of each platform. What is not named here is not built for.
   * @default - amd64 on `ubuntu-24.04` and arm64 on `ubuntu-24.04-arm`, each on its own kind of machine
   */
  readonly runners?: Readonly<Partial<Record<Platform, string>>> | undefined;
  /**
   * Path of the file below the output directory.
   * @default ".github/workflows/build-images.yml"
   */
  readonly fileName?: string | undefined;
}

const RUNNERS: Readonly<Record<Platform, string>> = { amd64: "ubuntu-24.04", arm64: "ubuntu-24.04-arm" };
const PLATFORMS: readonly Platform[] = ["amd64", "arm64"];

/** With what every script of the workflow runs: it ends at the first command that fails, and at a variable without a value. */
const SHELL = "bash --noprofile --norc -euo pipefail {0}";

/**
 * The workflow that builds, tries and publishes images on GitHub, by the tag policy: {@link TAG_POLICY}. All images of a
 * version get their tags in its last job, after every one of them was built for every platform and the stack became
 * healthy with them. It needs no secret of the repository.
 */
export class ImageWorkflow extends Artifact {
  static isImageWorkflow = isImageWorkflow;

  /** How each image is built. */
  readonly images: readonly ImageBuild[];
  /** Registry and folder of the images. */
  readonly registry: string;
  /** The repository that publishes them. */
  readonly repository: string;
  /** The branch whose pushes make `edge`. */
  readonly defaultBranch: string;
  /** What the images are built for. */
  readonly platforms: readonly Platform[];
  /** What is started with the built images. `undefined` when nothing is. */
  readonly smoke: SmokeTest | undefined;

  /** @throws ConstructError `invalid-image`, `invalid-build`, `invalid-workflow` */
  constructor(scope: Construct, id: string, props: ImageWorkflowProps) {
    const { images, registry, repository, defaultBranch = "main", runners = RUNNERS, smoke, program = {} } = props;
    super(scope, id, {
      fileName: props.fileName ?? ".github/workflows/build-images.yml",
      content: () => this.text(facts),
    });
    mark(this);
    const facts: WorkflowFacts = {
      registry,
      repository,
      defaultBranch,
      builds: images.map((build) => ({
        ...build,
        args: { ...build.args },
        identity: { ...(build.identity ?? BUILD_IDENTITY) },
      })),
      runners: new Map(
        PLATFORMS.flatMap((platform) => {
          const runner = runners[platform];
          return runner === undefined ? [] : [[platform, runner] as const];
        }),
      ),
      program: {
        install: [...(program.install ?? ["npm ci --prefix deploy"])],
        command: program.command ?? "npx --prefix deploy tsx deploy/images.ts",
        cli: program.cli ?? "npx --prefix deploy lamb-compose",
        out: program.out ?? ".",
        nodeVersion: program.nodeVersion ?? "24",
      },
      stack: smoke && { file: smoke.file, values: { ...smoke.values } },
    };
    checkFacts(facts, this.node.path);
    smoke?.file.addCheck((deployments) => smokeProblems(deployments, facts));
    this.images = facts.builds;
    this.registry = registry;
    this.repository = repository;
    this.defaultBranch = defaultBranch;
    this.platforms = [...facts.runners.keys()];
    this.smoke = facts.stack;
  }

  private text(facts: WorkflowFacts): string {
    const header = ["Builds the images, tries them together, and publishes all of them or none.", madeBy(this)];
    return emit(documentOf(facts), { header: header.join("\n\n"), apart: isApart });
  }
}

function documentOf(facts: WorkflowFacts): YamlNodeMap {
  const { stack } = facts;
  return {
    name: "Images",
    on: {
      push: { branches: [facts.defaultBranch], tags: ["v*"] },
      pull_request: {},
      workflow_dispatch: {},
    },
    permissions: new Commented("Nothing, but for what a job says that it needs.", {}),
    concurrency: {
      group: new Commented(
        "A newer push to a pull request ends the check of the older one. No other run is ever cut off.",
        "images-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
      ),
      "cancel-in-progress": true,
    },
    defaults: { run: { shell: SHELL } },
    env: { REGISTRY: facts.registry },
    jobs: {
      drift: driftJob(facts),
      try: tryJob(facts),
      build: buildJob(facts),
      ...(stack === undefined ? {} : { smoke: smokeJob(facts, stack) }),
      publish: publishJob(facts),
    },
  };
}

/** Sections, jobs and steps are set apart. */
function isApart(path: readonly (string | number)[]): boolean {
  return path.length === 1 || (path[0] === "jobs" && (path.length === 2 || (path.length === 4 && path[2] === "steps")));
}
