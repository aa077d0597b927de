import { must } from "./run";

/** How the name of every Compose project begins that these tests start: what is left of one can be found and removed. */
export const TEST_PROJECT = "lamb-compose-test-";

/** Removes a project without its files, by the labels that Compose gives to all that it makes. */
export async function removeProject(name: string): Promise<void> {
  const filter = ["--filter", `label=com.docker.compose.project=${name}`, "--quiet"];
  const remove = async (list: readonly string[], removal: readonly string[]): Promise<void> => {
    const { stdout } = await must("docker", [...list, ...filter]);
    const ids = stdout.split("\n").filter((id) => id !== "");
    if (ids.length > 0) {
      await must("docker", [...removal, ...ids]);
    }
  };
  await remove(["ps", "--all"], ["rm", "--force", "--volumes"]);
  await remove(["volume", "ls"], ["volume", "rm", "--force"]);
  await remove(["network", "ls"], ["network", "rm"]);
}
