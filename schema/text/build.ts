import { type Chapter, chapter } from "./chapter";

/** The specification's chapter on `build`. */
export const buildChapter: Chapter = chapter(
  "services.*.build",
  "BuildSpec",
  "a build",
  "How an image is built from source.",
  {
    additional_contexts:
      "Other contexts that the Dockerfile may use, by name, as a mapping or as a list of `NAME=CONTEXT`.",
    args: "Build arguments (ARG), as a mapping or as a list of `KEY=value`. They stay readable in the image: no place for secrets.",
    cache_from: "Where the builder looks for cached layers.",
    cache_to: "Where the builder leaves its cache.",
    context: "Directory with the Dockerfile, or the URL of a git repository. Default: the project's directory.",
    dockerfile: "The Dockerfile, seen from the context.",
    dockerfile_inline: "The Dockerfile's content itself.",
    entitlements: "Privileges that the build is allowed.",
    extra_hosts: "Entries of /etc/hosts during the build, as a mapping or as a list of `HOST=IP`.",
    isolation: "Isolation technology of the build, as the platform offers it.",
    labels: "Labels of the image, as a mapping or as a list of `KEY=value`.",
    network: "Network of the build's RUN instructions: `none`, `host`, or a network's name.",
    no_cache: "Builds without cached layers.",
    no_cache_filter: "Stages of the Dockerfile that are built without cached layers.",
    platforms: "Platforms that the image is built for.",
    privileged: "Builds with all privileges.",
    provenance: "Adds a provenance attestation to the image: true, false, or the builder's parameters.",
    pull: "Pulls the base images even when they are there.",
    sbom: "Adds a software bill of materials to the image: true, false, or the builder's parameters.",
    secrets: "Secrets that RUN instructions may mount, by name or as a mapping.",
    ssh: "SSH agents or keys that RUN instructions may use: `default`, or `ID=PATH`.",
    shm_size: "Size of /dev/shm during the build: bytes, or a byte value such as `64m`.",
    tags: "Names that the image gets besides the service's `image`.",
    target: "Stage of the Dockerfile to build.",
    ulimits: "Limits of the build's processes, as one number or as a soft and a hard one.",
  },
);
