import { type Command, Option } from "commander";
import { DIR } from "./options";
import { printExactly } from "./streams";

const FORMATS = ["mermaid", "dot", "svg"] as const;
const THEMES = ["light", "dark"] as const;

const ABOUT = `
Shows which services there are, the networks that they share, the ports through which they are reached, and the volumes with
who writes and who only reads them: as Mermaid, in the language of Graphviz, or drawn as SVG. It reads files only, and asks
no engine. No value of the .env is in it but names of images and numbers of ports.`;

interface Words {
  readonly dir: string;
  readonly format: (typeof FORMATS)[number];
  readonly theme: (typeof THEMES)[number];
}

/** Adds the command that draws a deployment. */
export function registerGraph(program: Command): void {
  program
    .command("graph")
    .description("draw the deployment: services, networks, ports, volumes and who writes them")
    .option(...DIR)
    .addOption(new Option("--format <FORMAT>", "in which form").choices(FORMATS).default("mermaid"))
    .addOption(new Option("--theme <THEME>", "for which background").choices(THEMES).default("light"))
    .addHelpText("after", ABOUT)
    .action(graph);
}

async function graph({ dir, format, theme }: Words): Promise<void> {
  const { graphOf } = await import("../operate/graph");
  printExactly(await graphOf({ dir, environment: process.env, format, theme }));
}
