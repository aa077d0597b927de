import type { PageSettings } from "../../images/python/contract";

/** A folder that LAMB may write, and that need not outlive its container. */
export const SETTINGS_FOLDER = "/run/lamb";

/** The same, for the news of LAMB's project. */
export const CACHE_FOLDER = "/app/backend/static/cache";

/** What LAMB's pages must know of the deployment, as its backend works it out. */
export const PAGE_SETTINGS: PageSettings = {
  path: `${SETTINGS_FOLDER}/config.js`,
  object: "LAMB_CONFIG",
  values: {
    api: {
      baseUrl: { from: ["LAMB_FRONTEND_BASE_URL"], else: "http://localhost:9099/creator" },
      lambServer: {
        from: ["LAMB_FRONTEND_LAMB_SERVER", "LAMB_WEB_HOST", "PIPELINES_HOST"],
        else: "http://localhost:9099",
      },
      openWebUiServer: {
        from: ["LAMB_FRONTEND_OPENWEBUI_SERVER", "OWI_PUBLIC_BASE_URL", "OWI_BASE_URL"],
        else: "http://localhost:8080",
      },
    },
    assets: { path: "/static" },
    features: {
      enableOpenWebUi: { from: ["LAMB_ENABLE_OPENWEBUI"], else: true },
      enableDebugMode: { from: ["LAMB_ENABLE_DEBUG"], else: false },
      enableLibraries: { from: ["LAMB_LIBRARY_SERVER_ENABLE"], else: true },
    },
  },
};
