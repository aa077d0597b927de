import { code } from "../../guides/markdown";
import type { GuideChapter } from "../../guides/page";
import { DEFAULT_TIMEOUTS } from "../caddy/site-common";
import { LTI, OLD_LTI_PREFIX } from "../facts/lti";
import { OPEN_WEBUI } from "../facts/open-webui";
import { LARGEST_UPLOAD, MIB } from "../facts/sizes";

/** What people see, why, and what to do. */
const TROUBLE: readonly (readonly [seen: string, why: string, what: string])[] = [
  [
    "Moodle shows 401, *Invalid OAuth signature*",
    "The key or the secret in Moodle differs. Or LAMB is behind a proxy that does not set `X-Forwarded-Proto: https`, or that Caddy does not trust: LAMB then checks the signature against another address.",
    "Compare with `grep '^LTI' .env`. Behind a proxy, see [Behind a proxy](deployment#proxy). `docker compose logs --tail 50 lamb` shows which address LAMB used",
  ],
  [
    "Moodle shows 404 for an activity that worked with the old LAMB",
    `Its address is ${code(OLD_LTI_PREFIX + LTI.launch)}, which only the old stack had.`,
    `Change the tool's address in Moodle to ${code(LTI.launch)}. Until all are changed, \`lamb-compose init --dir . --old-lti\` keeps the old address alive`,
  ],
  [
    "A blank frame in Moodle, while it works in a window of its own",
    "Moodle is on another domain, and the browser does not let a frame from another domain store anything.",
    "Open the activity in a new window, or give LAMB host names in Moodle's domain",
  ],
  [
    "*refused to connect* in a frame",
    "Moodle's own address begins with `http://`. Only pages with TLS may embed LAMB.",
    "Set up a certificate for Moodle",
  ],
  [
    "Links to documents lead to `http://localhost:9090/…` or to an old name",
    "The knowledge base stores the whole address of a document when the document is added.",
    "`lamb-compose relink` rewrites the addresses in the data; see [Change a setting](#change)",
  ],
  [
    "Everybody is signed out: *Your session has expired*",
    "Open WebUI's database was locked for more than 5 seconds, by a backup that reads the file or by a slow disk.",
    `Stop what reads the file. Never copy ${code(OPEN_WEBUI.folders.data.stores[0]?.path ?? "")} of a running LAMB by hand`,
  ],
  [
    "Somebody has signed out, and an old link or an open window of theirs still works",
    "Signing out of Open WebUI ends nothing: each sign-in lasts as long as `JWT_EXPIRES_IN` says, four weeks by default.",
    "Set `JWT_EXPIRES_IN` to less. `lamb-compose env rotate WEBUI_SECRET_KEY` ends every sign-in at once",
  ],
  [
    "A page *Signing in to Open WebUI* that never ends",
    "Somebody came to the chat's own address without a link from LAMB or Moodle, or had signed out.",
    "Enter from LAMB or from Moodle",
  ],
  [
    "The chat says *Something went wrong*, uploads fail, and reading still works",
    "The disk is full.",
    "`df -h`, then `lamb-compose status`, which says what takes up space",
  ],
  [
    "Answers never come; the log of `lamb` speaks of a key",
    "There is no API key for the language models, or it has no credit left.",
    "See [A key for language models](deployment#models)",
  ],
  [
    "The provider counts several requests for one question",
    "Open WebUI asks the assistant for a title and, where that is on, for tags, for completions while people type, and for what to look for in attached files.",
    "Set `ENABLE_TAGS_GENERATION`, `ENABLE_AUTOCOMPLETE_GENERATION` and `ENABLE_RETRIEVAL_QUERY_GENERATION` to `false`; what an administrator has saved in Open WebUI counts more",
  ],
  [
    "413 *too large* as soon as an upload starts",
    `The file is larger than the proxy lets through: ${LARGEST_UPLOAD / MIB} MB, if nobody chose another limit.`,
    "Make it smaller, or let more through: `lamb-compose init --dir . --max-upload 800`, and `lamb-compose up`",
  ],
  [
    "502 for a moment, or a page that says that LAMB is starting",
    `A service is restarting. Requests wait for up to ${Number.parseInt(DEFAULT_TIMEOUTS.hold, 10)} seconds.`,
    "`lamb-compose status` names the service; if it does not come back, `lamb-compose up` says why",
  ],
  [
    "`docker compose ps` shows `openwebui` as unhealthy, though its page `/health` answers",
    "Its database is damaged, locked or not there. Its own pages of health never look at the database; the check of the deployment reads it.",
    "`docker compose logs --tail 50 openwebui`; if the file is damaged, [Restore](#restore)",
  ],
  [
    "Stopping takes up to half a minute",
    "Programs let answers that are being written come to their end.",
    "Nothing: wait",
  ],
  [
    "The browser does not trust the certificate",
    "The host name does not point to this server, or port 80 is closed, so that the authority could not check it. Or the certificates are Caddy's own.",
    "`docker compose logs --tail 50 caddy`, or see [In a closed network](deployment#closed-network)",
  ],
  [
    "LAMB is empty after a change",
    "The project has another name, and therefore other volumes. The old ones are still there.",
    "Find the old name with `docker volume ls`, and set `COMPOSE_PROJECT_NAME` in `.env` to it",
  ],
  [
    "A student whose name has letters such as Ł or 漢 cannot enter: *Failed to process launch*",
    "A bug in LAMB, see [What only LAMB can fix](#upstream): it writes names into a header that cannot hold them.",
    "Until LAMB fixes it, write the name without these letters in Moodle",
  ],
  [
    "A command says that another operation is at work",
    "One was interrupted, or is still running in another window.",
    "Run the interrupted command again: it goes on where it stopped",
  ],
];

/** By what the operator sees. */
export function troubleChapter(): GuideChapter {
  return {
    id: "trouble",
    title: "Trouble",
    blocks: [
      "Start with `lamb-compose status` and `lamb-compose doctor`. Then look for the symptom:",
      { head: ["symptom", "cause", "what to do"], rows: TROUBLE },
    ],
  };
}
