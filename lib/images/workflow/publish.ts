import { Commented, type YamlNode } from "../../compose/emit/emit";
import { isLine, TAG_POLICY, type TagSource } from "../tag-policy";
import type { WorkflowFacts } from "./facts";
import { bash, login, use } from "./step";
import { TAGS_SCRIPT } from "./tag-script";

/**
 * Every image gets its exact tags, or the job ends before any floating tag was looked at. `imagetools` copies nothing
 * within a repository: it writes an index of what was pushed by digest, and names for it.
 */
const EXACT_TAGS = `tags_that() { sed -n "s/^$1 //p" "$RUNNER_TEMP/tags"; }
digest_of() { docker buildx imagetools inspect --raw "$1" | sha256sum | sed 's/^/sha256:/; s/ .*//'; }
mkdir "$RUNNER_TEMP/indexes"
index_of() { cat "$RUNNER_TEMP/indexes/$1"; }

# All images are there for all platforms, before anything gets a name.
for image in $IMAGES; do
  for platform in $PLATFORMS; do
    if ! grep -qxE 'sha256:[0-9a-f]{64}' "digests/$image.$platform"; then
      echo "::error::there is no digest of $image for $platform"
      exit 1
    fi
  done
done

# One index an image, under the tag of its commit.
for image in $IMAGES; do
  names=() parts=()
  for tag in $(tags_that rebuilt); do names+=(--tag "$REGISTRY/$image:$tag"); done
  for platform in $PLATFORMS; do parts+=("$REGISTRY/$image@$(cat "digests/$image.$platform")"); done
  docker buildx imagetools create "\${names[@]}" "\${parts[@]}"
  digest_of "\${names[1]}" >"$RUNNER_TEMP/indexes/$image"
done

# A release is published once: what its tags name already must be what they would name now.
for image in $IMAGES; do
  for tag in $(tags_that never); do
    if there=$(digest_of "$REGISTRY/$image:$tag" 2>"$RUNNER_TEMP/answer"); then
      if [ "$there" != "$(index_of "$image")" ]; then
        echo "::error::$image:$tag is published already and never moves: make a new release"
        exit 1
      fi
    elif ! grep -q 'not found' "$RUNNER_TEMP/answer"; then
      cat "$RUNNER_TEMP/answer"
      exit 1
    fi
  done
done

for image in $IMAGES; do
  for tag in $(tags_that never); do
    docker buildx imagetools create --tag "$REGISTRY/$image:$tag" "$REGISTRY/$image@$(index_of "$image")"
  done
done
`;

const SIGN = `for image in $IMAGES; do
  cosign sign --yes "$REGISTRY/$image@$(cat "$RUNNER_TEMP/indexes/$image")"
done
`;

const FLOATING_TAGS = `# A bad moment of the registry must not leave the images at different versions.
persist() {
  local pause
  for pause in 5 20 60; do
    if "$@"; then return; fi
    sleep "$pause"
  done
  "$@"
}

floating_tags() { sed -nE '/^(never|rebuilt) /!s/^[^ ]+ //p' "$RUNNER_TEMP/tags"; }

for tag in $(floating_tags); do
  for image in $IMAGES; do
    persist docker buildx imagetools create \\
      --tag "$REGISTRY/$image:$tag" "$REGISTRY/$image@$(cat "$RUNNER_TEMP/indexes/$image")"
  done
done
`;

const SUMMARY = `{
  echo "Published: $(cut -d ' ' -f 2 "$RUNNER_TEMP/tags" | xargs)"
  echo
  echo '| image | digest |'
  echo '|---|---|'
  for image in $IMAGES; do echo "| $REGISTRY/$image | $(cat "$RUNNER_TEMP/indexes/$image") |"; done
} >>"$GITHUB_STEP_SUMMARY"
`;

/** The gate: names for all images that were built, together, from the policy as it applies at that moment. */
export function publishJob(facts: WorkflowFacts): YamlNode {
  const { registry, builds, runners, defaultBranch, stack } = facts;
  return {
    name: "Publish",
    needs: ["drift", "build", ...(stack === undefined ? [] : ["smoke"])],
    "runs-on": "ubuntu-24.04",
    "timeout-minutes": 20,
    permissions: {
      contents: "read",
      packages: "write",
      "id-token": new Commented("Signatures: the run proves to Sigstore which workflow it is.", "write"),
    },
    concurrency: {
      group: new Commented(
        "Two runs that could move the same floating tags publish one after the other.",
        `publish-\${{ (${movers()
          .map((origin) => `needs.drift.outputs.origin == '${origin}'`)
          .join(" || ")}) && needs.drift.outputs.origin || github.run_id }}`,
      ),
      "cancel-in-progress": false,
    },
    env: {
      IMAGES: builds.map(({ name }) => name).join(" "),
      PLATFORMS: [...runners.keys()].join(" "),
    },
    steps: [
      use("downloadArtifact", {
        name: "Fetch the digests",
        with: { pattern: "digest-*", path: "digests", "merge-multiple": true },
      }),
      login(registry),
      bash({
        name: "Work out the tags",
        env: {
          ORIGIN: "${{ needs.drift.outputs.origin }}",
          COMMIT: "${{ needs.drift.outputs.commit }}",
          REF: "${{ github.ref }}",
          DEFAULT_BRANCH: defaultBranch,
          GH_TOKEN: "${{ github.token }}",
        },
        run: TAGS_SCRIPT,
      }),
      bash({ name: "Give every image its exact tags", run: EXACT_TAGS }),
      use("cosignInstaller", { name: "Install cosign" }),
      bash({
        name: "Sign every image",
        comment: "Before the floating tags move: what they name has been signed.",
        run: SIGN,
      }),
      bash({ name: "Move the floating tags", run: FLOATING_TAGS }),
      bash({ name: "Say what was published", run: SUMMARY }),
    ],
  };
}

/** The origins from which floating tags move. */
function movers(): readonly TagSource[] {
  return [...new Set(TAG_POLICY.filter(({ moves }) => isLine(moves)).flatMap(({ from }) => from))].sort();
}
