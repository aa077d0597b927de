import { type Command, Option } from "commander";
import { DISK } from "../disk/compose-access";
import { exitLines } from "./exit-text";
import { type Ending, end } from "./operation";
import { DIR } from "./options";

const FORMATS = ["text", "json", "markdown"] as const;

const ABOUT = `
Checks whether the deployment in DIR can take the place of an older one: what differs, as Compose would resolve the files of
both; what migrations, backups, upgrades and starts have shown of the next one; a verdict, and what speaks against it. The
older files can be those of a checkout, or upstream's docker-compose.next.yaml with its overlays in their order. It reads files
and records, and sends requests to the public addresses; nothing is changed, and no value of a variable is shown.

examples:
  lamb-compose cutover --from /opt/lamb/docker-compose.yaml --dir lamb
  lamb-compose cutover --from /opt/lamb/docker-compose.yaml --dir lamb --report markdown > cutover.md

Exit status:
${exitLines(["ok", "differs", "failed"])}
Here 3 means that the verdict is no.`;

interface Words {
  readonly from: readonly string[];
  readonly dir: string;
  readonly offline?: true;
  readonly report: (typeof FORMATS)[number];
}

/** Adds the command that says whether a deployment can replace an older one. */
export function registerCutover(program: Command): void {
  program
    .command("cutover")
    .description("check whether the deployment can replace an older one, and why")
    .requiredOption("--from <FILES...>", "Compose files of the older deployment, the base first")
    .option(...DIR)
    .option("--offline", "do not ask the deployment's public addresses")
    .addOption(new Option("--report <FORMAT>", "output format").choices(FORMATS).default("text"))
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.report === "json", () => decide(words)));
}

async function decide({ from, dir, offline, report }: Words): Promise<Ending> {
  const [{ cutover }, { cutoverPage, formatCutover }, { askOutside }] = await Promise.all([
    import("../operate/cutover/cutover"),
    import("../operate/cutover/text"),
    import("../operate/verify/outside"),
  ]);
  const ask = offline === true ? undefined : askOutside;
  const found = await cutover({ from, dir, environment: process.env, access: DISK, ask });
  return {
    outcome: found.verdict === "yes" ? "ok" : "differs",
    text: (report === "markdown" ? cutoverPage(found) : formatCutover(found)).trimEnd(),
    json: { ...found },
  };
}
