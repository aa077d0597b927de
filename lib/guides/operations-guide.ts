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
      "How to look after this deployment once it runs. Run all commands in its folder. [Deployment](deployment) explains how to install it.",
    chapters: [look(facts), restart(facts), newVersion(), uninstall(facts)],
  };
}

function look({ services }: GuideFacts): GuideChapter {
  const [service] = services;
  return {
    id: "look",
    title: "Check its state",
    blocks: [
      "All services should be running, and healthy if they have a health check:",
      { id: "ps", lines: ["docker compose ps"] },
      ...(service === undefined
        ? []
        : [
            `The log of a service, here ${code(service.name)}:`,
            { id: "logs", lines: [`docker compose logs --tail 50 ${service.name}`] },
          ]),
      "Check the files and the settings. Without `--quiet` it shows what Compose makes of them, secrets included:",
      { id: "config", lines: ["docker compose config --quiet"] },
    ],
  };
}

function restart({ services }: GuideFacts): GuideChapter {
  return {
    id: "restart",
    title: "Stop and start",
    blocks: [
      "After a change in `.env` or in a file, this recreates what the change affects and leaves the rest alone:",
      { id: "apply", lines: ["docker compose up --detach --wait"] },
      ...(services.length === 0 ? [] : ["Stop everything for a while, and start it again. The data stays:"]),
      { id: "stop", lines: ["docker compose stop"] },
      { id: "start", lines: ["docker compose up --detach --wait"] },
    ],
  };
}

function newVersion(): GuideChapter {
  return {
    id: "upgrade",
    title: "Upgrade",
    blocks: [
      "Copy the data first. Then replace the files with the new ones, or change the version in `.env`, and:",
      { id: "pull", lines: ["docker compose pull"] },
      { id: "upgrade", lines: ["docker compose up --detach --wait"] },
      "If Node.js is installed, `lamb-compose upgrade` does more: it tries the new version on a copy of the data, and goes back by itself if something fails.",
    ],
  };
}

function uninstall({ volumes }: GuideFacts): GuideChapter {
  const names = volumes.map(({ name }) => code(name)).join(", ");
  return {
    id: "uninstall",
    title: "Uninstall",
    blocks: [
      "This removes containers and networks. The data stays, and `docker compose up` brings everything back:",
      { id: "down", lines: ["docker compose down"] },
      ...(names === ""
        ? []
        : [
            `**This deletes the data for good:** the volumes ${names}.`,
            { id: "down-volumes", lines: ["docker compose down --volumes"] },
          ]),
    ],
  };
}
