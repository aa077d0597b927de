import { fernet, group, secret } from "./kinds";

const secrets = group("Secrets");

/** Nobody but the deployment needs to know these. */
export const LAMB_BEARER_TOKEN = secrets(
  "LAMB_BEARER_TOKEN",
  "key of LAMB's completions API; Open WebUI uses the same",
  { ...secret, formerNames: ["PIPELINES_BEARER_TOKEN"] },
);
export const LAMB_JWT_SECRET = secrets("LAMB_JWT_SECRET", "signs the sessions of LAMB's own pages", secret);
export const WEBUI_SECRET_KEY = secrets("WEBUI_SECRET_KEY", "signs the sessions of Open WebUI", secret);
export const LAMB_KB_SERVER_TOKEN = secrets("LAMB_KB_SERVER_TOKEN", "key of the knowledge base; LAMB uses the same", {
  ...secret,
  formerNames: ["LAMB_API_KEY"],
});
export const LAMB_LIBRARY_TOKEN = secrets("LAMB_LIBRARY_TOKEN", "key of the library manager; LAMB uses the same", {
  ...secret,
  formerNames: ["LIBRARY_MANAGER_TOKEN"],
});
export const SIGNUP_SECRET_KEY = secrets(
  "SIGNUP_SECRET_KEY",
  "what people must know to sign up, when sign-up is enabled",
  secret,
);
export const LTI_SECRET = secrets(
  "LTI_SECRET",
  "shared with the learning management system, and the key of MCP",
  secret,
);
/** Fernet has no other form. The tokens of a Moodle that LAMB keeps cannot be read without it. */
export const LAMB_MOODLE_ENCRYPTION_KEY = secrets(
  "LAMB_MOODLE_ENCRYPTION_KEY",
  "encrypts the tokens of Moodle that LAMB keeps; keep a copy apart from the backups of the data",
  { ...secret, form: "fernet", type: fernet },
);
