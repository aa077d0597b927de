import type { EnvVar } from "../construct/env-var";
import { code, list, paragraphs, prose, shell, table } from "../guides/markdown";
import type { ImageBuild } from "./image-build";
import { readReleaseTag } from "./release-tag";
import { fillTag, TAG_POLICY, type TagFact, type TagMoves, type TagSource, tagFacts } from "./tag-policy";

/** What the guide is written from. */
export interface GuideFacts {
  /** How the text was made. */
  readonly madeBy: string;
  readonly images: readonly ImageBuild[];
  readonly registry: string;
  readonly repository: string;
  readonly defaultBranch: string;
  readonly platforms: readonly string[];
  /** Path of the workflow's file. */
  readonly workflow: string;
  readonly version: EnvVar | undefined;
  /** Whether the workflow starts a stack with the images. */
  readonly tried: boolean;
  readonly documents: readonly StaleDocument[];
}

/** A file of the repository that the generated ones make wrong, or useless. */
export interface StaleDocument {
  /** Its path in the repository. */
  readonly path: string;
  /** What no longer holds of it: the end of a sentence that begins with the file. Markdown. */
  readonly wrong: string;
}

/** A release to show what the tags look like, and the one before it. */
const EXAMPLE = "v1.2.1";
const BEFORE = "v1.2.0";
const COMMIT = "9f2c41d07be8";

const ORIGINS: Readonly<Record<TagSource, (branch: string) => string>> = {
  branch: (branch) => `a push to \`${branch}\``,
  release: () => "a release",
  "pre-release": () => "a pre-release",
  manual: () => "a run by hand",
};

const MOVES: Readonly<Record<TagMoves, (branch: string) => string>> = {
  never: () => "never",
  rebuilt: () => "when the same commit is built again",
  minor: () => "to the newest stable release with these two numbers",
  major: () => "to the newest stable release with this number",
  all: () => "to the newest stable release of all",
  branch: (branch) => `to the newest commit of \`${branch}\``,
};

/** The guide to the images of a repository, in Markdown. */
export function guideText(facts: GuideFacts): string {
  const { madeBy, images, registry, defaultBranch, platforms, workflow } = facts;
  const intro = prose(
    `\`${workflow}\` builds these images for ${platforms.join(" and ")}${facts.tried ? ", starts the stack with them" : ""}, and publishes all of them or none. They belong together: take all of them at one version.`,
  );
  const text = paragraphs(
    "# Images",
    `<!-- ${madeBy} -->`,
    intro,
    table(
      ["image", "built from"],
      images.map(({ name, context, dockerfile }) => [
        code(`${registry}/${name}`),
        `${code(dockerfile)} in ${code(context)}`,
      ]),
    ),
    "## Which tag",
    tagTable(defaultBranch),
    rulesOfTags(facts),
    "## To release",
    toRelease(facts),
    "## To pin",
    toPin(facts),
    "## To verify",
    toVerify(facts),
    "## To go back",
    toGoBack(facts),
    "## To renew what is pinned",
    toRenew(facts),
    ...(facts.documents.length === 0 ? [] : ["## Files to correct", toMend(facts)]),
  );
  return `${text}\n`;
}

function tagTable(branch: string): string {
  const facts = tagFacts(COMMIT, readReleaseTag(EXAMPLE));
  return table(
    ["tag", "such as", "made from", "moves", "for"],
    TAG_POLICY.map(({ tag, from, moves, audience }) => [
      code(fillTag(tag, (fact) => NAMES[fact])),
      code(fillTag(tag, (fact) => facts[fact])),
      from.map((origin) => ORIGINS[origin](branch)).join(", "),
      MOVES[moves](branch),
      audience,
    ]),
  );
}

/** What a rule's facts are called in the guide. */
const NAMES: Readonly<Record<TagFact, string>> = {
  commit: "COMMIT",
  "git tag": "vX.Y.Z",
  version: "X.Y.Z",
  major: "X",
  minor: "Y",
};

function rulesOfTags({ version }: GuideFacts): string {
  const named = version === undefined ? "" : `, in \`.env\`: \`${version.name}=${EXAMPLE}\``;
  return prose(
    `A git tag such as \`${EXAMPLE}\` is a release, \`v1.2\` the same as \`${BEFORE}\`, and \`v1.3.0-rc.1\` a pre-release: it moves nothing. Pull requests, other branches and other git tags publish nothing. A run by hand makes the tag of its commit and no other, whatever it runs on.`,
    `Production names an exact tag${named}. What a floating tag names changes under a running installation at its next \`docker compose pull\`.`,
  );
}

