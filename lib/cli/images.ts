import type { Command } from "commander";
import { registryIn } from "../operate/choices";
import type { DeploymentImage } from "../operate/images";
import { inColumns } from "../report/columns";
import { shellWord } from "../report/shell-word";
import { AS_JSON, DIR } from "./options";
import { say } from "./report";

const ARCHIVE = "lamb-images.tar";

const ABOUT = `
With --mirror it shows what copies them to a registry of yours, all platforms of each; then:
  lamb-compose init --registry REGISTRY
With --save it shows what takes them to a host without internet, in one file.`;

interface Words {
  readonly dir: string;
  readonly mirror?: string;
  readonly save?: true;
  readonly json?: true;
}

/** Adds the command that says which images a deployment runs. */
export function registerImages(program: Command): void {
  program
    .command("images")
    .description("list the images of the deployment, and how to copy them to a mirror or to a host without internet")
    .option(...DIR)
    .option("--mirror <REGISTRY>", "show the commands that copy them to a registry and folder", registryIn)
    .option("--save", "show the commands that save them in one file")
    .option(...AS_JSON)
    .addHelpText("after", ABOUT)
    .action(showImages);
}

async function showImages({ dir, mirror, save, json }: Words): Promise<void> {
  const { deploymentImages } = await import("../operate/images");
  const images = await deploymentImages(dir, process.env, mirror);
  if (json === true) {
    say(JSON.stringify(images, undefined, 2));
    return;
  }
  if (mirror !== undefined) for (const line of toMirror(images)) say(line);
  if (save === true) for (const line of toFile(images)) say(line);
  if (mirror !== undefined || save === true) return;
  const rows = images.map(({ name, digest, services }) => {
    return [name, digest ?? "not locked: `lamb-compose lock`", services.join(", ")];
  });
  for (const line of inColumns(rows)) say(line);
}

function exactly({ source, digest }: DeploymentImage): string {
  return shellWord(digest === undefined ? source : `${source}@${digest}`);
}

function toMirror(images: readonly DeploymentImage[]): readonly string[] {
  return images.flatMap((image) => {
    const { mirrored } = image;
    return mirrored === undefined
      ? []
      : [`docker buildx imagetools create --tag ${shellWord(mirrored)} ${exactly(image)}`];
  });
}

/** An image that is loaded has a name, and no digest. */
function toFile(images: readonly DeploymentImage[]): readonly string[] {
  const names = images.map(({ source }) => shellWord(source)).join(" ");
  const locked = images.some(({ digest }) => digest !== undefined);
  const renamed = images.filter(({ name, source }) => name !== source);
  return [
    "# where there is internet:",
    ...images.map((image) => `docker pull ${exactly(image)}`),
    ...images.flatMap((image) => {
      const named = shellWord(image.source);
      return image.digest === undefined
        ? []
        : [`docker tag ${shellWord(`${image.source.replace(/:[^:/]*$/, "")}@${image.digest}`)} ${named}`];
    }),
    `docker save --output ${ARCHIVE} ${names}`,
    "# where there is none:",
    `docker load --input ${ARCHIVE}`,
    ...renamed.map(({ name, source }) => `docker tag ${shellWord(source)} ${shellWord(name)}`),
    ...(locked
      ? ["# what was loaded has no digest: there, remove images.lock.json, and run `lamb-compose init` again"]
      : []),
  ];
}
