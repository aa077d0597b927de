import type { YamlNode } from "../../compose/emit/emit";
import type { WorkflowFacts } from "./facts";
import { bash, checkout, use } from "./step";
import { ORIGIN_SCRIPT } from "./tag-script";

/** The steps that make the repository's program ready to run. */
export function prepareProgram({ program }: WorkflowFacts): readonly YamlNode[] {
  return [
    use("setupNode", {
      name: "Set up Node.js",
      // By itself the action would cache what npm downloads, when package.json names npm as its manager.
      with: { "node-version": program.nodeVersion, "package-manager-cache": false },
    }),
    bash({ name: "Install what the program needs", run: program.install.join("\n") }),
  ];
}

/** Whether the repository's files are what its program makes; and what the other jobs do about this run. */
export function driftJob(facts: WorkflowFacts): YamlNode {
  const { command, out } = facts.program;
  return {
    name: "The files are what the program makes",
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 10,
    permissions: { contents: "read" },
    outputs: {
      origin: "${{ steps.origin.outputs.origin }}",
      commit: "${{ steps.origin.outputs.commit }}",
      version: "${{ steps.origin.outputs.version }}",
      created: "${{ steps.origin.outputs.created }}",
    },
    steps: [
      checkout(),
      bash({
        name: "See what this run is for",
        comment: "Before any code of the repository runs. Without an origin, nothing is built or published.",
        id: "origin",
        env: {
          EVENT: "${{ github.event_name }}",
          REF: "${{ github.ref }}",
          DEFAULT_BRANCH: facts.defaultBranch,
        },
        run: ORIGIN_SCRIPT,
      }),
      ...prepareProgram(facts),
      bash({ name: "Look for drift", run: `${command} --out ${out} --check` }),
    ],
  };
}
