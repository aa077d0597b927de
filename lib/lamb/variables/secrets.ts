import { PUBLIC_SECRETS } from "../public-secrets";
import { type Details, group } from "./kinds";

const secrets = group("Secrets");
const required: Details = { required: true, secret: true, refused: PUBLIC_SECRETS };

/** Nobody but the deployment needs to know these. Contract section 3. */
export const LAMB_BEARER_TOKEN = secrets(
  "LAMB_BEARER_TOKEN",
  "key of LAMB's completions API; Open WebUI uses the same",
  required,
);
export const LAMB_JWT_SECRET = secrets("LAMB_JWT_SECRET", "signs the sessions of LAMB's own pages", required);
export const WEBUI_SECRET_KEY = secrets("WEBUI_SECRET_KEY", "signs the sessions of Open WebUI", required);
export const LAMB_KB_SERVER_TOKEN = secrets("LAMB_KB_SERVER_TOKEN", "key of the knowledge base; LAMB uses the same", {
  ...required,
  formerNames: ["LAMB_API_KEY"],
});
export const LAMB_LIBRARY_TOKEN = secrets("LAMB_LIBRARY_TOKEN", "key of the library manager; LAMB uses the same", {
  ...required,
  formerNames: ["LIBRARY_MANAGER_TOKEN"],
});
export const SIGNUP_SECRET_KEY = secrets(
  "SIGNUP_SECRET_KEY",
  "what people must know to sign up, when sign-up is enabled",
  required,
);
export const LTI_SECRET = secrets(
  "LTI_SECRET",
  "shared with the learning management system, and the key of MCP",
  required,
);

const administrator = group("First administrator");
export const OWI_ADMIN_EMAIL = administrator("OWI_ADMIN_EMAIL", "e-mail address of the first administrator", {
  required: true,
  example: "lamb@campus.example",
  type: (z) => z.email(),
});
export const OWI_ADMIN_PASSWORD = administrator(
  "OWI_ADMIN_PASSWORD",
  "password of the first administrator; used at the first start only",
  required,
);
export const OWI_ADMIN_NAME = administrator("OWI_ADMIN_NAME", "name of the first administrator", { default: "Admin" });
