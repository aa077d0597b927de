import type { BuiltImage } from "./locks";

/** Where an image's program is in a checkout of LAMB. Paths are those of the checkout. */
export interface ImageSource {
  /** Folder of the program. It finds its own modules there. */
  readonly program: string;
  /** More folders in which it finds its own modules, and the same in the image. */
  readonly modulePath: readonly { readonly checkout: string; readonly image: string }[];
  /** Module with which it begins. */
  readonly entry: string;
  /** What the project asks for. */
  readonly requirements: string;
  /** Optional dependencies that belong to it, by the name of their group. */
  readonly extra?: string;
  /** Packages among the requirements, and what those need, that are published as source alone. */
  readonly sourceOnly?: readonly string[];
}

/** Contract sections 1 and 7. */
export const SOURCES: { readonly [Image in BuiltImage]: ImageSource } = {
  lamb: {
    program: "backend",
    // The import of people in bulk names its modules from there: `backend.lamb.…`.
    modulePath: [{ checkout: ".", image: "/app" }],
    entry: "main",
    requirements: "backend/requirements.txt",
    sourceOnly: ["peewee"],
  },
  kb: {
    program: "lamb-kb-server-stable/backend",
    modulePath: [],
    entry: "main",
    requirements: "lamb-kb-server-stable/backend/requirements.txt",
  },
  libraryManager: {
    program: "library-manager/backend",
    modulePath: [],
    entry: "main",
    requirements: "library-manager/pyproject.toml",
    extra: "all",
  },
};

/** Folder of the pages, with npm's `package.json`. */
export const PAGES = "frontend/svelte-app";
