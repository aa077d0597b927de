import type { Construct } from "constructs";
import { OLDEST_ENGINE } from "../construct/engine-version";
import type { GuideFacts } from "./facts";
import { Guide, type GuideProps } from "./guide";
import type { GuideChapter, GuidePage } from "./page";
import { dataChapter, filesChapter, servicesChapter, variablesChapter } from "./reference";

/**
 * How to install a deployment, and what it is made of: services, ports, volumes, networks, files and every setting.
 *
 * @example
 * ```ts
 * const env = new EnvTemplate(app, "env", { fileName: ".env.example" });
 * new DeploymentGuide(app, "deployment guide", { env });
 * ```
 */
export class DeploymentGuide extends Guide {
  constructor(scope: Construct, id: string, props: GuideProps) {
    super(scope, id, { ...props, fileName: props.fileName ?? "Documentation/deployment.md" }, deploymentPage);
  }
}

/** The page for any deployment. */
function deploymentPage(facts: GuideFacts): GuidePage {
  return {
    id: "deployment",
    title: "Deployment",
    intro:
      "How to install this deployment, and what it is made of. How to look after it says [Operations](operations); what changed for those who have an older one, [Migration](migration).",
    chapters: [
      install(facts),
      servicesChapter(facts),
      filesChapter(facts),
      variablesChapter(facts),
      dataChapter(facts),
    ],
  };
}

function install({ template }: GuideFacts): GuideChapter {
  return {
    id: "install",
    title: "Install",
    blocks: [
      `It needs Docker Engine ${OLDEST_ENGINE} and Docker Compose 2.40, or later ones. These say which ones a host has:`,
      {
        id: "docker-version",
        lines: ["docker version --format '{{.Server.Version}}'", "docker compose version --short"],
      },
      "Copy all files that this page names to a folder of the host and go there. Make the settings of their template, and fill in what stands there empty:",
      { id: "settings", lines: [`cp ${template} .env`, "chmod 600 .env"] },
      "Every secret wants a value of its own, which nobody has to remember. This makes one:",
      { id: "secret", lines: ["openssl rand -hex 32"] },
      "Start it. The command ends when every service says that it is ready, or with the first that is not:",
      { id: "up", lines: ["docker compose up --detach --wait"] },
    ],
  };
}
