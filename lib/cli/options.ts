/** Options that mean the same in every command that has them. */

export const DIR = ["--dir <DIR>", "directory of the deployment", "."] as const;
export const AS_JSON = ["--json", "print the result as JSON"] as const;
