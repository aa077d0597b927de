import type { ImageUser } from "../../images/python/stages";

/**
 * The user of LAMB and of Open WebUI: both write `webui.db`. Its number is one that no distribution gives to a user of
 * its own.
 */
export const LAMB_USER: ImageUser = { name: "lamb", id: 10_001 };

/** The number that library managers had so far, by chance: their volumes belong to it. */
export const LIBRARY_USER: ImageUser = { name: "appuser", id: 999 };
