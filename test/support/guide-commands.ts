import { App, CaddyOverlay, LambStack } from "lamb-compose";
import { commandsOf, type GuideCommand, type GuidePage, LambGuides } from "lamb-compose/guides";

/**
 * Commands of LAMB's guides, each with its page, by the engine test that runs them because it has what they need: an older
 * LAMB, data that are worth a restore. All others are run where the pages are gone through, in their order.
 */
export const RUN_ELSEWHERE = {
  backup: ["operations/restore-new"],
  migrate: [
    "migration/migrate-plan",
    "migration/migrate",
    "migration/folder",
    "migration/cutover",
    "migration/back-down",
    "migration/back-start",
  ],
  relink: ["operations/relink"],
  restore: ["operations/restore-plan", "operations/restore"],
} as const;

/** LAMB's pages in the order in which somebody reads them. */
export function lambPages(): readonly GuidePage[] {
  const app = new App();
  const stack = new LambStack(app, "next");
  new CaddyOverlay(stack, "prod");
  const { deployment, operations, migration } = new LambGuides(app, "guides", { stack });
  const { context } = app.synth();
  return [deployment, operations, migration].map((guide) => guide.page(context));
}

/** The commands of some pages by `page/id`, in their order. */
export function namedCommands(pages: readonly GuidePage[]): ReadonlyMap<string, GuideCommand> {
  return new Map(pages.flatMap((page) => commandsOf(page).map((command) => [`${page.id}/${command.id}`, command])));
}

/** The commands that one engine test has to run. */
export class CommandsOf<Test extends keyof typeof RUN_ELSEWHERE> {
  private readonly commands = namedCommands(lambPages());
  private readonly open: Set<string>;

  constructor(test: Test) {
    this.open = new Set(RUN_ELSEWHERE[test]);
  }

  /** A command, which is run now. */
  take(name: (typeof RUN_ELSEWHERE)[Test][number]): GuideCommand {
    const command = this.commands.get(name);
    if (command === undefined) throw new Error(`no page has the command ${name}`);
    this.open.delete(name);
    return command;
  }

  /** What was not taken so far. */
  get left(): readonly string[] {
    return [...this.open];
  }
}
