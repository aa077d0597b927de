import { inColumns } from "../../report/columns";
import { LONGEST_TAG, RELEASE_TAG } from "../release-tag";
import { COMMIT_DIGITS, fillTag, isLine, type Line, TAG_POLICY, type TagFact, type TagRule } from "../tag-policy";

/**
 * The policy in bash: what `tagsFor` is in TypeScript. The rules are rendered from the policy's table,
 * the pattern from the one that TypeScript uses, and a test runs both on the same events.
 */

/** Sets the parts of a release tag. Both scripts below need it. */
const PARSE = `export LC_ALL=C
# Reads a release tag: vX.Y.Z, or vX.Y which means X.Y.0, with -something behind it for a pre-release.
# Fails for every other tag, and for those that no image can have.
release_tag='${RELEASE_TAG}'
parse() {
  [[ $1 =~ $release_tag ]] || return 1
  tag=$1 major=\${BASH_REMATCH[1]} minor=\${BASH_REMATCH[2]} patch=\${BASH_REMATCH[4]:-0} pre=\${BASH_REMATCH[5]}
  version=$major.$minor.$patch$pre
  [ \${#tag} -le ${LONGEST_TAG} ] && [ \${#version} -le ${LONGEST_TAG} ]
}`;

/**
 * Says what is built, and from what it is published, as outputs of the step.
 *
 * Takes EVENT, REF and DEFAULT_BRANCH; runs in a checkout.
 */
export const ORIGIN_SCRIPT = `${PARSE}

origin='' commit=$(git rev-parse HEAD)
build=sha-\${commit:0:${COMMIT_DIGITS}}
case "$EVENT $REF" in
  "push refs/heads/$DEFAULT_BRANCH")
    origin=branch
    ;;
  "push refs/tags/"*)
    if parse "\${REF#refs/tags/}"; then
      origin=release build=$tag
      if [ -n "$pre" ]; then origin='pre-release'; fi
    fi
    ;;
  "workflow_dispatch "*)
    origin=manual
    ;;
esac
created=$(TZ=UTC0 git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)
printf '%s\\n' "origin=$origin" "commit=$commit" "version=$build" "created=$created" | tee -a "$GITHUB_OUTPUT"
`;

/** What a rule's facts are called in the script below. */
const FACTS: Readonly<Record<TagFact, string>> = {
  commit: `\${COMMIT:0:${COMMIT_DIGITS}}`,
  "git tag": "$tag",
  version: "$version",
  major: "$major",
  minor: "$minor",
};

/** What must hold for the tag of a line. */
const CONDITIONS: Readonly<Record<Line, string>> = {
  branch: "is_head",
  minor: 'is_newest "$major.$minor."',
  major: 'is_newest "$major."',
  all: 'is_newest ""',
};

/**
 * Works out the tags of a run, a line each: how it moves, and its name.
 *
 * Takes ORIGIN, REF, COMMIT and DEFAULT_BRANCH; GH_TOKEN for a private repository. Writes to $RUNNER_TEMP/tags.
 */
export const TAGS_SCRIPT = `${PARSE}

# The default branch's newest commit and all releases, as they are at this moment.
refs=$(git -c credential.helper='!gh auth git-credential' ls-remote --refs \\
  "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" "refs/heads/$DEFAULT_BRANCH" 'refs/tags/v*')
head='' stable=()
while read -r hash ref; do
  if [ "$ref" = "refs/heads/$DEFAULT_BRANCH" ]; then head=$hash; fi
  if parse "\${ref#refs/tags/}" && [ -z "$pre" ]; then stable+=("$version"); fi
done <<<"$refs"

tag='' version='' major='' minor='' pre=''
case $ORIGIN in release | pre-release) parse "\${REF#refs/tags/}" ;; esac

is_head() { [ "$COMMIT" = "$head" ]; }

is_newest() { # is_newest 0.7.: of the stable releases whose version begins so
  local other line=("$version")
  for other in "\${stable[@]}"; do
    if [[ $other == "$1"* ]]; then line+=("$other"); fi
  done
  [ "$(printf '%s\\n' "\${line[@]}" | sort -V | tail -n 1)" = "$version" ]
}

rule() { # rule ORIGINS MOVES TAG CONDITION…
  [[ " $1 " == *" $ORIGIN "* ]] || return 0
  if "\${@:4}"; then echo "$2 $3"; fi
}

# The tag policy, a line a rule.
{
${rules(TAG_POLICY)}
} >"$RUNNER_TEMP/tags"
cat "$RUNNER_TEMP/tags"
`;

function rules(policy: readonly TagRule[]): string {
  const rows = policy.map(({ tag, from, moves }) => [
    `'${from.join(" ")}'`,
    moves,
    `"${fillTag(tag, (fact) => FACTS[fact])}"`,
    isLine(moves) ? CONDITIONS[moves] : "true",
  ]);
  return inColumns(rows, " ")
    .map((row) => `  rule ${row}`)
    .join("\n");
}
