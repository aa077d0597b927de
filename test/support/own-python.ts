import { spawnSync } from "node:child_process";
import { dirname } from "node:path";

/**
 * Puts the Python that `python3` leads to before it. Version managers put a shell script in its place, which takes three
 * times as long as Python itself, and tests start it hundreds of times.
 */
export function useOwnPython(): void {
  const words = ["-c", "import sys; print(sys.executable)"];
  const { status, stdout } = spawnSync("python3", words, { encoding: "utf8" });
  const folder = dirname(`${stdout}`.trim());
  const { PATH = "" } = process.env;
  if (status === 0 && folder.startsWith("/") && !PATH.split(":").includes(folder))
    process.env.PATH = `${folder}:${PATH}`;
}
