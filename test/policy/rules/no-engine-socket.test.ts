import { noEngineSocket } from "../../../lib/policy/rules/no-engine-socket";
import { describeRule, web } from "../support";

const bind = (source: string, more: object = {}, read_only = true) =>
  web({
    ...more,
    volumes: [{ type: "bind", source, target: "/x", read_only, bind: { create_host_path: false } }],
  });
const PROXY = { image: "ghcr.io/tecnativa/docker-socket-proxy:v0.4.1" };

describeRule(noEngineSocket, {
  breaks: [
    ["Docker's socket, though it is only read", bind("/var/run/docker.sock"), ["next/web", "services.web.volumes[0]"]],
    [
      "a proxy of the socket, which may replace it",
      bind("/var/run/docker.sock", PROXY, false),
      ["next/web", "services.web.volumes[0]"],
    ],
    ["another path of it", bind("${SOCK:-/run/docker.sock}"), ["next/web", "services.web.volumes[0]"]],
  ],
  holds: [
    ["another socket", bind("/run/dbus/system_bus_socket")],
    ["a proxy of the socket, which only reads it", bind("/var/run/docker.sock", PROXY)],
  ],
});
