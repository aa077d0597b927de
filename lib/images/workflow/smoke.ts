import { Commented, type YamlNode } from "../../compose/emit/emit";
import { shellWord } from "../../report/shell-word";
import type { SmokeTest } from "../smoke-test";
import { prepareProgram } from "./drift";
import type { WorkflowFacts } from "./facts";
import { bash, checkout, login, use } from "./step";

/** The stack is started from this folder, below the runner's own folder for what does not stay. */
const STACK = "$RUNNER_TEMP/stack";

/**
 * The built images are pulled by digest and tagged, on the runner only, with the names that the stack asks for. The
 * files stay exactly those that operators get. A lock file would pin the same digests, but then other files would be
 * tried than are shipped, and the release that is being built cannot be in the repository's lock yet.
 */
const PLACE_IMAGES = `cd "${STACK}"
docker compose config --images | sort -u >"$RUNNER_TEMP/references"
while read -r reference; do
  # Other people's images are pulled as they are.
  if [[ $reference != "$REGISTRY/"* ]]; then continue; fi
  image=\${reference#"$REGISTRY/"}
  image=\${image%%[:@]*}
  if [ ! -f "$GITHUB_WORKSPACE/digests/$image.$PLATFORM" ]; then
    echo "::error::the stack asks for $reference, and no image of that name was built"
    exit 1
  fi
  built=$REGISTRY/$image@$(cat "$GITHUB_WORKSPACE/digests/$image.$PLATFORM")
  docker pull --quiet "$built"
  docker tag "$built" "$reference"
done <"$RUNNER_TEMP/references"
`;

/** The stack with the built images: whether it becomes healthy, on each platform. */
export function smokeJob(facts: WorkflowFacts, { file, values = {} }: SmokeTest): YamlNode {
  const { registry, runners, program } = facts;
  const started = file.chain().map(({ fileName }) => fileName);
  const settings = Object.entries(values).map(([name, value]) => ` \\\n  --set ${shellWord(`${name}=${value}`)}`);
  return {
    name: "The stack becomes healthy on ${{ matrix.platform }}",
    needs: ["drift", "build"],
    "runs-on": "${{ matrix.runner }}",
    "timeout-minutes": 30,
    permissions: { contents: "read", packages: "read" },
    strategy: {
      matrix: { include: [...runners].map(([platform, runner]) => ({ platform, runner })) },
    },
    env: {
      COMPOSE_FILE: new Commented("What is started, and nothing else.", started.join(":")),
      COMPOSE_PROFILES: values.COMPOSE_PROFILES ?? "",
    },
    steps: [
      checkout(),
      use("downloadArtifact", {
        name: "Fetch the digests",
        with: { pattern: "digest-${{ matrix.platform }}-*", path: "digests", "merge-multiple": true },
      }),
      login(registry),
      ...prepareProgram(facts),
      bash({
        name: "Write the stack and its .env",
        comment: "Secrets are drawn at random; they live as long as the runner.",
        run: `${program.command} --out "${STACK}"\n${program.cli} env init --dir "${STACK}"${settings.join("")}\n`,
      }),
      bash({
        name: "Give the built images the names that the stack asks for",
        env: { PLATFORM: "${{ matrix.platform }}" },
        run: PLACE_IMAGES,
      }),
      bash({
        name: "Start the stack and wait until it is healthy",
        run: `cd "${STACK}"\ndocker compose up --detach --wait --wait-timeout 900\n`,
      }),
      bash({
        name: "Say what went wrong",
        if: "failure()",
        run: `cd "${STACK}"\ndocker compose ps --all\ndocker compose logs --no-color --tail 200\n`,
      }),
      bash({
        name: "Stop the stack",
        if: "always()",
        run: `cd "${STACK}"\ndocker compose down --volumes --timeout 30\n`,
      }),
    ],
  };
}
