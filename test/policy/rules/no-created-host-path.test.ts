import { noCreatedHostPath } from "../../../lib/policy/rules/no-created-host-path";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.volumes[0]"] as [string, string];
const long = (bind?: object) =>
  web({ volumes: [{ type: "bind", source: "./web.conf", target: "/etc/web.conf", read_only: true, bind }] });

describeRule(noCreatedHostPath, {
  breaks: [
    ["the short form", web({ volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro"] }), AT],
    ["the short form with a variable", web({ volumes: ["${FILE:-./Caddyfile}:/etc/caddy/Caddyfile:ro"] }), AT],
    ["the long form that says so", long({ create_host_path: true }), AT],
    ["the long form that says nothing, which is created from Compose 5 on", long(), AT],
  ],
  holds: [
    ["the long form that says no", long({ create_host_path: false })],
    ["a named volume", web({ volumes: ["data:/data"] }, { volumes: { data: null } })],
    ["a config", web({ configs: [{ source: "c", target: "/etc/c" }] }, { configs: { c: { file: "./c" } } })],
  ],
});
