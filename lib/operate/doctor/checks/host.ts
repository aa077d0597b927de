import { LambRelease } from "../../../lamb/release";
import { isLoopback } from "../../../policy/loopback";
import { OperateError } from "../../error";
import { type Check, type Trouble, troublesOf } from "../check";
import type { DoctorFacts } from "../facts";

const GIB = 2 ** 30;
/** Below this part of a file system, or these bytes, there is little left; below these bytes, nothing can be done. */
const LITTLE = { part: 0.1, bytes: 5 * GIB };
const NOTHING = 1 * GIB;
const INODES = 0.05;
/** Seconds by which a clock may be wrong: LTI's signatures are refused from five minutes on. */
const CLOCK = { warning: 30, error: 240 };
/** Bytes below which a host is too small to run anything of use. */
const SMALLEST = 2 * GIB;

/** Bytes of memory from which on nobody needs swap. */
const ROOMY = 16 * GIB;

/** Asked for the time: where LAMB's images are published. */
const [REGISTRY = ""] = new LambRelease().registry.split("/");

/** The machine. */
export const HOST_CHECKS: readonly Check[] = [
  {
    id: "disk-free",
    what: "the disks have free space",
    why: "on a full disk databases break off in the middle of a write, and nothing can be upgraded or backed up",
    severity: "warning",
    host: true,
    find: async (facts) => {
      const { DockerRootDir } = await facts.localInfo();
      const paths = facts.isHostOnly ? [DockerRootDir] : [DockerRootDir, facts.dir];
      return troublesOf(paths, (path) => roomAt(path, facts));
    },
  },
  {
    id: "memory",
    what: "the host has the memory that the services may use",
    why: "when it runs out, the system ends a service, usually the largest",
    severity: "warning",
    host: true,
    find: async (facts) => {
      const { MemTotal } = await facts.info();
      const services = Object.values((await facts.modelIfAny())?.services ?? {});
      const limits = services.reduce((sum, { mem_limit }) => sum + Number(mem_limit ?? 0), 0);
      const fix = "give the host more memory, or lower the limits in .env";
      if (MemTotal < SMALLEST) return [{ reason: `the host has ${gib(MemTotal)}`, fix }];
      if (limits <= MemTotal) return [];
      return [{ reason: `the services may use ${gib(limits)} together, and the host has ${gib(MemTotal)}`, fix }];
    },
  },
  {
    id: "swap",
    what: "a small host has swap",
    why: "an upgrade that is tried first needs the memory twice for a moment, and then the system ends a service",
    severity: "advice",
    host: true,
    find: async (facts) => {
      const { MemTotal } = await facts.localInfo();
      const swap = Number(
        /^SwapTotal:\s+(\d+)/m.exec((await facts.host.text("/proc/meminfo")) ?? "")?.[1] ?? Number.NaN,
      );
      if (MemTotal >= ROOMY || swap !== 0) return [];
      const fix = "add a swap file of 4 GB: fallocate -l 4G /swapfile; mkswap, chmod 600 and swapon it";
      return [{ reason: `the host has ${gib(MemTotal)} of memory, and no swap`, fix }];
    },
  },
  {
    id: "clock",
    what: "the clock is right",
    why: "with a wrong one certificates look expired and launches from the LMS are refused",
    severity: "warning",
    host: true,
    find: async (facts) => {
      const offset = await facts.host.clockOffset(REGISTRY);
      if (offset === undefined) {
        const reason = `${REGISTRY}, whose clock would be compared, does not answer`;
        throw new OperateError({ code: "no-answer", reason, fix: "compare it yourself: `date -u`" });
      }
      if (Math.abs(offset) < CLOCK.warning) return [];
      const severity = Math.abs(offset) < CLOCK.error ? "warning" : "error";
      const how = `${Math.round(Math.abs(offset))} s ${offset > 0 ? "fast" : "slow"}`;
      const fix = "synchronize it over the network: `timedatectl set-ntp true`";
      return [{ severity, reason: `the clock is ${how}, compared with ${REGISTRY}`, fix }];
    },
  },
  {
    id: "firewall",
    what: "no firewall is trusted to close ports that it does not close",
    why: "the engine's own rules come before those of ufw and firewalld: a published port is open whatever they say",
    severity: "advice",
    host: false,
    find: async (facts) => {
      await facts.localInfo();
      const ufw = (await facts.host.text("/etc/ufw/ufw.conf")) ?? "";
      const firewalld = await facts.host.text("/run/firewalld.pid");
      const name = /^ENABLED=yes$/m.test(ufw) ? "ufw" : firewalld === undefined ? undefined : "firewalld";
      if (name === undefined) return [];
      const { services } = await facts.model();
      return Object.entries(services).flatMap(([service, { ports }]) => {
        const open = ports.filter(({ published, host_ip = "" }) => published !== undefined && !isLoopback(host_ip));
        if (open.length === 0) return [];
        const list = [...new Set(open.map(({ published }) => published))].join(", ");
        const fix = "publish what must not be open on 127.0.0.1 only";
        return [{ subject: `${service}: ${list}`, reason: `is open to everybody, whatever ${name} says`, fix }];
      });
    },
  },
];

async function roomAt(path: string, { host }: DoctorFacts): Promise<readonly Trouble[]> {
  const { freeBytes, totalBytes, freeInodes, totalInodes } = await host.space(path);
  const fix =
    "make room: `docker system df` shows what the engine stores, `docker image prune -a` removes unused images";
  const troubles: Trouble[] = [];
  if (freeBytes < Math.min(LITTLE.bytes, totalBytes * LITTLE.part) || freeBytes < NOTHING) {
    const severity = freeBytes < NOTHING ? "error" : "warning";
    troubles.push({ subject: path, severity, reason: `has ${gib(freeBytes)} left of ${gib(totalBytes)}`, fix });
  }
  if (totalInodes > 0 && freeInodes < totalInodes * INODES) {
    const reason = `has ${freeInodes} inodes left of ${totalInodes}: no more files can be made soon`;
    troubles.push({ subject: path, reason, fix: "remove files that nobody needs: old logs, caches, images" });
  }
  return troubles;
}

function gib(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}
