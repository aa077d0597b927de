/** The record, kept in the output directory, of what was written there. */
export const MANIFEST = ".lamb-compose.json";
