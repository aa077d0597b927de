import { connect } from "node:net";
import { must } from "./run";

/** The sockets that listen on this machine, as `tcp 127.0.0.1:9099`, sorted. */
export async function listening(): Promise<string[]> {
  const { stdout } = await must("ss", ["-H", "-l", "-n", "-t", "-u"]);
  const rows = stdout.split("\n").filter((row) => row !== "");
  return rows
    .map((row) => row.split(/\s+/))
    .map(([kind, , , , address]) => `${kind} ${address}`)
    .sort();
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
