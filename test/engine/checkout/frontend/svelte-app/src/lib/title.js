export const TITLE = "LAMB";
