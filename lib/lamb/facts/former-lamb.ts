/** LAMB's name in older files. */
export const FORMER_LAMB = {
  name: "backend",
  /** The release in which that goes. It is there for one release cycle. */
  goneIn: "0.8",
} as const;
