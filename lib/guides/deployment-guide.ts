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
      "How to install this deployment, and what it is made of. [Operations](operations) explains how to look after it. [Migration](migration) says what changed for those who run an older one.",
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
      `It needs Docker Engine ${OLDEST_ENGINE} and Docker Compose 2.40, or later ones. Check what the host has:`,
      {
        id: "docker-version",
        lines: ["docker version --format '{{.Server.Version}}'", "docker compose version --short"],
      },
      "Copy all files that this page names into a folder on the host, and go there. Copy the template of the settings, and fill in the empty ones:",
      { id: "settings", lines: [`cp ${template} .env`, "chmod 600 .env"] },
      "Every secret needs a value of its own, which nobody has to remember. This generates one:",
      { id: "secret", lines: ["openssl rand -hex 32"] },
      "Start it. The command ends when every service is ready, or when the first one fails:",
      { id: "up", lines: ["docker compose up --detach --wait"] },
    ],
  };
}
