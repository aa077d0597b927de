import { type Chapter, chapter } from "./chapter";
import { DEVICE_REQUEST } from "./deploy";

export const HOOK = {
  command: "The command.",
  user: "User that runs the command. Default: the service's.",
  privileged: "Runs the command with all privileges.",
  working_dir: "Working directory of the command. Default: the service's.",
  environment: "Environment variables of the command, over those of the service.",
};

/** Chapter 5 of the specification: the mappings inside a service. */
export const attributeChapters: readonly Chapter[] = [
  chapter("services.*.blkio_config", "BlkioSpec", "a blkio_config", "Limits of block device access.", {
    device_read_bps: "Bytes that may be read from a device each second.",
    device_write_bps: "Bytes that may be written to a device each second.",
    device_read_iops: "Read operations on a device each second.",
    device_write_iops: "Write operations on a device each second.",
    weight: "Share of bandwidth against other services: 10 to 1000. Default: 500.",
    weight_device: "Share of one device's bandwidth.",
  }),
  chapter("#blkio_limit", "BlkioLimitSpec", "a device limit", "A limit for one device.", {
    path: "Path of the device.",
    rate: "The limit: operations, bytes, or a byte value such as `12mb`.",
  }),
  chapter("#blkio_weight", "BlkioWeightSpec", "a device weight", "A weight for one device.", {
    path: "Path of the device.",
    weight: "The weight: 10 to 1000.",
  }),
  chapter(
    "#service_config_or_secret[]",
    "FileGrantSpec",
    "a granted config or secret",
    "A config or secret that a container gets as a file.",
    {
      source: "Name of the config or secret.",
      target: "Where the file stands in the container. A secret's name without a path is below /run/secrets.",
      uid: "Number of the user who owns the file.",
      gid: "Number of the group that owns the file.",
      mode: "Permissions of the file, in octal. Default: 0444.",
    },
  ),
  chapter(
    "services.*.credential_spec",
    "CredentialSpec",
    "a credential_spec",
    "Credentials of a managed Windows service account.",
    {
      file: "File with the credentials.",
      registry: "Value of the Windows registry with the credentials.",
      config: "Name of the config with the credentials.",
    },
  ),
  chapter("services.*.depends_on.*", "DependencySpec", "a dependency", "What a service waits for.", {
    restart: "Restarts this service after Compose has updated the other.",
    condition:
      "When the other counts as there: it has been started, it is healthy, or it has ended with exit status 0.",
    required: "When false, Compose only warns if the other is not there.",
  }),
  chapter("services.*.devices[]", "DeviceSpec", "a device mapping", "A device of the host in the container.", {
    source: "Path on the host, or a CDI name.",
    target: "Path in the container.",
    permissions: "What the container may do with it: any of `r`, `w`, `m`.",
  }),
  chapter("#env_file[]", "EnvFileSpec", "an env_file", "A file with environment variables.", {
    path: "Path of the file.",
    required: "When false, a missing file is no error.",
    format: "`raw` takes values as they are, quotes and `$` included. Default: Compose's own format.",
  }),
  chapter("services.*.extends", "ExtendsSpec", "an extends", "The service that another one starts from.", {
    service: "Name of the service.",
    file: "Compose file with the service. Default: this one.",
  }),
  chapter("#gpus[]", "GpuSpec", "a GPU request", "A request for GPUs.", DEVICE_REQUEST),
  chapter(
    "#healthcheck",
    "HealthcheckSpec",
    "a healthcheck",
    "How the engine finds out whether a container is healthy.",
    {
      test: "The check: a command line for the shell, or a list that starts with `CMD`, `CMD-SHELL` or `NONE`.",
      interval: "Time between two checks, such as `1m30s`. Default: 30s.",
      timeout: "Time that a check may take. Default: 30s.",
      retries: "Failures in a row that make a container unhealthy. Default: 3.",
      start_period: "Time in which failures do not count, since a container needs it to start. Default: 0s.",
      start_interval: "Time between two checks during the start period. Default: 5s.",
      disable: "Switches the image's own check off.",
    },
  ),
  chapter("services.*.logging", "LoggingSpec", "a logging section", "Where a container's output goes.", {
    driver: "Logging driver, such as `json-file`, `local`, `journald` or `syslog`.",
    options: "Options for the driver, as it defines them.",
  }),
  chapter("services.*.models.*", "ServiceModelSpec", "a service's model", "How a service learns about a model.", {
    endpoint_var: "Variable that gets the URL. Default: the model's key in capitals, with `_URL`.",
    model_var: "Variable that gets the model's name. Default: the model's key in capitals.",
  }),
  chapter("services.*.networks.*", "ServiceNetworkSpec", "a service's network", "How a service joins a network.", {
    aliases: "Other host names of the service on this network.",
    use_service_name_alias: "Whether the service's own name is a host name on this network. Default: true.",
    interface_name: "Name of the network interface in the container.",
    ipv4_address: "Fixed IPv4 address; the network has to have a subnet for it.",
    ipv6_address: "Fixed IPv6 address; the network has to have a subnet for it.",
    link_local_ips: "Link-local addresses.",
    mac_address: "MAC address on this network.",
    driver_opts: "Options for the network's driver, as it defines them.",
    gw_priority: "The network with the highest number is the default gateway. Default: 0.",
    priority: "The network with the highest number is joined first. Default: 0.",
  }),
  chapter("services.*.ports[]", "PortSpec", "a port", "A port that is published on the host.", {
    target: "Port in the container.",
    published: "Port on the host, or a range of which a free one is taken. Without it, any free port.",
    host_ip: "Address on the host. Default: all of them.",
    protocol: "`tcp` (the default) or `udp`.",
    app_protocol: "The protocol above it, as a hint for tools.",
    mode: "`host` publishes on each node, `ingress` (the default) balances over them.",
    name: "A name for people.",
  }),
  chapter("#service_hook", "HookSpec", "a hook", "A command that runs in a service's container.", HOOK),
  chapter("services.*.provider", "ProviderSpec", "a provider", "The program that runs a service in Compose's place.", {
    type: "Name of the program.",
    options: "Options for the program, as it defines them.",
  }),
  chapter("#ulimits.*", "UlimitSpec", "a ulimit", "A limit of a container's processes.", {
    soft: "The limit that holds; a process may raise it up to the hard one.",
    hard: "The limit that nothing exceeds.",
  }),
  chapter("services.*.volumes[]", "MountSpec", "a mount", "Something that is mounted into a container.", {
    type: "What is mounted.",
    source: "Path on the host, name of the volume, or image; a tmpfs has none.",
    target: "Path in the container.",
    read_only: "Mounts it read-only.",
    bind: "Options of a bind mount.",
    volume: "Options of a volume.",
    tmpfs: "Options of a tmpfs.",
    image: "Options of an image.",
    consistency: "How consistent the mount has to be, as the platform defines it.",
  }),
  chapter("services.*.volumes[].bind", "BindSpec", "a mount's bind options", "Options of a bind mount.", {
    propagation: "Mount propagation: `shared`, `slave`, `private`, `rshared`, `rslave` or `rprivate`.",
    create_host_path: "Creates a directory on the host when there is nothing at the source. Default: true.",
    selinux: "SELinux label: `z` is shared between containers, `Z` belongs to this one.",
    recursive: "What happens with mounts below the source.",
  }),
  chapter("services.*.volumes[].volume", "VolumeMountSpec", "a mount's volume options", "Options of a volume.", {
    nocopy: "Does not fill a new volume with what the image has at the target.",
    subpath: "Path in the volume to mount in place of its root.",
    labels: "Labels of the volume, as a mapping or as a list of `KEY=value`.",
  }),
  chapter("services.*.volumes[].tmpfs", "TmpfsSpec", "a mount's tmpfs options", "Options of a tmpfs.", {
    size: "Size: bytes, or a byte value such as `64m`.",
    mode: "Permissions, in octal.",
  }),
  chapter("services.*.volumes[].image", "ImageMountSpec", "a mount's image options", "Options of an image mount.", {
    subpath: "Path in the image to mount in place of its root.",
  }),
];
