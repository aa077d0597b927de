import { attributeChapters } from "./attributes";
import { buildChapter } from "./build";
import type { Chapter } from "./chapter";
import { containerChapters } from "./containers";
import { deployChapters } from "./deploy";
import { projectChapters } from "./project";
import { serviceChapter } from "./service";

export const CHAPTERS: readonly Chapter[] = [
  ...projectChapters,
  serviceChapter,
  buildChapter,
  ...attributeChapters,
  ...containerChapters,
  ...deployChapters,
];

/** Definitions that are no mapping with keys of their own: the name of their type, and what they are. */
export const ALIASES: Readonly<Record<string, readonly [type: string, doc: string]>> = {
  command: [
    "CommandSpec",
    "A command: a line that is split as a shell would, or a list of words. `null` is the image's own.",
  ],
  list_or_dict: ["ListOrDict", "Values by key, as a mapping or as a list of `KEY=value`."],
  list_of_strings: ["ListOfStrings", "A list of strings, each of them once."],
  string_or_list: ["StringOrList", "One string, or a list of them."],
  env_file: ["EnvFilesSpec", "Files with environment variables: a path, or a list of paths and mappings."],
  label_file: ["LabelFilesSpec", "Files with labels: a path, or a list of paths."],
  extra_hosts: ["ExtraHostsSpec", "Entries of /etc/hosts, as a mapping or as a list of `HOST=IP`."],
  service_config_or_secret: ["FileGrantsSpec", "Configs or secrets that a container gets, by name or as a mapping."],
  ulimits: ["UlimitsSpec", "Limits of processes, by their name, such as `nofile`."],
  gpus: ["GpusSpec", "GPUs that a container gets."],
  devices: ["DeviceRequestsSpec", "Devices that a container gets."],
  generic_resources: ["GenericResourcesSpec", "Resources that nodes declare."],
  include: ["IncludeEntrySpec", "A Compose file to include: its path, or a mapping."],
};
