import { Commented, type YamlNode } from "../../compose/emit/emit";
import { matrixRow } from "./build";
import type { WorkflowFacts } from "./facts";
import { bash, checkout, use } from "./step";

/**
 * Whether a pull request changes a file that the image is built from. The rest of the job is for such images. What is
 * checked out is the merge of the branch, whose first parent is where it would go.
 */
const CHANGED = `git diff --name-only --no-renames HEAD^1 HEAD >"$RUNNER_TEMP/changed"
changed=false
while read -r path; do
  if [[ $CONTEXT == . || $path == "$CONTEXT/"* || $path == "\${DOCKERFILE%/*}/"* ]]; then changed=true; fi
done <"$RUNNER_TEMP/changed"
echo "changed=$changed" | tee -a "$GITHUB_OUTPUT"
`;

/** What a pull request changes can be built. Nothing is pushed, nor is there anything to push with. */
export function tryJob({ builds, runners }: WorkflowFacts): YamlNode {
  const [[platform, runner] = ["amd64", "ubuntu-24.04"]] = runners;
  const onlyChanged = { if: "steps.changed.outputs.changed == 'true'" };
  return {
    name: "${{ matrix.image }} can be built",
    needs: ["drift"],
    if: new Commented(
      "A pull request may come from anybody: it builds what it changes, for one platform, and pushes nothing.",
      "github.event_name == 'pull_request'",
    ),
    "runs-on": runner,
    "timeout-minutes": 120,
    permissions: { contents: "read" },
    strategy: { matrix: { include: builds.map(matrixRow) } },
    steps: [
      checkout({ "fetch-depth": 2 }),
      bash({
        name: "See whether this pull request changes the image",
        id: "changed",
        env: {
          CONTEXT: "${{ matrix.context }}",
          DOCKERFILE: "${{ matrix.dockerfile }}",
        },
        run: CHANGED,
      }),
      use("setupBuildx", { name: "Set up a builder", ...onlyChanged, with: { "cache-binary": false } }),
      use("buildPush", {
        name: "Build",
        ...onlyChanged,
        with: {
          context: "${{ matrix.context }}",
          file: "${{ matrix.dockerfile }}",
          platforms: `linux/${platform}`,
          "build-args": "${{ matrix.args }}",
          outputs: "type=cacheonly",
        },
      }),
    ],
  };
}
