import { readdirSync, readFileSync } from "node:fs";
import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The rooms of `lib` that have a folder `programs`: programs of Python, Node.js and the shell that run elsewhere. */
export const ROOMS_WITH_PROGRAMS: readonly string[] = ["images", "lamb", "operate"];

/** A module that has each program of a room as a text, under the name of its file: `entrypoint.py` is `ENTRYPOINT`. */
export function embeddedPrograms(room: string): string {
  const folder = new URL(`../lib/${room}/programs/`, import.meta.url);
  const names = readdirSync(fileURLToPath(folder)).filter((name) => /\.(py|mjs|sh)$/.test(name));
  const constants = names.sort().map((name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    return `/** \`${name}\` */\nexport const ${constantOf(name)} = ${JSON.stringify(text)};\n`;
  });
  return constants.join("\n");
}

function constantOf(fileName: string): string {
  return basename(fileName, extname(fileName)).replaceAll(/\W/g, "_").toUpperCase();
}
