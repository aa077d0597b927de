import { OLDEST_ENGINE } from "../../../construct/engine-version";
import { readLock } from "../../lock/file";
import { asTrouble, type Check } from "../check";
import { isAtLeast } from "../version";

/** Of Compose before it, `!override` in overlays is not known. */
const OLDEST_COMPOSE = "2.24.4";

/** File systems that are on another machine, by the number by which Linux knows them. */
const REMOTE = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x01021997, "9P"],
]);

/** How engines name a processor → how images name it. */
const PROCESSORS: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64", armv7l: "arm/v7" };

/** Docker itself. */
export const ENGINE_CHECKS: readonly Check[] = [
  {
    id: "engine-answers",
    what: "the Docker engine answers",
    why: "nothing can be started or looked at without it",
    severity: "error",
    host: true,
    find: async (facts) => asTrouble(facts.versions()),
  },
  {
    id: "engine-version",
    what: `the engine is ${OLDEST_ENGINE} or newer`,
    why: "an older one cannot mount a part of a volume (subpath), as the files of newer releases have it",
    severity: "error",
    host: true,
    find: async (facts) => {
      const { engine } = await facts.versions();
      if (isAtLeast(engine, OLDEST_ENGINE)) return [];
      return [{ reason: `the engine is ${engine}`, fix: "upgrade Docker Engine from Docker's own packages" }];
    },
  },
  {
    id: "compose-version",
    what: `Compose is ${OLDEST_COMPOSE} or newer`,
    why: "an older one does not know what overlays take away (!override, !reset)",
    severity: "error",
    host: true,
    find: async (facts) => {
      const missing = await asTrouble(facts.compose());
      if (missing.length > 0) return missing;
      const version = await facts.compose();
      const fix = "upgrade docker-compose-plugin from Docker's own packages";
      if (!isAtLeast(version, OLDEST_COMPOSE)) return [{ reason: `Compose is ${version}`, fix }];
      const wanted = [...(await facts.wantedCompose())].filter(([, release]) => !isAtLeast(version, release));
      return wanted.map(([file, release]) => ({
        subject: file,
        reason: `is for Compose ${release} and newer, and this one is ${version}`,
        fix,
      }));
    },
  },
  {
    id: "not-snap",
    what: "Docker is not the snap",
    why: "the snap sees no files outside of home directories, and updates itself, which stops all containers",
    severity: "error",
    host: true,
    find: async (facts) => {
      const { DockerRootDir } = await facts.info();
      if (!/(^|\/)snap\//.test(DockerRootDir)) return [];
      const fix = "remove the snap, and install Docker Engine from Docker's own packages";
      return [{ subject: DockerRootDir, reason: "Docker is installed as a snap", fix }];
    },
  },
  {
    id: "rootless-ports",
    what: "a rootless engine may publish the ports",
    why: "without root no port below the system's limit, 1024, can be published",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { SecurityOptions } = await facts.localInfo();
      if (!isRootless(SecurityOptions)) return [];
      const limit = Number((await facts.host.text("/proc/sys/net/ipv4/ip_unprivileged_port_start")) ?? 1024);
      const { services } = await facts.model();
      const ports = Object.values(services).flatMap((service) => service.ports.map(({ published }) => published));
      const refused = [...new Set(ports)].filter((port) => port !== undefined && Number(port) < limit);
      return refused.map((port) => ({
        subject: `port ${port}`,
        reason: "the engine is rootless, and may not publish it",
        fix: "set net.ipv4.ip_unprivileged_port_start=80 with sysctl, and restart the engine",
      }));
    },
  },
  {
    id: "rootless-host-gateway",
    what: "services of a rootless engine reach programs on this host",
    why: "the engine has a network of its own, and host.docker.internal leads to its end of it: a model server on this host does not answer",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const { SecurityOptions } = await facts.localInfo();
      if (!isRootless(SecurityOptions) || (await facts.rootlessSettings()).includes('"host-gateway-ip"')) return [];
      const { services } = await facts.model();
      const asking = Object.entries(services).filter(([, { extra_hosts }]) => {
        return extra_hosts.some((host) => /[=:]host-gateway$/.test(host));
      });
      const reason = "would look for this host in the engine's own network";
      const fix =
        'give the engine\'s service DOCKERD_ROOTLESS_ROOTLESSKIT_DISABLE_HOST_LOOPBACK=false and its daemon.json "host-gateway-ip": "10.0.2.2"; ignore this where no service asks this host';
      return asking.length === 0 ? [] : [{ subject: asking.map(([name]) => name).join(", "), reason, fix }];
    },
  },
  {
    id: "not-desktop",
    what: "the engine is not Docker Desktop",
    why: "it shares folders of the host through a virtual machine, where SQLite loses writes, and ends with its user's session",
    severity: "warning",
    host: true,
    find: async (facts) => {
      const { OperatingSystem } = await facts.info();
      if (OperatingSystem !== "Docker Desktop") return [];
      const fix = "use it to try things; run a deployment on a Linux host with Docker Engine";
      return [{ reason: "the engine is Docker Desktop", fix }];
    },
  },
  {
    id: "live-restore",
    what: "containers go on running while the engine is updated",
    why: "without it every update of Docker's packages restarts all services",
    severity: "advice",
    host: true,
    find: async (facts) => {
      if ((await facts.info()).LiveRestoreEnabled) return [];
      const fix = 'put "live-restore": true into /etc/docker/daemon.json, and run `systemctl reload docker`';
      return [{ reason: "live-restore is off", fix }];
    },
  },
  {
    id: "memory-limits",
    what: "the engine can limit memory",
    why: "limits in the files have no effect without it, and one service can take the memory of all others",
    severity: "warning",
    host: false,
    find: async (facts) => {
      const { services } = await facts.model();
      const limited = Object.entries(services).filter(([, { mem_limit }]) => Number(mem_limit ?? 0) > 0);
      if (limited.length === 0 || (await facts.info()).MemoryLimit) return [];
      const fix = "start the host with cgroup_enable=memory, or give the engine's user the memory controller";
      return limited.map(([subject]) => ({ subject, reason: "its memory limit has no effect on this engine", fix }));
    },
  },
  {
    id: "selinux-labels",
    what: "SELinux lets containers read the mounted files",
    why: "a file of the host without a label for containers is denied, and the service does not start",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { SecurityOptions } = await facts.info();
      if (!SecurityOptions.some((option) => option.startsWith("name=selinux"))) return [];
      const { services } = await facts.model();
      return Object.entries(services).flatMap(([name, { volumes }]) =>
        volumes
          .filter((mount) => mount.type === "bind" && mount.bind?.selinux === undefined)
          .map(({ source = "" }) => ({
            subject: `${name}: ${source}`,
            reason: "is mounted without an SELinux label",
            fix: `run \`chcon -Rt container_file_t ${source}\`, or add :z to the mount`,
          })),
      );
    },
  },
  {
    id: "platforms",
    what: "all images are there for this processor",
    why: "an image for another one does not start",
    severity: "error",
    host: false,
    find: async (facts) => {
      const { lock } = await readLock(facts.dir);
      const { Architecture, OSType } = await facts.info();
      const platform = `${OSType}/${PROCESSORS[Architecture] ?? Architecture}`;
      const { services } = await facts.model();
      return Object.entries(services).flatMap(([name, { image }]) => {
        const platforms = image === undefined ? undefined : lock?.find(image)?.platforms;
        if (platforms === undefined || platforms.length === 0) return [];
        if (platforms.some((one) => one === platform || one.startsWith(`${platform}/`))) return [];
        const fix = "use another host, or an image that is built for it";
        return [
          { subject: name, reason: `${image} is for ${platforms.join(", ")}, and this host is ${platform}`, fix },
        ];
      });
    },
  },
  {
    id: "volumes-local",
    what: "the engine keeps volumes on a disk of this host",
    why: "SQLite's locks do not work over the network: databases break",
    severity: "error",
    host: true,
    find: async (facts) => {
      const { DockerRootDir } = await facts.localInfo();
      const kind = REMOTE.get((await facts.host.space(DockerRootDir)).type);
      if (kind === undefined) return [];
      const fix = "move it to a local disk: data-root in /etc/docker/daemon.json";
      return [{ subject: DockerRootDir, reason: `lies on ${kind}`, fix }];
    },
  },
];

function isRootless(options: readonly string[]): boolean {
  return options.some((option) => option.startsWith("name=rootless"));
}
