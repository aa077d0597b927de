import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { must } from "./run";

/**
 * The sockets on this machine that listen for a container, as `tcp 127.0.0.1:9099`, sorted: those of the engine's
 * proxies, and those of container processes in the machine's own network. Other programs come and go as they like.
 */
export async function listening(): Promise<string[]> {
  const { stdout } = await must("ss", ["-H", "-l", "-n", "-t", "-u", "-p"]);
  const rows = stdout.split("\n").filter((row) => row !== "");
  const sockets = await Promise.all(
    rows.map(async (row) => {
      const [kind, , , , address] = row.split(/\s+/);
      return (await isOfEngine(row)) ? [`${kind} ${address}`] : [];
    }),
  );
  return sockets.flat().sort();
}

async function isOfEngine(row: string): Promise<boolean> {
  if (row.includes('"docker-proxy"')) {
    return true;
  }
  const pids = [...row.matchAll(/pid=(\d+)/g)].map(([, pid]) => pid);
  // A process that has ended in the meantime listens no more.
  const groups = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "")));
  return groups.some((group) => group.includes("docker"));
}

/**
 * Whether something accepts a TCP connection. Every address of 127.0.0.0/8 is this machine's: a socket bound to
 * 127.0.0.1 refuses at 127.0.0.2, a socket on all interfaces accepts there.
 */
export function accepts(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once("connect", () => end(true))
      .once("error", () => end(false))
      .once("timeout", () => end(false));
  });
}
