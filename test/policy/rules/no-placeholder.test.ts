import { noPlaceholder } from "../../../lib/policy/rules/no-placeholder";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.environment.HOST"] as [string, string];
const host = (HOST: unknown) => web({ environment: { HOST } });

describeRule(noPlaceholder, {
  breaks: [
    ["a domain of nobody", host("${HOST:-lamb.yourdomain.com}"), AT],
    ["one of the documentation", host("${HOST:-lamb.example.org}"), AT],
    ["a word to be replaced", host("changeme"), AT],
  ],
  holds: [
    ["a demand", host("${HOST:?such as lamb.example.org}")],
    ["a real default", host("${HOST:-localhost}")],
    ["nothing", host(null)],
  ],
});
