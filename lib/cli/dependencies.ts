import type { Command } from "commander";
import { say } from "./report";

/** Adds the command that locks what LAMB's images install. */
export function registerDependencies(program: Command): void {
  program
    .command("dependencies")
    .description("lock what LAMB's images install, to the version and the hash, for a checkout of LAMB")
    .option("--checkout <DIR>", "folder of the checkout", ".")
    .option("--out <FILE>", "where to write the lock", "dependencies.lock.json")
    .option("--as-of <DAY>", "use no package that was published later (default: the day of the checkout's commit)")
    .addHelpText(
      "after",
      '\nNeeds python3, uv, npm and git. A program hands the lock to its images: new LambImages(app, "images", { lock }).',
    )
    .action(lock);
}

interface Words {
  readonly checkout: string;
  readonly out: string;
  readonly asOf?: string;
}

async function lock({ checkout, out, asOf }: Words): Promise<void> {
  const [{ assertReplaceable, dependenciesText, lockDependencies }, { replaceFile }] = await Promise.all([
    import("../operate/dependencies/lock"),
    import("../disk/replace-file"),
  ]);
  await assertReplaceable(out);
  const locked = await lockDependencies({ checkout, asOf });
  await replaceFile(out, dependenciesText(locked));
  for (const [image, { slim, full }] of Object.entries(locked.images)) {
    say(`${image}: ${slim.length} packages, of all that its requirements name ${full.length}`);
  }
  say(`wrote ${out}, as of ${locked.asOf}`);
}
