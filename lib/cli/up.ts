import type { Command } from "commander";
import { exitLines } from "./exit-text";
import { type Ending, end, refusal } from "./operation";
import { AS_JSON, DIR } from "./options";
import { progressInLines } from "./progress";

const ABOUT = `
Looks at what could go wrong, pulls the images that are missing, starts one service after the other and waits until each
is well. If one fails, it is named within seconds, with the end of its log. Run again, it continues where it was; what
is well and as the files say is left alone. The state that was reached is kept in DIR/.lamb-compose/history.

Exit status:
${exitLines(["ok", "failed", "refused", "stuck", "busy"])}`;

interface Words {
  readonly dir: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds the command that starts a deployment. */
export function registerUp(program: Command): void {
  program
    .command("up")
    .description("start the deployment, or bring what runs to what its files say")
    .option(...DIR)
    .option("--yes", "start with empty volumes although another project has volumes of the same names")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => startDeployment(words)));
}

async function startDeployment({ dir, yes }: Words): Promise<Ending> {
  const { up } = await import("../operate/up/up");
  const result = await up({ dir, environment: process.env, progress: progressInLines(), yes });
  if (result.refused !== undefined) return refusal(result.refused);
  const { outcome, error, services, facts } = result;
  const text =
    outcome === "ok" ? `${services.length} services are up and well; the state is kept as ${facts.state}` : undefined;
  return { outcome, error, text, json: { services, state: facts.state } };
}
