export const VERSION_INFO = { version: "of a developer", commit: "of a developer" };
