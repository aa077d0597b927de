/** By which Open WebUI signs people in: whoever sends these is taken for the user that they name. LAMB sends no others. */
export const IDENTITY_HEADERS = { email: "X-User-Email", name: "X-User-Name" } as const;
