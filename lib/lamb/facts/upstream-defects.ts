import { LTI } from "./lti";

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

/** What only LAMB, with its fork of Open WebUI, can mend. Each was met with the programs themselves. */
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
    meanwhile: `Use the one tool for all activities, \`${LTI.launch}\`.`,
  },
  {
    what: "A link that signs somebody in to the chat signs in whoever opens it: who follows somebody else's link goes on under that person's name.",
    releases: BOTH,
    meanwhile:
      "Enter the chat from LAMB or from the learning management system, and send nobody the address to which that leads.",
  },
  {
    what: "Signing out of the chat ends nothing: whoever has kept the key of a session still comes in with it.",
    releases: BOTH,
    meanwhile: "`JWT_EXPIRES_IN` says how long a session lasts at most.",
  },
  {
    what: "Whoever comes to the chat's own address without a session sees *Signing in to Open WebUI*, which never ends.",
    releases: BOTH,
    meanwhile: "Enter from LAMB or from the learning management system.",
  },
  {
    what: "Pictures and recordings that the chat has made (`/cache/…`) are shown to whoever knows their address, without a sign-in.",
    releases: BOTH,
    meanwhile: "Their names cannot be guessed: pass them on only to people who may see them.",
  },
  {
    what: "Open WebUI asks the assistant for a title of each new chat, at the assistant's price, and has no setting against it.",
    releases: BOTH,
    meanwhile: "Reckon with two completions for the first question of a chat.",
  },
  {
    what: "The pages of LTI load their style from `cdn.tailwindcss.com`: without the internet they are unstyled.",
    releases: BOTH,
    meanwhile: "Let browsers reach that address, or do without the style: the pages work.",
  },
  {
    what: "A link to a document of the library answers 403 in a browser, because the page that opens it does not send who asks.",
    releases: ["0.7"],
    meanwhile: "Open documents from LAMB's own pages.",
  },
  {
    what: "The menu has *Libraries*, though this release has no library manager: the page shows an error.",
    releases: ["0.6"],
    meanwhile: "Tell teachers to ignore it, or upgrade.",
  },
];
