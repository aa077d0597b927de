import type { GuideChapter } from "../../guides/page";

/** What people see, why, and what to do. */
const TROUBLE: readonly (readonly [seen: string, why: string, what: string])[] = [
  [
    "Moodle shows 401, *Invalid OAuth signature*",
    "The key or the secret in Moodle is another one. Or LAMB is behind a proxy that does not say `X-Forwarded-Proto: https`, or that Caddy does not believe: LAMB then checks the signature for another address.",
    "Compare with `grep '^LTI' .env`. Behind a proxy: see [Behind a proxy](deployment#proxy). `docker compose logs --tail 50 lamb` shows the address that LAMB takes for the visitor's",
  ],
  [
    "Moodle shows 404 for an activity that worked with the old LAMB",
    "Its address is `/lamb/lamb/v1/lti/launch`, which only the old stack had.",
    "Change the tool's address in Moodle to `/lamb/v1/lti/launch`. Until all are changed, `lamb-compose init --dir . --old-lti` keeps the old address alive",
  ],
  [
    "A blank frame in Moodle; in a window of its own all is well",
    "Moodle is on another domain, and the browser lets no foreign frame keep anything.",
    "Let the activity open in a new window, or give LAMB host names that end like Moodle's",
  ],
  [
    "*refused to connect* in a frame",
    "Moodle's own address begins with `http://`. Only pages with TLS may show LAMB.",
    "Give Moodle a certificate",
  ],
  [
    "Links to documents lead to `http://localhost:9090/…` or to an old name",
    "The knowledge base keeps the whole address of a document as it was when it was taken in.",
    "Take the documents in again, or see [Change a setting](#change)",
  ],
  [
    "Everybody is signed out: *Your session has expired*",
    "Open WebUI's database was locked for more than 5 seconds: by a backup that reads the file, or by a slow disk.",
    "Stop what reads the file. Never copy `webui.db` of a running LAMB by hand",
  ],
  [
    "A page *Signing in to Open WebUI* that never ends",
    "Somebody came to the chat's own address without a link from LAMB or Moodle, or had signed out.",
    "Enter by LAMB or by Moodle",
  ],
  [
    "The chat says *Something went wrong*, uploads fail, and reading still works",
    "The disk is full.",
    "`df -h`, then `lamb-compose status`, which says what takes room",
  ],
  [
    "Answers never come; the log of `lamb` speaks of a key",
    "No key for the language models, or one without credit.",
    "See [A key for language models](deployment#models)",
  ],
  [
    "413 *too large* at once when uploading",
    "The file is larger than 500 MB, the largest that the proxy lets through.",
    "Make it smaller, or split it",
  ],
  [
    "502 for a moment, or a page that says that LAMB is starting",
    "A service is being started anew. Requests wait for up to 40 seconds.",
    "`lamb-compose status` names the service; if it does not come, `lamb-compose up` says why",
  ],
  [
    "The browser does not trust the certificate",
    "The host name does not lead to this server, or port 80 is closed, so that the authority could not ask. Or the certificates are Caddy's own.",
    "`docker compose logs --tail 50 caddy`, or see [In a closed network](deployment#closed-network)",
  ],
  [
    "LAMB is empty after a change",
    "The project has another name, so that it has other volumes. The old ones are still there.",
    "`docker volume ls`, then set `COMPOSE_PROJECT_NAME` in `.env` to what it was",
  ],
  [
    "A student whose name has letters such as Ł or 漢 cannot enter: *Failed to process launch*",
    "A fault of LAMB 0.6 and 0.7: it writes names into a header that cannot hold them.",
    "Until LAMB mends it, only a name without these letters in Moodle helps",
  ],
  [
    "`status` says that nothing can be done because another operation is at work",
    "One was cut off, or still runs in another window.",
    "Give the same command again: it goes on where it was",
  ],
];

/** By what the operator sees. */
export function troubleChapter(): GuideChapter {
  return {
    id: "trouble",
    title: "Trouble",
    blocks: [
      "Begin with `lamb-compose status` and `lamb-compose doctor`. Then look for what people see:",
      { head: ["what is seen", "why", "what to do"], rows: TROUBLE },
    ],
  };
}
