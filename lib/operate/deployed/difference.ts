import { createHash } from "node:crypto";
import { z } from "zod";
import type { Project } from "../../compose/project";
import { type ComposeMap, mapOf } from "../../spec/value";
import { releaseFacts } from "../engine/facts";
import { type Container, type EngineImage, hashesOf, LABEL, type ProjectModel, serviceOf } from "../engine/model";
import { type ComposeProject, inspect, inspectImages } from "../engine/project";
import { expectedHashes } from "../journal/history";
import { type Field, type FieldContext, PLACES, SETTINGS } from "./fields";

/** What `docker compose up` does to people and their data, from the least on. */
export const DAMAGES = ["nothing", "restart", "data at risk", "data lost"] as const;

/** How bad a difference is when it goes away. */
export type Damage = (typeof DAMAGES)[number];

/** One setting that is not the same in what runs and in the files. */
export interface FieldDifference {
  /** Below the service, network or volume: `environment.MODE`. */
  readonly path: string;
  readonly change: "added" | "removed" | "changed";
  /** As it runs. Absent when there is none, or when it could be a secret. */
  readonly running?: string;
  /** As the files have it. */
  readonly files?: string;
}

/** A service, network or volume that `docker compose up` would do something about. */
export interface DeployedDifference {
  readonly kind: "service" | "network" | "volume";
  readonly name: string;
  readonly damage: Damage;
  /** What happens at `docker compose up`, one sentence. */
  readonly text: string;
  readonly fields: readonly FieldDifference[];
}

/** A network or a volume. */
const LABELLED = z.looseObject({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() });

/** All that is compared. */
interface Compared {
  readonly model: ProjectModel;
  readonly resolved: Project;
  readonly hashes: ReadonlyMap<string, string>;
  readonly containers: readonly Container[];
  /** Images by their ids, and by the names that the files have. */
  readonly images: ReadonlyMap<string, EngineImage>;
  /** Name on the engine → the label with the hash of its definition. */
  readonly labels: ReadonlyMap<string, string | undefined>;
}

/**
 * What differs between what runs and what the files say now, and what `docker compose up` would do about it. Whether a
 * container is made anew is told from what Compose tells it from: its hash, the image, the volumes and networks.
 *
 * @throws OperateError when the engine does not answer, or Compose does not take the files
 */
export async function deployedDifferences(project: ComposeProject): Promise<readonly DeployedDifference[]> {
  const [model, resolved] = [await project.model(), await project.resolved()];
  const containers = await project.containers();
  const hashes = await expectedHashes(project.dir, await project.hashes(), hashesOf(containers));
  const wanted = Object.values(model.services).flatMap(({ image }) => image ?? []);
  const names = [...new Set([...wanted, ...containers.map(({ Image }) => Image)])];
  const images = new Map<string, EngineImage>();
  for (const name of names) {
    const [image] = await inspectImages(project.docker, [name]);
    if (image !== undefined) images.set(name, image);
  }
  const used = (section: ProjectModel["networks" | "volumes"]) =>
    Object.values(section).flatMap(({ name, external }) => (external ? [] : [name]));
  const found = [
    ...(await inspect(project.docker, "network", LABELLED, used(model.networks))),
    ...(await inspect(project.docker, "volume", LABELLED, used(model.volumes))),
  ];
  const labels = new Map(found.map(({ Name, Labels }) => [Name, Labels?.[LABEL.hash]]));
  const compared = { model, resolved, hashes, containers, images, labels };
  return [...serviceDifferences(compared), ...networkDifferences(compared), ...volumeDifferences(compared)];
}

/** The worst of them. */
export function worstOf(differences: readonly DeployedDifference[]): Damage {
  return DAMAGES.findLast((damage) => differences.some((one) => one.damage === damage)) ?? "nothing";
}

function serviceDifferences(compared: Compared): readonly DeployedDifference[] {
  const { model, containers } = compared;
  const own = Object.keys(model.services).flatMap((name) => {
    const running = containers.filter((container) => serviceOf(container) === name);
    return serviceDifference(name, running, compared);
  });
  const orphans = new Set(containers.map(serviceOf).filter((name) => model.services[name] === undefined));
  return [
    ...own,
    ...[...orphans].map((name): DeployedDifference => {
      const text = "is in the files no more, or its profile is not enabled: its container goes on running";
      return { kind: "service", name, damage: "nothing", text, fields: [] };
    }),
  ];
}

function serviceDifference(
  name: string,
  running: readonly Container[],
  compared: Compared,
): readonly DeployedDifference[] {
  const difference = (damage: Damage, text: string, fields: readonly FieldDifference[] = []): DeployedDifference[] => [
    { kind: "service", name, damage, text, fields },
  ];
  const wanted = replicas(compared.resolved.model, name);
  if (running.length === 0) return wanted === 0 ? [] : difference("restart", "has no container, and gets one");
  const fields = new Map<string, FieldDifference>();
  for (const container of running) {
    for (const field of fieldsOf(name, container, compared)) fields.set(field.path, field);
  }
  if (fields.size > 0) {
    const moved = [...fields.values()].some(
      ({ path, running, change }) => path.startsWith("volumes") && running?.startsWith("volume ") && change !== "added",
    );
    return moved
      ? difference("data at risk", "is created again, and does not see the data that it has now", [...fields.values()])
      : difference("restart", createdAgain(name, compared.model, fields), [...fields.values()]);
  }
  if (running.length === wanted) return [];
  return difference("restart", `has ${running.length} containers, and is to have ${wanted}`);
}

