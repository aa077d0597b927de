import { inject } from "vitest";

declare module "vitest" {
  export interface ProvidedContext {
    /** The file of the command, built for this run of the tests. */
    command: string;
  }
}

/** What Node.js is given to run `lamb-compose WORDS`: built once, it starts in a quarter of the time that the sources take. */
export function commandWords(...words: readonly string[]): readonly string[] {
  return [inject("command"), ...words];
}
