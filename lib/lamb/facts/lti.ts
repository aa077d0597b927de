/** Where a learning management system sends people to, on LAMB's host. */
export const LTI = {
  /** The one tool for all activities. */
  launch: "/lamb/v1/lti/launch",
  /** Teachers of an organization. */
  creator: "/lamb/v1/lti_creator/launch",
  /** One assistant. */
  assistant: "/lamb/v1/lti_users/lti",
} as const;

/** What stood before these addresses behind LAMB's earlier Caddyfile, which took it away. */
export const OLD_LTI_PREFIX = "/lamb";
