import { dataKept } from "../../../lib/policy/rules/data-kept";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.volumes"] as [string, string];
const mounts = (...volumes: unknown[]) => web({ volumes }, { volumes: { data: null } });

describeRule(
  dataKept([{ image: (name) => name.endsWith("/web"), facts: [{ path: "/var/data", holds: "its data" }] }]),
  {
    breaks: [
      ["nothing", web({}), AT],
      ["another place", mounts("data:/var/data2"), AT],
      ["a part of it", mounts("data:/var/data/uploads"), AT],
      ["an anonymous volume, which goes with the container", mounts("/var/data"), AT],
      ["memory", mounts({ type: "tmpfs", target: "/var/data" }), AT],
    ],
    holds: [
      ["the place", mounts("data:/var/data")],
      ["a place above it", mounts("data:/var/")],
      ["the long form", mounts({ type: "volume", source: "data", target: "/var/data" })],
      ["another image", web({ image: "other:v1" })],
    ],
  },
);
