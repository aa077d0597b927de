import type { GuideFacts } from "../../guides/facts";
import { code } from "../../guides/markdown";
import type { GuideChapter, GuidePage } from "../../guides/page";
import { oldNamesChapter } from "../../guides/reference";

/** What changes for those who have the old stack, or upstream's files of 0.6 and 0.7 that these take the place of. */
export function migrationPage(facts: GuideFacts): GuidePage {
  return {
    id: "migration",
    title: "From an older LAMB",
    intro:
      "For everybody who runs LAMB 0.5, 0.6 or the main branch, started with `docker-compose.yaml` in a checkout or with an earlier `docker-compose.next.yaml`. This page says where each byte goes, what each setting is called now, and which addresses change. [Install LAMB](deployment) explains how to install a new one.",
    chapters: [
      before(facts),
      command(),
      bytes(),
      oldNamesChapter(facts),
      settings(),
      addresses(),
      inside(),
      decide(),
      back(),
    ],
  };
}

function before({ project }: GuideFacts): GuideChapter {
  return {
    id: "before",
    title: "Before anything else",
    blocks: [
      {
        list: [
          "Do not run `docker compose up` with the new files in the folder of the old ones. If they were started with an earlier `docker-compose.next.yaml`, it replaces the containers and deletes what is stored in them: uploads, logs of assisted creation, and the key of Open WebUI's sessions. `lamb-compose up`, `upgrade` and `init` refuse to do that, and name the commands that take the data out first. Nothing can stop plain `docker compose up`.",
          `The new project is called ${code(project)}. If the old one has another name, so do its volumes, and the new one would start empty.`,
          "Stop the old LAMB for the move (`docker compose stop`, not `down`), and copy files only then: most of a database is in the file beside it that ends with `-wal` while it runs.",
          "Keep the old folder and the old volumes until people have worked with the new LAMB for some weeks.",
        ],
      },
      "List the projects of this server, and their volumes:",
      { id: "projects", lines: ["docker compose ls --all", "docker volume ls"] },
    ],
  };
}

function command(): GuideChapter {
  const notRun = "it needs an older LAMB";
  return {
    id: "command",
    title: "Migrate with one command",
    blocks: [
      "One command does everything that the rest of this page explains. Tell it where the old LAMB is: the checkout with its data, or the folder of an earlier `docker-compose.next.yaml`. With `--plan` it only reports what it finds: how much data there is and where it goes, what becomes of each setting, which rows contain old places, which addresses learning management systems use, and what you have to decide.",
      { id: "migrate-plan", lines: ["lamb-compose migrate --from /opt/lamb --dir lamb --plan"], notRun },
      "Without `--plan` it migrates. The old LAMB keeps running during a first copy, and is stopped while the command copies what has changed since. Every file is read on both sides and compared. If anything fails, the old LAMB is started again. If the command is interrupted, run it again to continue, or with `--abort` to undo it.",
      { id: "migrate", lines: ["lamb-compose migrate --from /opt/lamb --dir lamb"], notRun },
      "The old folder and the old volumes are never changed. The file `.lamb-compose/migration.json` in the new folder lists the hash of every file and the rows that were rewritten.",
    ],
  };
}

function bytes(): GuideChapter {
  return {
    id: "bytes",
    title: "Where each byte goes",
    blocks: [
      "From the old stack. Its data is in the checkout that `LAMB_PROJECT_PATH` names:",
      {
        head: ["old place", "new volume", "mind"],
        rows: [
          [
            "`lamb_v4.db` with `-wal` and `-shm`; elsewhere when `LAMB_DB_PATH` in `backend/.env` said so",
            "`lamb-data`",
            "all files of the database together",
          ],
          ["`aac_logs`, or `backend/aac_logs`", "`lamb-data`, `aac_logs`", "whole conversations of teachers"],
          [
            "`backend/static/public`",
            "`lamb-static`, in `public` from 0.7 on",
            "only the folders with numbers for names; `css`, `img`, `md` beside them are the program's",
          ],
          [
            "`open-webui/backend/data`",
            "`openwebui-data`",
            "`webui.db`, `uploads`, `vector_db`; `cache` may stay behind",
          ],
          [
            "`lamb-kb-server-stable/backend/data`",
            "`kb-data`",
            "the database with its `-wal`, `chromadb`, and `config.json`, which can hold a key",
          ],
          ["`lamb-kb-server-stable/backend/static`", "`kb-static`", "the documents that people uploaded"],
          ["`library-manager/data`", "`library-manager-data`", "needs LAMB 0.7: for 0.6 no image of it is published"],
          [
            "volumes `caddy_data` and `caddy_config` of the old project",
            "`caddy-data`, `caddy-config`",
            "else certificates are requested again; an authority gives five a week for the same names",
          ],
          ["pip's cache, `frontend/build`, `node_modules`", "nowhere", "the images bring what they need"],
        ],
      },
      "From an earlier `docker-compose.next.yaml`. Its volumes have the same names and stay as they are, when the project's name stays. These places are inside the containers, and must be copied out before the first `up`, `down` or `pull`:",
      {
        head: ["in the container", "of the service", "new volume"],
        rows: [
          ["`/app/backend/static/public` (0.6)", "`lamb`", "`lamb-static`"],
          ["`/app/backend/aac_logs`", "`lamb`", "`lamb-data`, `aac_logs`"],
          ["`/app/backend/.webui_secret_key`", "`openwebui`", "its text is the value of `WEBUI_SECRET_KEY`"],
          [
            "`/app/backend/static` (0.7: a volume `lamb-static`)",
            "`lamb`",
            "`lamb-static`: it stays as it is, with the uploads below `public/`",
          ],
        ],
      },
      "The files in the new volumes belong to the user of the image that runs: 0 for images that LAMB published, 10001 for those of this repository, 999 for the library. With another owner, LAMB reports *attempt to write a readonly database*.",
    ],
  };
}

