import { Commented, type YamlNode, type YamlNodeMap } from "../../compose/emit/emit";
import type { BuildFact, ImageBuild } from "../image-build";
import type { WorkflowFacts } from "./facts";
import { bash, checkout, login, use } from "./step";

/** Where the workflow knows what is built from. */
const BUILD_FACTS: Readonly<Record<BuildFact, string>> = {
  version: "${{ needs.drift.outputs.version }}",
  revision: "${{ needs.drift.outputs.commit }}",
  created: "${{ needs.drift.outputs.created }}",
};

/** Every image for every platform, pushed by digest: nobody finds it before the last job gives it a name. */
export function buildJob(facts: WorkflowFacts): YamlNode {
  const { registry, repository, builds, runners } = facts;
  return {
    name: "${{ matrix.image }} for ${{ matrix.platform }}",
    needs: ["drift"],
    if: new Commented(
      "A fork has no business in this registry. The jobs below are skipped together with this one.",
      `github.repository == '${repository}' && github.event_name != 'pull_request' && needs.drift.outputs.origin != ''`,
    ),
    "runs-on": "${{ matrix.runner }}",
    "timeout-minutes": 120,
    permissions: { contents: "read", packages: "write" },
    strategy: {
      "fail-fast": new Commented("All images or none: when one cannot be built, the others need not be.", true),
      matrix: {
        image: builds.map(({ name }) => name),
        platform: [...runners.keys()],
        include: [
          ...builds.map(matrixRow),
          ...[...runners].map(([platform, runner], index) => {
            const row = { platform, runner };
            return index > 0
              ? row
              : new Commented("Each platform on its own kind of machine: nothing is emulated.", row);
          }),
        ],
      },
    },
    steps: [
      checkout(),
      use("setupBuildx", {
        name: "Set up a builder",
        comment:
          "No cache here or below: all jobs of the repository can write to it, also those that run the code of dependencies.",
        with: { "cache-binary": false },
      }),
      login(registry),
      use("buildPush", {
        name: "Build and push, without a tag",
        id: "build",
        with: {
          context: "${{ matrix.context }}",
          file: "${{ matrix.dockerfile }}",
          platforms: "linux/${{ matrix.platform }}",
          "build-args": "${{ matrix.args }}",
          outputs:
            "type=image,name=${{ env.REGISTRY }}/${{ matrix.image }},push-by-digest=true,name-canonical=true,push=true",
          provenance: "mode=max",
          sbom: true,
        },
      }),
      bash({
        name: "Write the digest down",
        env: {
          DIGEST: "${{ steps.build.outputs.digest }}",
          FILE: "${{ matrix.image }}.${{ matrix.platform }}",
        },
        run: 'mkdir digests\necho "$DIGEST" >"digests/$FILE"\n',
      }),
      use("uploadArtifact", {
        name: "Hand the digest on",
        comment: "As long as failed jobs of this run can be run again, they find what was built.",
        with: {
          name: "digest-${{ matrix.platform }}-${{ matrix.image }}",
          path: "digests",
          "if-no-files-found": "error",
          "retention-days": 30,
          overwrite: true,
        },
      }),
    ],
  };
}

/** An image as a row of a matrix. */
export function matrixRow({ name, context, dockerfile, args = {}, identity = {} }: ImageBuild): YamlNodeMap {
  const lines = [
    ...Object.entries(args).map(([key, value]) => `${key}=${value}`),
    ...Object.entries(identity).map(([key, fact]) => `${key}=${BUILD_FACTS[fact]}`),
  ];
  return { image: name, context, dockerfile, args: lines.map((line) => `${line}\n`).join("") };
}
