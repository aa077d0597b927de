import type { Command } from "commander";
import type { DeploymentChoices } from "../operate/deployment";
import { reportFindings } from "../policy/report";
import { reportEnv, reportGitIgnore, type ValueWords, valuesOf, withValueOptions } from "./env-plan";
import { composeIn, say, warn } from "./report";
import { printError } from "./streams";

/** Adds the command that makes a deployment. */
export function registerInit(program: Command): void {
  const command = program
    .command("init")
    .description("write LAMB's deployment and its .env into a directory; run again, bring them up to date")
    .option("--dir <DIR>", "where to write", ".")
    .option("--release <RELEASE>", "release of LAMB (default: the newest that is out)");
  for (const [name, about] of PARTS) command.option(`--${name}`, about).option(`--no-${name}`, `without it`);
  withValueOptions(command)
    .option("--tls <KIND>", "whose certificates: acme, internal, certificate (default: acme)")
    .option("--force", "overwrite generated files that were changed by hand")
    .addHelpText("after", "\nA later run keeps the choices of the earlier one: they are in lamb-init.json.")
    .action(init);
}

const PARTS = [
  ["caddy", "Caddy with TLS before everything (the default)"],
  ["ollama", "language models on this host"],
  ["library", "LAMB's library of documents (from LAMB 0.7 on, where it is the default)"],
  ["alias", "the name `backend` for LAMB, which installations of the old stack have stored"],
  ["gpu", "NVIDIA GPUs for Ollama"],
] as const;

interface Words extends ValueWords, DeploymentChoices {
  readonly dir: string;
  readonly force?: true;
}

async function init(words: Words): Promise<void> {
  const { initialize } = await import("../operate/init");
  const { startCommand } = await import("../operate/start-command");
  const { dir, force, release, tls, caddy, ollama, library, alias, gpu } = words;
  const choices = { release, tls, caddy, ollama, library, alias, gpu };
  const { existingProjects } = await import("../operate/project-names");
  const request = { dir, choices, force, existing: existingProjects, ...(await valuesOf(words)) };
  const { deployment, files, env, notes, gitIgnore } = await initialize(request);
  const findings = deployment.synthesis.findings.filter(({ severity }) => severity !== "suppressed");
  printError(reportFindings(findings));
  for (const path of files.written) say(`wrote ${path}`);
  for (const path of files.removed) say(`removed ${path}`);
  for (const path of files.kept) say(`left ${path}, which was changed by hand`);
  if (files.unchanged.length > 0) say(`${files.unchanged.length} file(s) were up to date`);
  reportEnv(env);
  const start = startCommand(deployment.contract, dir, env.text, process.env);
  for (const note of [...notes, ...start.notes]) warn(`note: ${note}`);
  reportGitIgnore(gitIgnore);
  if (process.exitCode !== undefined && process.exitCode !== 0) return;
  if (env.added.some(({ name, from }) => name === "OWI_ADMIN_PASSWORD" && from === "generated")) {
    say("the first administrator's password is in .env: OWI_ADMIN_PASSWORD");
  }
  say(`next: ${composeIn(dir, start.words)} up -d --wait`);
}