function settings(): GuideChapter {
  return {
    id: "settings",
    title: "Settings that need a decision",
    blocks: [
      {
        head: ["old setting", "now", "mind"],
        rows: [
          [
            "`LAMB_WEB_HOST`, `PIPELINES_HOST`",
            "`LAMB_PUBLIC_HOST`: the host name alone",
            "with Caddy; `http` becomes `https`",
          ],
          ["`OWI_PUBLIC_BASE_URL`", "`OWI_PUBLIC_HOST`: the host name alone", "with Caddy"],
          [
            "`LAMB_BEARER_TOKEN`, `PIPELINES_BEARER_TOKEN`",
            "the same value",
            "Open WebUI has saved it: with another one every chat is refused",
          ],
          [
            "`LAMB_KB_SERVER_TOKEN` and the knowledge base's `LAMB_API_KEY`",
            "`LAMB_KB_SERVER_TOKEN`",
            "one setting for both; organizations of your own have saved it, too",
          ],
          ["`LIBRARY_MANAGER_TOKEN`", "`LAMB_LIBRARY_TOKEN`", "the value that everybody had is refused"],
          ["`HOME_URL` of the knowledge base", "made of `LAMB_PUBLIC_HOST`", "old documents keep the old address"],
          ["`OWI_ADMIN_EMAIL`", "the same value", "another one makes a second administrator"],
          ["`LAMB_DB_PREFIX`", "the same value, also when it is empty", "else LAMB sees no tables, and makes new ones"],
          ["`EMBEDDINGS_…`", "the same values", "a collection keeps those with which it was made"],
          ["none", "`LAMB_JWT_SECRET`, `WEBUI_SECRET_KEY`", "new; everybody logs in again"],
        ],
      },
    ],
  };
}

function addresses(): GuideChapter {
  return {
    id: "addresses",
    title: "Addresses and ports",
    blocks: [
      {
        head: ["old", "new"],
        rows: [
          ["`http://host:5173`, open to everybody", "gone: the pages are LAMB's own address"],
          ["ports 9099, 8080, 9090 on `127.0.0.1`", "the same without Caddy; none with it"],
          ["port 9091", "gone: only LAMB reaches the library"],
          [
            "the name `backend` for LAMB among the containers",
            "`lamb`; `lamb-compose init --alias` keeps the old name for one release, because Open WebUI has saved it",
          ],
          ["LTI: `/lamb/lamb/v1/lti/launch`", "`/lamb/v1/lti/launch`: change it in Moodle"],
          ["`/kb/…`: everything of the knowledge base", "`/kb/static/…`: documents alone"],
        ],
      },
    ],
  };
}

function inside(): GuideChapter {
  return {
    id: "inside",
    title: "Old places inside the data",
    blocks: [
      "Some data contains the place or the address that it had. Copying does not change that:",
      {
        head: ["database", "what names an old place", "without a change"],
        rows: [
          ["`webui.db`", "files of chats, by their whole path", "students cannot open the files of old chats"],
          ["`webui.db`", "the address and the key of LAMB", "no assistant answers"],
          ["`lamb-kb-server.db`", "documents, by their path", "they cannot be removed or read again"],
          ["`lamb-kb-server.db`, `chroma.sqlite3`", "documents, by their address", "links in answers lead nowhere"],
          [
            "`lamb_v4.db`",
            "organizations with an address and a key of their own for the knowledge base",
            "their documents are not found when the key changed",
          ],
        ],
      },
    ],
  };
}

function decide(): GuideChapter {
  return {
    id: "decide",
    title: "Decide",
    blocks: [
      "This says whether the new LAMB can replace the old one: what differs between their files (data, ports, services, variables), what has been proved about the new one, and a verdict with its reasons. It changes nothing, and shows no values. For an old LAMB in `/opt/lamb`:",
      {
        id: "cutover",
        lines: ["lamb-compose cutover --from /opt/lamb/docker-compose.yaml"],
        notRun: "it needs the files of an old LAMB",
      },
      "With `--report markdown` you get a page with a list of decisions to sign off.",
    ],
  };
}

function back(): GuideChapter {
  return {
    id: "back",
    title: "Go back to the old LAMB",
    blocks: [
      "The old folder was only read. Stop the new LAMB, and start the old one in its own folder. What people made in the new one since stays there, in its volumes.",
      { id: "back-down", lines: ["docker compose down"] },
      { id: "back-start", lines: ["docker compose start"], notRun: "it is given in the folder of the old LAMB" },
    ],
  };
}
