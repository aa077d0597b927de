import { LAMB_WEB_HOST, OWI_PUBLIC_BASE_URL } from "./addresses";
import { flag, group, lifetime, url } from "./kinds";

const people = group("People");
export const SIGNUP_ENABLED = people("SIGNUP_ENABLED", "people can sign up to LAMB with SIGNUP_SECRET_KEY", {
  default: false,
  type: flag,
});
export const DEFAULT_USER_ROLE = people("DEFAULT_USER_ROLE", "role of new users of Open WebUI", {
  default: "user",
  type: (z) => z.enum(["user", "pending"]),
});
/** Open WebUI's tokens end in no other way: signing out forgets them in the browser only. */
export const JWT_EXPIRES_IN = people(
  "JWT_EXPIRES_IN",
  "how long a sign-in to Open WebUI lasts, such as 12h or 4w, until an administrator sets it there; -1 is for ever",
  {
    default: "4w",
    type: lifetime,
  },
);
export const LTI_GLOBAL_CONSUMER_KEY = people(
  "LTI_GLOBAL_CONSUMER_KEY",
  "consumer key of the one LTI tool for all activities",
  { default: "lamb" },
);
export const LTI_GLOBAL_SECRET = people("LTI_GLOBAL_SECRET", "secret of that tool, when it differs from LTI_SECRET", {
  secret: true,
});

const frontend = group("Frontend");
/** With scheme and host: pages put it before addresses that have it already, unless those begin with `http`. */
export const LAMB_FRONTEND_BASE_URL = frontend(
  "LAMB_FRONTEND_BASE_URL",
  "address of the creator API for browsers, with scheme and host",
  {
    default: `${LAMB_WEB_HOST}/creator`,
    type: url,
  },
);
export const LAMB_FRONTEND_LAMB_SERVER = frontend("LAMB_FRONTEND_LAMB_SERVER", "address of LAMB for the frontend", {
  default: `${LAMB_WEB_HOST}`,
});
export const LAMB_FRONTEND_OPENWEBUI_SERVER = frontend(
  "LAMB_FRONTEND_OPENWEBUI_SERVER",
  "address of Open WebUI for the frontend",
  {
    default: `${OWI_PUBLIC_BASE_URL}`,
  },
);
export const LAMB_ENABLE_OPENWEBUI = frontend("LAMB_ENABLE_OPENWEBUI", "show the way to Open WebUI", {
  default: true,
  type: flag,
});
export const LAMB_ENABLE_DEBUG = frontend("LAMB_ENABLE_DEBUG", "show what helps when looking for mistakes", {
  default: false,
  type: flag,
});
