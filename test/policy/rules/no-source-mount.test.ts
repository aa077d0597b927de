import { noSourceMount } from "../../../lib/policy/rules/no-source-mount";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.volumes[0]"] as [string, string];
/** The long form, which creates nothing on the host. */
const bind = (source: string, target = "/app", more = {}) =>
  web({ volumes: [{ type: "bind", source, target, bind: { create_host_path: false }, ...more }] });

describeRule(noSourceMount, {
  breaks: [
    ["the checkout", bind("."), AT],
    ["a folder of it, only read", bind("./src", "/app/src", { read_only: true }), AT],
    ["data on the host", bind("/srv/data", "/data"), AT],
    ["a folder that a variable names", bind("${SOURCE:-./src}"), AT],
    ["a setting that the service may write", bind("./web.conf", "/etc/web.conf"), AT],
    [
      "an overlay for development",
      { services: { web: {} }, overlay: { web: bind("./src").services.web ?? {} } },
      ["next/later/web", "services.web.volumes[0]"],
    ],
  ],
  holds: [
    ["a named volume", web({ volumes: ["data:/data"] }, { volumes: { data: null } })],
    ["the host's time", bind("/etc/localtime", "/etc/localtime", { read_only: true })],
    ["a setting that is only read", bind("./web.conf", "/etc/web.conf", { read_only: true })],
    ["a file in memory", web({ volumes: [{ type: "tmpfs", target: "/tmp" }] })],
    ["an anonymous volume", web({ volumes: ["/data"] })],
  ],
});
