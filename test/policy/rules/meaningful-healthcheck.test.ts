import { meaningfulHealthcheck } from "../../../lib/policy/rules/meaningful-healthcheck";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.healthcheck.test"] as [string, string];
const probe = (test: string | readonly string[]) => web({ healthcheck: { test } });
const rule = meaningfulHealthcheck([
  { image: (name) => name === "registry.example/web", probe: /\/ping(?!\w)/, instead: "/ready" },
]);

describeRule(rule, {
  breaks: [
    ["true", probe(["CMD", "true"]), AT],
    ["an exit code by hand", probe("exit 0"), AT],
    ["a failure that is swallowed", probe("curl -f http://127.0.0.1/ready || true"), AT],
    ["another one", probe(["CMD-SHELL", "curl -f http://127.0.0.1/ready || exit 0"]), AT],
    ["a known constant", probe(["CMD", "curl", "-f", "http://127.0.0.1/ping"]), AT],
    ["a known constant as a text", probe("curl -f 'http://127.0.0.1/ping'"), AT],
  ],
  holds: [
    ["a failure that counts", probe("curl -f http://127.0.0.1/ready || exit 1")],
    ["an address that begins like a constant one", probe("curl -f http://127.0.0.1/pingdb")],
    [
      "the same address of another image",
      web({ image: "other:v1", healthcheck: { test: ["CMD", "curl", "-f", "http://127.0.0.1/ping"] } }),
    ],
  ],
});
