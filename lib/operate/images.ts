import { imageReference } from "../construct/image/reference";
import type { Environment } from "../env/file";
import { LambRelease } from "../lamb/release";
import { isOfLamb } from "../lamb/rules";
import { mapOf } from "../spec/value";
import { readChoices } from "./deployment";
import { readDeployment } from "./env/directory";
import { projectOf } from "./env/project";
import { readLock } from "./lock/file";

/** An image that a deployment runs. */
export interface DeploymentImage {
  /** Registry, path and tag, as the files name it. */
  readonly name: string;
  /** By which the files or the lock fix it. @default - nothing does: the tag says what runs */
  readonly digest: string | undefined;
  /** Services that run it, whatever their profiles. */
  readonly services: readonly string[];
  /** Where it is published: its name, but for a deployment that has its images from a mirror. */
  readonly source: string;
  /** Its name in the mirror that was asked about. */
  readonly mirrored: string | undefined;
}

/**
 * The images of the deployment in a directory, with their names in a mirror as `init --registry` wants them.
 *
 * @throws OperateError `not-resolved`, those of {@link readDeployment}
 */
export async function deploymentImages(
  dir: string,
  environment: Environment,
  mirror?: string,
): Promise<readonly DeploymentImage[]> {
  const project = projectOf(await readDeployment(dir, environment), environment);
  const { lock } = await readLock(dir);
  const { registry } = (await readChoices(dir)) ?? {};
  const found = new Map<string, { digest: string | undefined; services: string[] }>();
  for (const [service, spec] of Object.entries(mapOf(project.model.services))) {
    const { image } = mapOf(spec);
    const reference = typeof image === "string" ? imageReference(image) : undefined;
    if (reference === undefined) continue;
    const { name, digest = lock?.images.get(name)?.digest } = reference;
    const entry = found.get(name) ?? { digest, services: [] };
    entry.services.push(service);
    found.set(name, entry);
  }
  return [...found]
    .map(([name, { digest, services: users }]) => {
      const source = sourceOf(name, registry);
      const mirrored = mirror === undefined ? undefined : `${mirror}/${withinMirror(source)}`;
      return { name, digest, services: users.sort(), source, mirrored };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

const OFFICIAL = new LambRelease().registry;

/** Where an image is published that a deployment has from a mirror. */
function sourceOf(name: string, registry: string | undefined): string {
  if (registry === undefined || !name.startsWith(`${registry}/`)) return name;
  const rest = name.slice(registry.length + 1);
  const official = `${OFFICIAL}/${rest}`;
  return isOfLamb(official.replace(/:[^:/]*$/, "")) ? official : rest;
}

/** The name of an image below the registry of a mirror. A path has no place for the colon of a port. */
function withinMirror(source: string): string {
  if (source.startsWith(`${OFFICIAL}/`)) return source.slice(OFFICIAL.length + 1);
  return source.replace(/^([^/:]+):(\d+\/)/, "$1-$2");
}
