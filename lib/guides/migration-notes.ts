import type { Construct } from "constructs";
import type { GuideFacts } from "./facts";
import { Guide, type GuideProps } from "./guide";
import { code } from "./markdown";
import type { GuidePage } from "./page";
import { oldNamesChapter } from "./reference";

/**
 * What changes for those who already have an older deployment: names of settings, and where the data have to be.
 *
 * @example
 * ```ts
 * const env = new EnvTemplate(app, "env", { fileName: ".env.example" });
 * new MigrationNotes(app, "migration notes", { env });
 * ```
 */
export class MigrationNotes extends Guide {
  constructor(scope: Construct, id: string, props: GuideProps) {
    super(scope, id, { ...props, fileName: props.fileName ?? "Documentation/migration.md" }, migrationPage);
  }
}

/** The page for any deployment. */
function migrationPage(facts: GuideFacts): GuidePage {
  return {
    id: "migration",
    title: "Migration",
    intro:
      "What changes for those who already run an older installation. [Deployment](deployment) explains how to install a new one.",
    chapters: [
      {
        id: "project",
        title: "Keep the name of the project",
        blocks: [
          `Docker stores data under the name of the project. This one is called ${code(facts.project)} unless \`COMPOSE_PROJECT_NAME\` in \`.env\` says otherwise. Under another name it starts with empty volumes, and the data stays where it was. List the projects of this host:`,
          { id: "projects", lines: ["docker compose ls --all"] },
        ],
      },
      oldNamesChapter(facts),
    ],
  };
}
