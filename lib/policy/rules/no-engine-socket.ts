import { mountsOf } from "../mounts";
import { eachService, type Rule } from "../rule";

const SOCKET = /(^|\/)(docker|containerd|podman|crio)\.sock$/;

export const noEngineSocket: Rule = {
  id: "no-engine-socket",
  what: "can command the container engine of the host",
  why: "whoever breaks into it starts a container with the host's files in it, and is root",
  fix: "take the mount out; what only reads can ask a proxy that lets nothing else through",
  severity: "error",
  check: eachService((service) =>
    mountsOf(service)
      .filter(({ type, source }) => type === "bind" && SOCKET.test(source))
      .map(({ source, index }) => ({ path: service.at("volumes", index), value: source })),
  ),
};
