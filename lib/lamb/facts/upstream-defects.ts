/** A defect of LAMB that no file of a deployment can mend. */
export interface UpstreamDefect {
  /** What people meet: a sentence. */
  readonly what: string;
  /** The releases in which it is known. */
  readonly releases: readonly string[];
  /** What can be done until LAMB has mended it: a sentence. */
  readonly meanwhile: string;
}

const BOTH = ["0.6", "0.7"];

/** What only LAMB can mend. Each was met with LAMB's own programs. */
export const UPSTREAM_DEFECTS: readonly UpstreamDefect[] = [
  {
    what: "A student whose name has a letter outside Latin-1 (Łukasz, Żak, 漢) cannot enter from the learning management system: LAMB answers 500, *Failed to process launch*.",
    releases: BOTH,
    meanwhile: "Give the person a name without such letters in the learning management system.",
  },
  {
    what: "A teacher who is not an administrator and opens `/org-admin` starts an endless loop of requests, each of them refused.",
    releases: BOTH,
    meanwhile: "Close the tab.",
  },
  {
    what: "A launch of a single assistant with a wrong secret is answered with 500, and not with 401.",
    releases: BOTH,
    meanwhile: "Compare the secrets on both sides before you look for another cause.",
  },
  {
    what: "When a signature is wrong, LAMB writes the right one into its log, and a signature that was used once can be used again.",
    releases: BOTH,
    meanwhile: "Keep the logs of LAMB from people who may not launch as somebody else.",
  },
  {
    what: "`/lamb/simple_lti/`, `/lamb/v1/lti_users` and `/lamb/v1/simple_lti` answer 500: a template is missing.",
    releases: BOTH,
    meanwhile: "Use the one tool for all activities, `/lamb/v1/lti/launch`.",
  },
  {
    what: "The menu has *Libraries*, though this release has no library manager: the page shows an error.",
    releases: ["0.6"],
    meanwhile: "Tell teachers to ignore it, or upgrade.",
  },
];
