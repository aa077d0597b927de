import type { Command } from "commander";
import { choicesAmong } from "../operate/choices";
import type { MigrationPlan } from "../operate/migrate/plan";
import { collect, type ValueWords, valuesOf, withValueOptions } from "./env-plan";
import { exitLines } from "./exit-text";
import { withChoiceOptions } from "./init";
import { type Ending, end, refusal, TROUBLE } from "./operation";
import { AS_JSON, DIR } from "./options";
import { progressInLines } from "./progress";
import { UsageError } from "./report";
import { agreement, notAgreed } from "./switch";

const ABOUT = `
FROM is the directory of the older installation: a checkout of LAMB with its data in folders (LAMB_PROJECT_PATH), or the
directory of upstream's docker-compose.next.yaml with its data in volumes, uploads and logs in the layers of its containers
included. DIR is a directory that is to be made, or one that \`init\` has made.

Begin with --plan: it shows how much there is and where it goes, what happens to each variable, which rows in the data name
old places, and what is needed. Then the same command without it: the images are pulled, the older installation is stopped,
everything is copied and compared, places are rewritten in the copy, and the deployment is started. The older installation
is only read, and stays as it is: if anything fails, it is started again, and \`docker start\` does it later. What was written since
is only in the new deployment. If it is interrupted, run the same command again: it continues.

Exit status:
${exitLines(["ok", "failed", "refused", "returned", "stuck", "busy"])}`;

interface Words extends ValueWords {
  readonly from?: string;
  readonly dir: string;
  readonly project?: string;
  readonly leave?: readonly string[];
  readonly abort?: true;
  readonly plan?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Adds the command that takes over an older installation. */
export function registerMigrate(program: Command): void {
  const command = program
    .command("migrate")
    .description("make a deployment from the data of an older installation, which stays as it is")
    .option("--from <DIR>", "directory of the older installation")
    .option(...DIR)
    .option("--project <NAME>", "name of the older installation's project (default: found)")
    .option("--leave <VOLUME>", "leave the data of a volume behind; can be repeated", collect);
  withValueOptions(withChoiceOptions(command))
    .option("--abort", "undo one that was interrupted")
    .option("--plan", "show what would happen, and stop there")
    .option("--yes", "do not ask")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action((words: Words) => end(words.json === true, () => takeOver(words)));
}

async function takeOver(words: Words): Promise<Ending> {
  const { from, dir, project, leave = [], abort = false, plan: isPlan } = words;
  const [{ migrate }, { prepareMigration }, { formatMigration }, { Docker }] = await Promise.all([
    import("../operate/migrate/migrate"),
    import("../operate/migrate/plan"),
    import("../operate/migrate/text"),
    import("../operate/engine/docker"),
  ]);
  const { given, givenInPrivate, ask } = await valuesOf(words);
  const environment = process.env;
  const docker = new Docker(environment);
  const choices = choicesAmong(words);
  const common = { dir, environment, project, leave, choices, given, givenInPrivate, docker };
  if (isPlan === true) {
    if (from === undefined) throw new UsageError("--plan needs --from DIR");
    const { note } = progressInLines();
    const { plan } = await prepareMigration({ ...common, from, note });
    return notAgreed(words, formatMigration(plan), plan);
  }
  const agrees = agreement(words, formatMigration);
  const result = await migrate({ ...common, from, progress: progressInLines(), ask, abort, agrees });
  switch (result.kind) {
    case "refused":
      return refusal(result.refused);
    case "not-agreed":
      return notAgreed(words, formatMigration(result.plan), result.plan);
    case "ended": {
      const { outcome, error, second, facts, stopped, plan } = result;
      const json = { state: facts.kept, stopped };
      if (abort && outcome === "returned") return { outcome: "ok", text: TEXTS.returned, json };
      return {
        outcome,
        error: second ?? error,
        text: outcome === "ok" ? done(dir, stopped, plan) : TEXTS[outcome],
        json,
      };
    }
  }
}

const TEXTS: typeof TROUBLE = {
  ...TROUBLE,
  failed: "nothing was touched: the older installation is as it was",
  returned: "the older installation is as it was, and runs if it ran before",
};

function done(dir: string, stopped: readonly string[], { returning }: MigrationPlan): string {
  const start =
    stopped.length === 0
      ? "start the older installation as before"
      : `docker start ${stopped.map((id) => id.slice(0, 12)).join(" ")}`;
  return [
    `the data are in the deployment in ${dir}, and it runs`,
    `what was copied and rewritten: ${dir}/.lamb-compose/migration.json`,
    `the way back: docker compose --project-directory ${dir} down, never with --volumes; then ${start}`,
    ...(returning.length === 0
      ? []
      : [
          `the engine would start the old containers again when it starts itself; to end that: docker update --restart no ${returning.join(" ")}`,
        ]),
    "next: sign in, open a chat with a file, ask a knowledge base, and start an activity from the LMS",
  ].join("\n");
}
