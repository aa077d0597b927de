import type { Command } from "commander";
import { UsageError } from "./report";
import { print } from "./streams";

/** Adds the commands that help shells and readers of manuals. */
export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description("print the script with which a shell completes this command")
    .argument("<SHELL>", "bash, zsh or fish")
    .addHelpText("after", ABOUT)
    .action(async (shell: string) => {
      const [{ commandTable }, { COMPLETION, SHELLS }] = await Promise.all([
        import("./command-table"),
        import("./completion-scripts"),
      ]);
      const known = SHELLS.find((one) => one === shell);
      if (known === undefined) throw new UsageError(`there is no completion for ${shell}: use ${SHELLS.join(", ")}`);
      print(COMPLETION[known](commandTable(program)));
    });
  program
    .command("manual")
    .description("print the manual, for man")
    .addHelpText("after", "\n  lamb-compose manual | man -l -")
    .action(async () => {
      const [{ commandTable }, { manualText }] = await Promise.all([import("./command-table"), import("./manual")]);
      print(manualText(commandTable(program), program.version() ?? ""));
    });
}

const ABOUT = `
  bash   source <(lamb-compose completion bash)     in ~/.bashrc
  zsh    lamb-compose completion zsh > "\${fpath[1]}/_lamb-compose"
  fish   lamb-compose completion fish > ~/.config/fish/completions/lamb-compose.fish`;
