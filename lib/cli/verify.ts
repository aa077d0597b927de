import type { Command } from "commander";
import { type Ending, end } from "./operation";
import { AS_JSON, DIR } from "./options";

const ABOUT = `
Sends requests to the deployment as its users do: by its public names, through its proxy, with TLS. The requests are in the
files, below x-lamb-compose. Nothing is changed.

Exit status: 0 when all is as it should be; 3 when something is not; 1 when this cannot be determined.`;

interface Words {
  readonly dir: string;
  readonly json?: true;
}

/** Adds the command that asks a deployment from outside. */
export function registerVerify(program: Command): void {
  program
    .command("verify")
    .description("check the deployment from outside, as its users reach it")
    .option(...DIR)
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => verify(words)));
}

async function verify({ dir }: Words): Promise<Ending> {
  const [{ askOutside }, { releaseFacts }, { Docker }, { ComposeProject }] = await Promise.all([
    import("../operate/verify/outside"),
    import("../operate/engine/facts"),
    import("../operate/engine/docker"),
    import("../operate/engine/project"),
  ]);
  const { outside } = releaseFacts(await new ComposeProject(dir, new Docker(process.env)).model());
  const answers = await askOutside(outside);
  const lines = answers.map(({ what, url, problem }) => {
    return problem === undefined ? `ok      ${what}` : `failed  ${what}: ${url}: ${problem}`;
  });
  return {
    outcome: answers.every(({ problem }) => problem === undefined) ? "ok" : "differs",
    text: lines.length === 0 ? "the files have no check from outside" : lines.join("\n"),
    json: { answers },
  };
}
