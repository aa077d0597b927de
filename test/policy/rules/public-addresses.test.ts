import { publicAddresses } from "../../../lib/policy/rules/public-addresses";
import { describeRule } from "../support";

const behind = (PUBLIC_URL: unknown) => ({
  services: { proxy: {}, web: { environment: { PUBLIC_URL, OTHER: "http://localhost" } } },
});
const AT = ["next/web", "services.web.environment.PUBLIC_URL"] as [string, string];

describeRule(publicAddresses("proxy", ["PUBLIC_URL"]), {
  breaks: [
    ["localhost", behind("http://localhost:8080"), AT],
    ["a default", behind("${PUBLIC_URL:-http://localhost}"), AT],
    ["an address of loopback", behind("http://127.0.0.1/x"), AT],
  ],
  holds: [
    ["a host", behind("https://${HOST:?}")],
    ["a host that begins like it", behind("http://localhost.campus.edu")],
    ["a stack without a proxy", { services: { web: { environment: { PUBLIC_URL: "http://localhost" } } } }],
  ],
});
