import { type Chapter, chapter } from "./chapter";

const EXTERNAL = (what: string) =>
  `The ${what} exists already and is managed outside of this project: Compose neither creates nor removes it, and fails when it is missing.`;
const EXTERNAL_NAME = { name: "Name of the object outside of this project. Write it in the `name` beside `external`." };
const LABELS = "Labels, as a mapping or as a list of `KEY=value`.";
const DRIVER_OPTS = "Options for the driver, as it defines them.";

/** Chapters 4, 6 to 9 and 14 of the specification, and `models`. */
export const projectChapters: readonly Chapter[] = [
  chapter("", "ComposeSpec", "a Compose document", "A Compose file: what one application is made of.", {
    version: "Ignored. It is accepted only so that old files still load.",
    name: "Name of the project, unless `-p` or COMPOSE_PROJECT_NAME gives another. Lower-case letters, digits, `-` and `_`.",
    services: "The containers of the application, by service name.",
    networks: "The networks that services share, by name.",
    volumes: "The volumes that outlive containers, by name.",
    configs: "Files of configuration that services can be given, by name.",
    secrets: "Files of sensitive data that services can be given, by name.",
    jobs: "Containers that run to their end, when they are asked to or at their times, by job name.",
    include: "Other Compose files whose services become part of this application.",
    models: "AI models that services use, by name.",
  }),
  chapter("#network", "NetworkSpec", "a network", "A network that services join.", {
    attachable: "Lets containers that are not part of the project join.",
    driver: "Driver of the network: `bridge`, `overlay`, or a plugin's.",
    driver_opts: DRIVER_OPTS,
    enable_ipv4: "Assigns IPv4 addresses.",
    enable_ipv6: "Assigns IPv6 addresses.",
    external: EXTERNAL("network"),
    ipam: "How addresses are chosen.",
    internal: "Cuts the network off from the outside world.",
    labels: LABELS,
    name: "The network's name in the engine, as it is: the project's name is not put before it.",
  }),
  chapter("#network.ipam", "IpamSpec", "an ipam section", "How a network's addresses are managed.", {
    driver: "Address management driver in place of the default one.",
    config: "The pools that addresses come from.",
    options: "Options for the driver, as it defines them.",
  }),
  chapter("#network.ipam.config[]", "IpamPoolSpec", "an address pool", "A pool of a network's addresses.", {
    subnet: "The network segment, in CIDR form.",
    ip_range: "The part of the subnet that containers get addresses from, in CIDR form.",
    gateway: "The gateway's address.",
    aux_addresses: "Addresses that the driver keeps for itself, by host name.",
  }),
  chapter(
    "#network.external",
    "ExternalNetworkSpec",
    "an external network's name",
    "The old way to name an external network.",
    EXTERNAL_NAME,
  ),
  chapter("#volume", "VolumeSpec", "a volume", "A volume that outlives the containers that use it.", {
    driver: "Driver of the volume.",
    driver_opts: DRIVER_OPTS,
    external: EXTERNAL("volume"),
    labels: LABELS,
    name: "The volume's name in the engine, as it is: the project's name is not put before it.",
  }),
  chapter(
    "#volume.external",
    "ExternalVolumeSpec",
    "an external volume's name",
    "The old way to name an external volume.",
    EXTERNAL_NAME,
  ),
  chapter(
    "#config",
    "ConfigSpec",
    "a config",
    "A file of configuration; one of `file`, `environment`, `content` and `external` says where it comes from.",
    {
      file: "Path of the file that holds the content.",
      environment: "Name of the environment variable that holds the content.",
      content: "The content itself.",
      external: EXTERNAL("config"),
      name: "The config's name in the engine, as it is: the project's name is not put before it.",
      labels: LABELS,
      template_driver: "Driver that fills the content in as a template.",
    },
  ),
  chapter(
    "#config.external",
    "ExternalConfigSpec",
    "an external config's name",
    "The old way to name an external config.",
    EXTERNAL_NAME,
  ),
  chapter(
    "#secret",
    "SecretSpec",
    "a secret",
    "A file of sensitive data; one of `file`, `environment` and `external` says where it comes from.",
    {
      file: "Path of the file that holds the secret.",
      environment: "Name of the environment variable that holds the secret.",
      external: EXTERNAL("secret"),
      name: "The secret's name in the engine, as it is: the project's name is not put before it.",
      labels: LABELS,
      driver: "Driver that keeps the secret.",
      driver_opts: DRIVER_OPTS,
      template_driver: "Driver that fills the content in as a template.",
    },
  ),
  chapter(
    "#secret.external",
    "ExternalSecretSpec",
    "an external secret's name",
    "The old way to name an external secret.",
    EXTERNAL_NAME,
  ),
  chapter("include[]", "IncludeSpec", "an include", "Another Compose file that becomes part of this application.", {
    path: "The Compose file; several of them are merged before they are included.",
    project_directory: "Directory that the relative paths in the file start from. Default: the file's own.",
    env_file: "Files with the variables that stand in the included file. Default: `.env` in `project_directory`.",
  }),
  chapter("#model", "ModelSpec", "a model", "An AI model that a model runner serves to services.", {
    model: "The model to pull and run, as an OCI artifact's name.",
    context_size: "Size of the context, in tokens.",
    runtime_flags: "Flags that the inference engine is started with.",
    name: "The model's name in place of its key.",
  }),
];
