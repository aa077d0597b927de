import { requiredNotEmpty } from "../../../lib/policy/rules/required-not-empty";
import { describeRule, web } from "../support";

const AT = ["next/web", "services.web.environment.DATA"] as [string, string];
const data = (DATA: unknown) => web({ environment: { DATA } });

describeRule(requiredNotEmpty, {
  breaks: [
    ["a demand without a colon", data("${DATA?set it}"), AT],
    ["one inside a default", data("${ONE:-${DATA?}}"), AT],
    ["one in a list", web({ environment: ["DATA=${DATA?}"] }), ["next/web", "services.web.environment.DATA"]],
  ],
  holds: [
    ["a demand with a colon", data("${DATA:?set it}")],
    ["a question", data("why?")],
    ["a question in a default", data("${DATA:-https://www.campus.edu/?q=1}")],
  ],
});
