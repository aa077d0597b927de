import { LAMB_WEB_HOST, OWI_PUBLIC_BASE_URL } from "./addresses";
import { flag, group, url } from "./kinds";

const frontend = group("Frontend");
/** With scheme and host: pages put it before addresses that have it already, unless those begin with `http`. */
export const LAMB_FRONTEND_BASE_URL = frontend(
  "LAMB_FRONTEND_BASE_URL",
  "address of the creator API for browsers, with scheme and host",
  { default: `${LAMB_WEB_HOST}/creator`, type: url },
);
export const LAMB_FRONTEND_LAMB_SERVER = frontend("LAMB_FRONTEND_LAMB_SERVER", "address of LAMB for the frontend", {
  default: `${LAMB_WEB_HOST}`,
  type: url,
});
export const LAMB_FRONTEND_OPENWEBUI_SERVER = frontend(
  "LAMB_FRONTEND_OPENWEBUI_SERVER",
  "address of Open WebUI for the frontend",
  { default: `${OWI_PUBLIC_BASE_URL}`, type: url },
);
export const LAMB_ENABLE_OPENWEBUI = frontend("LAMB_ENABLE_OPENWEBUI", "show the way to Open WebUI", {
  default: true,
  type: flag,
});
export const LAMB_ENABLE_DEBUG = frontend("LAMB_ENABLE_DEBUG", "show what helps when looking for mistakes", {
  default: false,
  type: flag,
});
