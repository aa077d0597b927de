import type { Command } from "commander";
import { confirmInTerminal, isInteractive } from "./ask";
import { reportRights } from "./env-plan";
import { DIR } from "./options";
import { say, UsageError } from "./report";

/** Adds the commands that keep an `.env` encrypted in version control. */
export function registerSeal(env: Command): void {
  env
    .command("seal")
    .description("encrypt .env with SOPS into .env.sealed.json, which may be kept in version control")
    .option(...DIR)
    .option("--age <RECIPIENTS>", "age recipients (default: as .sops.yaml says)")
    .action(seal);
  env
    .command("open")
    .description("decrypt .env.sealed.json into .env; an earlier .env is kept beside it")
    .option(...DIR)
    .option("--yes", "replace another .env without asking")
    .action(open);
}

async function seal({ dir, age }: { readonly dir: string; readonly age?: string }): Promise<void> {
  const { sealEnv } = await import("../operate/env/seal");
  const { path, isWritten } = await sealEnv(dir, age);
  say(isWritten ? `wrote ${path}` : `${path} holds this .env already, for the same keys`);
}

async function open({ dir, yes }: { readonly dir: string; readonly yes?: true }): Promise<void> {
  const { openSealed, writeOpened } = await import("../operate/env/seal");
  const opened = await openSealed(dir);
  const { env, text } = opened;
  if (env.text === text) {
    say(`${env.path} is what was encrypted: nothing to do`);
    return;
  }
  if (env.text !== undefined && yes !== true) {
    if (!isInteractive()) throw new UsageError(`there is another ${env.path}: with --yes it is replaced, and kept`);
    if (!(await confirmInTerminal(`Replace ${env.path}, which has other values? It is kept beside the new one.`))) {
      say("nothing was changed");
      return;
    }
  }
  const backup = await writeOpened(opened, new Date());
  say(env.text === undefined ? `made ${env.path}, which only you can read` : `replaced ${env.path}`);
  if (env.text !== undefined) reportRights(env);
  if (backup !== undefined) say(`backup with the old one: ${backup}`);
  say("next: `lamb-compose env check`, and `lamb-compose up` where it is to run");
}
