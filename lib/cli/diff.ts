import type { Command } from "commander";
import { type Ending, end } from "./operation";
import { AS_JSON, DIR } from "./options";
import { UsageError } from "./report";

const ABOUT = `
Compares what runs with what the files and the .env say now, field by field, and shows what \`docker compose up\` would do
about it, by the worst result: nothing, a restart, data at risk (they stay, and no service sees them), data lost.
Of values that can be secrets it only shows that they differ. Nothing is changed.

Exit status: 0 without differences; 3 with one; 1 when this cannot be determined.`;

interface Words {
  readonly dir: string;
  readonly deployed?: true;
  readonly json?: true;
}

/** Adds the command that says what differs. */
export function registerDiff(program: Command): void {
  program
    .command("diff")
    .description("show how what runs differs from the files, and what `up` would do about it")
    .option(...DIR)
    .option("--deployed", "compare with what runs")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action((words: Words) => {
      if (words.deployed !== true) {
        throw new UsageError("give --deployed, which compares the files with what runs");
      }
      return end(words.json === true, () => diffDeployed(words));
    });
}

async function diffDeployed({ dir }: Words): Promise<Ending> {
  const [{ deployedDifferences, worstOf }, { formatDifferences }, { Docker }, { ComposeProject }] = await Promise.all([
    import("../operate/deployed/difference"),
    import("../operate/deployed/text"),
    import("../operate/engine/docker"),
    import("../operate/engine/project"),
  ]);
  const differences = await deployedDifferences(new ComposeProject(dir, new Docker(process.env)));
  return {
    outcome: differences.length === 0 ? "ok" : "differs",
    text: formatDifferences(differences),
    json: { worst: worstOf(differences), differences },
  };
}
