import type { Construct } from "constructs";
import type { GuideFacts } from "./facts";
import { Guide, type GuideProps } from "./guide";
import { code } from "./markdown";
import type { GuideChapter, GuidePage } from "./page";

/**
 * How to look after a deployment: see how it is, stop and start it, bring a new version, and take it away.
 *
 * @example
 * ```ts
 * const env = new EnvTemplate(app, "env", { fileName: ".env.example" });
 * new OperationsGuide(app, "operations guide", { env });
 * ```
 */
export class OperationsGuide extends Guide {
  constructor(scope: Construct, id: string, props: GuideProps) {
    super(scope, id, { ...props, fileName: props.fileName ?? "Documentation/operations.md" }, operationsPage);
  }
}

/** The page for any deployment. */
function operationsPage(facts: GuideFacts): GuidePage {
  return {
    id: "operations",
    title: "Operations",
    intro:
      "How to look after this deployment once it runs. All commands are given in its folder. How to install it says [Deployment](deployment).",
    chapters: [look(facts), restart(facts), newVersion(), uninstall(facts)],
  };
}

function look({ services }: GuideFacts): GuideChapter {
  const [service] = services;
  return {
    id: "look",
    title: "See how it is",
    blocks: [
      "Every service with its state. All of them should be running, and healthy where they can say so:",
      { id: "ps", lines: ["docker compose ps"] },
      ...(service === undefined
        ? []
        : [
            `What a service says, here ${code(service.name)}:`,
            { id: "logs", lines: [`docker compose logs --tail 50 ${service.name}`] },
          ]),
      "What Compose makes of the files and the settings. It shows secrets in clear text:",
      { id: "config", lines: ["docker compose config --quiet"] },
    ],
  };
}

function restart({ services }: GuideFacts): GuideChapter {
  return {
    id: "restart",
    title: "Stop and start",
    blocks: [
      "After a change in `.env` or in a file, this makes anew what the change concerns and leaves the rest alone:",
      { id: "apply", lines: ["docker compose up --detach --wait"] },
      ...(services.length === 0 ? [] : ["To stop everything for a while, and to start it again. The data stay:"]),
      { id: "stop", lines: ["docker compose stop"] },
      { id: "start", lines: ["docker compose up --detach --wait"] },
    ],
  };
}

function newVersion(): GuideChapter {
  return {
    id: "upgrade",
    title: "Bring a new version",
    blocks: [
      "Make a copy of the data first. Then put the new files in the place of the old ones, or change the version in `.env`, and:",
      { id: "pull", lines: ["docker compose pull"], notRun: "its images come from a registry" },
      {
        id: "upgrade",
        lines: ["docker compose up --detach --wait"],
        notRun: "it starts the images of the command before it",
      },
      "Where Node.js is installed, `lamb-compose upgrade` does more: it tries the new version on a copy of the data, and goes back by itself when something fails.",
    ],
  };
}

function uninstall({ volumes }: GuideFacts): GuideChapter {
  const names = volumes.map(({ name }) => code(name)).join(", ");
  return {
    id: "uninstall",
    title: "Take it away",
    blocks: [
      "This removes containers and networks. The data stay, and `docker compose up` brings everything back:",
      { id: "down", lines: ["docker compose down"] },
      ...(names === ""
        ? []
        : [
            `**This removes the data, too, for good:** the volumes ${names}.`,
            { id: "down-volumes", lines: ["docker compose down --volumes"] },
          ]),
    ],
  };
}
