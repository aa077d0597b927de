import { basename, join, posix } from "node:path";
import { OLD_PLACES, releaseWithFolder } from "../../../lamb/facts/old-places";
import { type Container, LABEL, type ProjectModel, serviceOf } from "../../engine/model";
import { heldInLayers, wordsOn } from "../../layers";
import { type Check, type Trouble, troublesOf } from "../check";
import type { DoctorFacts } from "../facts";

/** What older files left, and newer ones would lose without a word. */
export const OLDER_CHECKS: readonly Check[] = [
  {
    id: "layers-taken-out",
    what: "what containers of older files hold in their own layers is taken out",
    why: "the next `docker compose up` makes new containers, and uploads, logs and keys in the layers of the old ones are gone for good",
    severity: "error",
    host: false,
    find: async (facts) => {
      const hashes = await facts.hashes();
      // One that is as the files say stays as it is.
      const replaced = (await facts.containers()).filter((one) => {
        return one.Config.Labels[LABEL.hash] !== hashes.get(serviceOf(one));
      });
      return (await heldInLayers(facts.docker, replaced, facts.dir)).map(wordsOn);
    },
  },
  {
    id: "volumes-layout",
    what: "files in volumes are where services look for them",
    why: "the same volume mounted at another folder shows nothing of what is in it: every upload seems lost",
    severity: "error",
    host: false,
    find: async (facts) => {
      const model = await facts.model();
      return troublesOf(OLD_PLACES, (place) => otherLayout(place, model, facts));
    },
  },
];

async function otherLayout(
  { holds, volume, layer }: (typeof OLD_PLACES)[number],
  model: ProjectModel,
  facts: DoctorFacts,
): Promise<readonly Trouble[]> {
  const name = model.volumes[volume]?.name;
  if (layer === undefined || name === undefined) return [];
  const { service, path } = layer;
  const mounted = model.services[service]?.volumes.find(({ source }) => source === volume);
  const is =
    mounted === undefined ? "" : posix.join(mounted.volume?.subpath ?? "", posix.relative(mounted.target, path));
  // Where files lie below a folder from now on, a service of the deployment moves those that do not.
  if (mounted === undefined || is !== ".") return [];
  const before = (await facts.containers()).filter((one) => serviceOf(one) === service);
  const folder =
    before.flatMap((one) => folderAt(one, name, path))[0] ?? (await folderInVolume(name, basename(path), facts));
  if (folder === undefined) return [];
  const { version } = releaseWithFolder(volume, folder) ?? {};
  const [as, choose] =
    version === undefined
      ? ["", ""]
      : [
          ` as LAMB ${version} has them,`,
          `choose the release that has them there (\`lamb-compose init --release ${version}\`), or `,
        ];
  const reason = `${holds}: lie below ${folder}/ in the volume,${as} and these files look for them at its top`;
  return [{ subject: name, reason, fix: `${choose}move them to the top of the volume` }];
}

/** The folder of a volume that a container has at a path; none where the top of the volume is there. */
function folderAt({ Mounts, HostConfig }: Container, volume: string, path: string): readonly string[] {
  return Mounts.filter(({ Name }) => Name === volume).flatMap(({ Destination }) => {
    const part = HostConfig.Mounts.find(({ Target }) => Target === Destination)?.VolumeOptions?.Subpath ?? "";
    const below = posix.relative(Destination, path);
    const folder = posix.join(part, below);
    return below.startsWith("..") || folder === "." ? [] : [folder];
  });
}

/** A folder at the top of a volume, where this user may look into the engine's folders. */
async function folderInVolume(
  volume: string,
  folder: string,
  { docker, host }: DoctorFacts,
): Promise<string | undefined> {
  const { code, stdout } = await docker.run(["volume", "inspect", "--format", "{{.Mountpoint}}", volume]);
  if (code !== 0) return undefined;
  return (await host.identity(join(stdout.trim(), folder))) === undefined ? undefined : folder;
}
