import { isOneOf } from "../image-capabilities";
import { eachMount, type Rule } from "../rule";

const SOCKET = /(^|\/)(docker|containerd|podman|crio)\.sock$/;

/** Images that let only chosen questions through to the engine: what others are told to ask. */
const isSocketProxy = isOneOf(
  "tecnativa/docker-socket-proxy",
  "linuxserver/socket-proxy",
  "wollomatic/socket-proxy",
  "11notes/socket-proxy",
);

export const noEngineSocket: Rule = {
  id: "no-engine-socket",
  what: "can command the container engine of the host",
  why: "an attacker who gets into it can start a container with the host's files, and is root",
  fix: "remove the mount; for a service that only reads, use a socket proxy that allows nothing else",
  severity: "error",
  check: eachMount(({ type, source, readOnly }, { image }) => {
    const isForProxy = readOnly && image !== undefined && isSocketProxy(image.repository);
    return type === "bind" && SOCKET.test(source) && !isForProxy;
  }),
};