function toRelease({ defaultBranch, images }: GuideFacts): string {
  return paragraphs(
    shell(
      "release",
      `git switch ${defaultBranch} && git pull`,
      `git tag --annotate ${EXAMPLE} --message ${EXAMPLE}`,
      `git push origin ${EXAMPLE}`,
    ),
    prose(
      "The run of that tag does the rest. When one of its jobs fails or is cancelled, run the failed jobs again: for 30 days they go on with what was built. No floating tag moves before every image has its exact tags and is signed. A correction of an older line moves the tags of that line, and nothing newer.",
      `A git tag that made a release stays where it is. Moved, its run would be refused, because \`${images[0]?.name}:${EXAMPLE}\` never moves: make the next release instead.`,
      "The first run makes packages that only the repository's members see. Make each of them public in its settings on GitHub. Never clean up their untagged versions: a tag names a list of them, one for each platform.",
    ),
  );
}

function toPin({ registry, images }: GuideFacts): string {
  const image = `${registry}/${images[0]?.name}:${EXAMPLE}`;
  return paragraphs(
    prose(
      "Who can write to the registry can let a tag name something else. A digest always names the same image, for all platforms:",
    ),
    shell("digest", `docker buildx imagetools inspect ${image}     # the line "Digest"`),
    prose(
      `In a Compose file it stands behind the tag: \`image: ${image}@sha256:…\`. \`lamb-compose lock\` asks for all images of a deployment, and the next synthesis names them so.`,
    ),
  );
}

function toVerify({ registry, images, repository, workflow }: GuideFacts): string {
  const image = `${registry}/${images[0]?.name}:${EXAMPLE}`;
  const inspect = `docker buildx imagetools inspect ${image}`;
  return paragraphs(
    prose(
      "Each image is signed by the workflow's run, without a key that somebody could lose. The signature says which workflow of which repository made the image, and from which git tag:",
    ),
    shell(
      "signature",
      `cosign verify ${image} \\`,
      "  --certificate-oidc-issuer https://token.actions.githubusercontent.com \\",
      `  --certificate-identity https://github.com/${repository}/${workflow}@refs/tags/${EXAMPLE}`,
    ),
    prose("What is in it (SBOM) and how it was built (provenance) lie beside it:"),
    shell(
      "contents",
      `${inspect} --format '{{ json (index .SBOM "linux/amd64").SPDX }}'`,
      `${inspect} --format '{{ json (index .Provenance "linux/amd64").SLSA }}'`,
    ),
  );
}

function toGoBack({ registry, images, version }: GuideFacts): string {
  const names = images.map(({ name }) => name).join(" ");
  const named = version === undefined ? "Name the earlier exact tag" : `Set \`${version.name}=${BEFORE}\` in \`.env\``;
  return paragraphs(
    prose(
      `On a server: back up, as before an upgrade. ${named}, then \`docker compose pull\` and \`docker compose up --detach --wait\`. Data that the newer version has changed stay changed: restore the backup that was made before the upgrade.`,
      "For everybody: release a correction. Until it is there, floating tags can be led back by hand, for all images:",
    ),
    shell(
      "move-tags",
      `for image in ${names}; do`,
      `  docker buildx imagetools create --tag ${registry}/$image:latest ${registry}/$image:${BEFORE}`,
      "done",
    ),
  );
}

function toRenew({ workflow }: GuideFacts): string {
  return prose(
    `The actions of \`${workflow}\`, the base images and all that is installed are pinned, and the pins come with lamb-compose: raise its version where the program has its \`package.json\`, run \`npm install\` there, and run the program. A bot that raises a pin in a file shows what there is to renew, but its pull request ends at the check for drift, because the program would write the old pin again.`,
    "`lamb-compose dependencies --checkout . --out deploy/dependencies.lock.json` renews the lock of what the images install, when requirements ask for other versions, and finds how the sources lie: one application or a workspace of pnpm, one file of requirements or several, the version of Python. The program takes that file for its Dockerfiles.",
  );
}

function toMend({ documents }: GuideFacts): string {
  return paragraphs(
    prose("The generated files make these wrong, or useless. Mend them, or remove them, in the same change:"),
    list(documents.map(({ path, wrong }) => `\`${path}\` ${wrong}.`)),
  );
}
