import { type EnvContractVariable, overlaysThatNeed } from "../env/contract";
import { readableDefault } from "../env/template-text";
import { groupBy } from "../spec/group";
import type { GuideFacts } from "./facts";
import { code, plain } from "./markdown";
import type { GuideBlock, GuideChapter } from "./page";

/** What nobody can read in the files: what services are for, and what volumes hold. By name; nouns. */
export interface GuideWords {
  /** @default - none */
  readonly services?: Readonly<Record<string, string>> | undefined;
  /** @default - none */
  readonly volumes?: Readonly<Record<string, string>> | undefined;
}

/** The services with their images and ports, and the drawing of the deployment. */
export function servicesChapter(
  { services, drawing }: GuideFacts,
  { services: words = {} }: GuideWords = {},
): GuideChapter {
  const hasProfiles = services.some(({ profiles }) => profiles.length > 0);
  const rows = services.map(({ name, image, ports, profiles, waitsFor }) => [
    code(name),
    ...(hasWords(words) ? [words[name] ?? ""] : []),
    code(image),
    codes(ports) || "none",
    codes(waitsFor) || "nothing",
    ...(hasProfiles ? [codes(profiles) || "always"] : []),
  ]);
  const head = [
    "service",
    ...(hasWords(words) ? ["what it is"] : []),
    "image",
    "ports on this host",
    "waits for",
    ...(hasProfiles ? ["starts with profile"] : []),
  ];
  return {
    id: "services",
    title: "What runs",
    blocks: [
      "Each row is a container. A port without an address can be reached from other computers; one that begins with `127.0.0.1` only from this host.",
      { head, rows },
      ...(drawing === "" ? [] : ["Who talks to whom, and who writes which volume:", { mermaid: drawing }]),
    ],
  };
}

/** Where the data are, and who shares a network. */
export function dataChapter({ volumes, networks }: GuideFacts, { volumes: words = {} }: GuideWords = {}): GuideChapter {
  return {
    id: "data",
    title: "Where the data is",
    blocks: [
      ...(volumes.length === 0
        ? ["The files name no volumes: no data is kept."]
        : [
            "Data is stored in Docker volumes. They stay when containers are removed or replaced. Only `docker compose down --volumes`, `docker volume rm` and `docker volume prune --all` delete them; you never need these to run the deployment.",
            {
              head: ["volume", ...(hasWords(words) ? ["holds"] : []), "used by"],
              rows: volumes.map(({ name, services }) => [
                code(name),
                ...(hasWords(words) ? [words[name] ?? ""] : []),
                codes(services),
              ]),
            },
          ]),
      ...(networks.length === 0
        ? []
        : [
            "Containers reach each other only over a network that both are on:",
            {
              head: ["network", "services", "leads to the internet"],
              rows: networks.map(({ name, services, internal }) => [
                code(name),
                codes(services),
                internal ? "no" : "yes",
              ]),
            },
          ]),
    ],
  };
}

/** Every variable of the `.env`: what must be set, and what may be. */
export function variablesChapter({ contract, template }: GuideFacts): GuideChapter {
  const required = contract.variables.filter((variable) => variable.required);
  const groups = groupBy(
    contract.variables.filter((variable) => !variable.required),
    ({ group }) => group,
  );
  const row = (variable: EnvContractVariable) => {
    const overlays = overlaysThatNeed(variable, contract.files);
    const only = overlays.length === 0 ? "" : `; only with ${codes(overlays)}`;
    return [code(variable.name), `${plain(variable.meaning)}${variable.secret ? "; secret" : ""}${only}`];
  };
  return {
    id: "variables",
    title: "Settings",
    blocks: [
      `Settings are lines \`NAME=value\` in the file \`.env\`. Its template \`${template}\` has each of them with its meaning.`,
      ...(required.length === 0
        ? []
        : [
            "These are required. Nothing starts if one of them is missing.",
            { head: ["setting", "meaning"], rows: required.map(row) },
          ]),
      "All others are optional. The last column shows the default.",
      ...[...groups].flatMap(([group, variables]): GuideBlock[] => [
        { heading: group },
        { head: ["setting", "meaning", "default"], rows: variables.map((one) => [...row(one), defaultOf(one)]) },
      ]),
    ],
  };
}

function defaultOf(variable: EnvContractVariable): string {
  const text = readableDefault(variable);
  if (text === undefined) return "derived from other settings";
  return text === "" ? "empty" : code(text);
}

/** The Compose files, and how one is left out. */
export function filesChapter({ contract: { files, profiles } }: GuideFacts): GuideChapter {
  return {
    id: "files",
    title: "The files, and how to choose them",
    blocks: [
      "Docker Compose merges these files in this order. `COMPOSE_FILE` in `.env` names those that run, with `:` between them: leave out what you do not use, and add files of your own at the end. Do not edit the files themselves, because the next version replaces them.",
      {
        head: ["file", "what it is", "used by default"],
        rows: files.map(({ fileName, description = "", chosen }) => [
          code(fileName),
          plain(description.split("\n")[0] ?? ""),
          chosen ? "yes" : "no",
        ]),
      },
      ...(profiles.length === 0
        ? []
        : [
            "Some services start only if `COMPOSE_PROFILES` in `.env` names their profile. Separate several with commas:",
            {
              head: ["profile", "services", "on by default"],
              rows: profiles.map(({ name, services, enabled }) => [
                code(name),
                codes(services),
                enabled ? "yes" : "no",
              ]),
            },
          ]),
    ],
  };
}

/** Names in an old `.env` that mean something else now, or nothing. */
export function oldNamesChapter({ contract: { variables, retired } }: GuideFacts): GuideChapter {
  const renamed = variables.flatMap(({ name, formerNames }) => formerNames.map((former) => [code(former), code(name)]));
  return {
    id: "old-names",
    title: "Settings that were renamed or removed",
    blocks: [
      ...(renamed.length === 0 && retired.length === 0 ? ["There are none."] : []),
      ...(renamed.length === 0
        ? []
        : [
            "These still work under their old name. If both are set, the new one is used.",
            { head: ["old name", "new name"], rows: renamed },
          ]),
      ...(retired.length === 0
        ? []
        : [
            "These no longer have any effect. `lamb-compose env check` lists those that are still there, and says if their value was not the usual one.",
            {
              head: ["old name", "why", "instead"],
              rows: [...new Map(retired.map((one) => [one.name, one])).values()].map(
                ({ name, reason, replacedBy, harmlessValue }) => [
                  code(name),
                  `${plain(reason)}${harmlessValue === undefined ? "" : ` (${code(harmlessValue)})`}`,
                  replacedBy === undefined ? "remove the line" : code(replacedBy),
                ],
              ),
            },
          ]),
    ],
  };
}

function codes(names: readonly string[]): string {
  return names.map(code).join(", ");
}

function hasWords(words: Readonly<Record<string, string>>): boolean {
  return Object.keys(words).length > 0;
}
