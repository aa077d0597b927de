import { namesIn } from "../construct/checks/model";
import type { ComposeFile } from "../construct/compose-file";
import { memoize } from "../construct/memoize";
import { SynthesisContext } from "../construct/synth/context";
import { Deployment } from "../construct/synth/deployment";
import type { RenderedFile } from "../construct/synth/rendered-file";
import type { EnvContract } from "../env/contract";
import type { EnvTemplate } from "../env/template";
import { deploymentGraph, portText } from "../graph/graph";
import { mermaidText } from "../graph/mermaid";
import type { ComposeMap, ComposeValue } from "../spec";
import { addTo } from "../spec/group";
import { listOf, mapOf, textOf } from "../spec/value";

/** A service, as a guide shows it. */
export interface GuideService {
  readonly name: string;
  readonly image: string;
  /** What is published on the host, such as `443` or `127.0.0.1:8080`. */
  readonly ports: readonly string[];
  /** Profiles with which alone it starts. */
  readonly profiles: readonly string[];
  /** Services that it waits for. */
  readonly waitsFor: readonly string[];
}

/** A volume or a network, and the services that have it. */
export interface GuideShared {
  readonly name: string;
  readonly services: readonly string[];
  /** Whether nothing outside can be reached over it. Networks only. */
  readonly internal: boolean;
}

/** What the guides of a deployment are written from: its files and what is known of them, nothing that is typed twice. */
export interface GuideFacts {
  /** Name of the project, unless the operator chooses another one. */
  readonly project: string;
  /** Name of the template, without its folder. */
  readonly template: string;
  readonly contract: EnvContract;
  readonly services: readonly GuideService[];
  readonly volumes: readonly GuideShared[];
  readonly networks: readonly GuideShared[];
  /** The deployment as a drawing of Mermaid. Empty when Compose would refuse its files. */
  readonly drawing: string;
}

/** What the guides say of the files that a template is for: those that run when the operator chooses nothing. */
export function guideFacts({ files }: SynthesisContext, env: EnvTemplate): GuideFacts {
  return factsOfFiles(files)(env);
}

/** The finished files of a program → a template → what all guides of that template are written from. */
const factsOfFiles = memoize((files: readonly RenderedFile[]) => {
  const context = new SynthesisContext(files);
  return memoize((env: EnvTemplate) => factsOf(context, env));
});

function factsOf(context: SynthesisContext, env: EnvTemplate): GuideFacts {
  const contract = env.contract(context);
  const project = projectOf(context, env, contract);
  const template = env.fileName.slice(env.fileName.lastIndexOf("/") + 1);
  if (project === undefined) {
    return { project: "", template, contract, services: [], volumes: [], networks: [], drawing: "" };
  }
  const services = entriesOf(project.services);
  const shared = (section: "volumes" | "networks", has: (service: ComposeMap) => readonly string[]) => {
    const users = new Map<string, string[]>();
    for (const [service, model] of services) for (const name of new Set(has(model))) addTo(users, name, service);
    return entriesOf(project[section]).map(([name, value]): GuideShared => {
      return { name, services: users.get(name) ?? [], internal: value.internal === true };
    });
  };
  return {
    project: textOf(project.name),
    template,
    contract,
    services: services.map(([name, service]) => ({
      name,
      image: textOf(service.image),
      ports: [...new Set(listOf(service.ports).map((port) => portText(mapOf(port))))],
      profiles: namesIn(service.profiles),
      waitsFor: namesIn(service.depends_on),
    })),
    volumes: shared("volumes", ({ volumes }) => listOf(volumes).map((mount) => textOf(mapOf(mount).source))),
    networks: shared("networks", ({ networks }) => namesIn(networks)),
    drawing: mermaidText(deploymentGraph(project), "light"),
  };
}

/** The project of the files that the template chooses. */
function projectOf(context: SynthesisContext, env: EnvTemplate, { files }: EnvContract): ComposeMap | undefined {
  const chosen = context.files.filter(({ file }) => isChosen(file, env, files));
  if (chosen.length === 0) return undefined;
  const found = new Deployment(chosen, context.files, {}).projectOrRefusals();
  return "model" in found ? found.model : undefined;
}

function isChosen({ fileName }: ComposeFile, env: EnvTemplate, files: EnvContract["files"]): boolean {
  const own = env.pathTo(fileName);
  return files.some((file) => file.chosen && file.fileName === own);
}

function entriesOf(value: ComposeValue | undefined): readonly (readonly [string, ComposeMap])[] {
  return Object.entries(mapOf(value)).map(([name, entry]) => [name, mapOf(entry)]);
}