/** What becomes of a service that a reload may spare. */
function createdAgain(name: string, model: ProjectModel, fields: ReadonlyMap<string, unknown>): string {
  const label = `labels.${releaseFacts(model).reloads[name]?.label}`;
  const isOnlySettings = fields.size === 1 && fields.has(label);
  return isOnlySettings
    ? "is created again; `lamb-compose up` and `upgrade` only have it read its settings again"
    : "is created again";
}

function fieldsOf(name: string, container: Container, compared: Compared): readonly FieldDifference[] {
  const { model, resolved, hashes, images } = compared;
  const service = childOf(childOf(resolved.model, "services"), name);
  const image = images.get(container.Image);
  const context: FieldContext = {
    networks: namesOf(model.networks),
    volumes: namesOf(model.volumes),
    image,
    service: name,
    files: fileTargets(model.services[name]),
  };
  const found = PLACES.flatMap((field) => compare(field, service, container, context));
  if (container.Config.Labels[LABEL.hash] !== hashes.get(name)) {
    const settings = SETTINGS.flatMap((field) => compare(field, service, container, context));
    const other: FieldDifference = { path: "settings that the engine does not tell", change: "changed" };
    found.push(...(settings.length + found.length === 0 ? [other] : settings));
  }
  const wanted = images.get(model.services[name]?.image ?? "");
  const isNamed = found.some(({ path }) => path === "image");
  if (!isNamed && wanted !== undefined && wanted.Id !== container.Image) {
    found.push({
      path: "image",
      change: "changed",
      running: digestOf(image, container.Image),
      files: digestOf(wanted),
    });
  }
  return found;
}

/** What tells an image from another one of the same name. */
function digestOf(image: EngineImage | undefined, id = image?.Id ?? ""): string {
  const [name] = image?.RepoDigests ?? [];
  return name ?? id;
}

function compare(
  field: Field,
  service: ComposeMap,
  container: Container,
  context: FieldContext,
): readonly FieldDifference[] {
  const [running, files] = [field.running(container, context), field.declared(service, context)];
  const names = new Set([...running.keys(), ...files.keys()]);
  return [...names].sort().flatMap((name): readonly FieldDifference[] => {
    const [was, is] = [running.get(name), files.get(name)];
    if (was === is) return [];
    const path = name === "" ? field.key : `${field.key}.${name}`;
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [{ path, change, ...shown("running", was, field), ...shown("files", is, field) }];
  });
}

function shown(side: "running" | "files", value: string | undefined, field: Field): Partial<FieldDifference> {
  return value === undefined || value === "" || !field.shown ? {} : { [side]: value };
}

function networkDifferences({ model, labels, ...compared }: Compared): readonly DeployedDifference[] {
  return Object.entries(model.networks).flatMap(([key, { name, external }]): readonly DeployedDifference[] => {
    if (external || !isOther(labels, name, compared.resolved.hashedResource("networks", key))) return [];
    const text = "is created again, together with what is connected to it";
    return [{ kind: "network", name, damage: "restart", text, fields: [] }];
  });
}

function volumeDifferences({ model, labels, ...compared }: Compared): readonly DeployedDifference[] {
  return Object.entries(model.volumes).flatMap(([key, { name, external }]): readonly DeployedDifference[] => {
    if (external || !isOther(labels, name, compared.resolved.hashedResource("volumes", key))) return [];
    const text =
      "its definition differs from the one that it was created with: Compose asks whether to create it again, and with yes, or with `-y`, all that is in it is gone";
    return [{ kind: "volume", name, damage: "data lost", text, fields: [] }];
  });
}

/** Whether something is there, and Compose made it from another definition. Older versions of Compose did not note it. */
function isOther(labels: Compared["labels"], name: string, definition: string | undefined): boolean {
  const label = labels.get(name);
  if (label === undefined || definition === undefined) return false;
  return label !== createHash("sha256").update(definition).digest("hex");
}

function replicas(model: ComposeMap, service: string): number {
  const found = childOf(childOf(model, "services"), service);
  return Number(found.scale ?? childOf(found, "deploy").replicas ?? 1);
}

function fileTargets(service: ProjectModel["services"][string] | undefined): ReadonlySet<string> {
  const secrets = (service?.secrets ?? []).map(({ source, target = source }) => atDefault(target, "/run/secrets/"));
  const configs = (service?.configs ?? []).map(({ source, target = source }) => atDefault(target, "/"));
  return new Set([...secrets, ...configs]);
}

function atDefault(target: string, folder: string): string {
  return target.startsWith("/") ? target : `${folder}${target}`;
}

function namesOf(section: ProjectModel["networks" | "volumes"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(section).map(([key, { name }]) => [key, name]));
}

function childOf(map: ComposeMap, key: string): ComposeMap {
  return Object.hasOwn(map, key) ? mapOf(map[key]) : {};
}
