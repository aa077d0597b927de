import type { GuideFacts } from "../../guides/facts";
import { code } from "../../guides/markdown";
import type { GuideChapter, GuidePage } from "../../guides/page";
import { oldNamesChapter } from "../../guides/reference";
import { FORMER_LAMB } from "../facts/former-lamb";
import { FROZEN, type Frozen } from "../facts/frozen";
import { KB } from "../facts/kb";
import { LAMB } from "../facts/lamb";
import { LIBRARY_MANAGER } from "../facts/library-manager";
import { LTI, OLD_LTI_PREFIX } from "../facts/lti";
import { OLD_ENV_FILES, OLD_KEY_FILES, OLD_PLACES, OLD_VERSIONS } from "../facts/old-places";
import { OLD_SERVICES } from "../facts/old-services";
import { OPEN_WEBUI } from "../facts/open-webui";
import { since } from "../facts/releases";
import { LAMB_USER, LIBRARY_USER } from "../facts/users";
import { wordList } from "../variables/kinds";
import { SAMPLES, WITH_LIBRARY } from "./words";

/** What changes for those who have the old stack, or upstream's files of 0.6 and 0.7 that these take the place of. */
export function migrationPage(facts: GuideFacts): GuidePage {
  return {
    id: "migration",
    title: "From an older LAMB",
    intro: `For everybody who runs LAMB ${wordList(OLD_VERSIONS)}, started with \`docker-compose.yaml\` in a checkout or with an earlier \`docker-compose.next.yaml\`. This page says where each byte goes, what each setting is called now, and which addresses change. [Install LAMB](deployment) explains how to install a new one.`,
    chapters: [
      before(facts),
      command(),
      bytes(),
      oldNamesChapter(facts),
      settings(),
      addresses(),
      savedPlaces(),
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
          "If you move the data by hand, stop the old LAMB first (`docker compose stop`, not `down`), and copy files only then: most of a database is in the file beside it that ends with `-wal` while it runs.",
          "Keep the old folder and the old volumes until people have worked with the new LAMB for some weeks.",
        ],
      },
      "List the projects of this server, and their volumes:",
      { id: "projects", lines: ["docker compose ls --all", "docker volume ls"] },
    ],
  };
}

function command(): GuideChapter {
  return {
    id: "command",
    title: "Migrate with one command",
    blocks: [
      "One command does everything that the rest of this page explains. Tell it where the old LAMB is: the checkout with its data, or the folder of an earlier `docker-compose.next.yaml`. With `--plan` it only reports what it finds: how much data there is and where it goes, what becomes of each setting, which rows contain old places, which addresses learning management systems use, and what you have to decide.",
      { id: "migrate-plan", lines: [`lamb-compose migrate --from ${SAMPLES.old} --dir lamb --plan`] },
      "Choose for the new LAMB as in [Install LAMB](deployment), with the same words: `--tls internal`, `--registry`. Without `--plan` it shows the plan, asks, and migrates. The old LAMB keeps running during a first copy, and is stopped while the command copies what has changed since. Every file is read on both sides and compared. If anything fails, the old LAMB is started again. If the command is interrupted, run it again to continue, or with `--abort` to undo it.",
      { id: "migrate", lines: [`lamb-compose migrate --from ${SAMPLES.old} --dir lamb`] },
      "The old folder and the old volumes are never changed. The file `.lamb-compose/migration.json` in the new folder lists every file with its checksum, and how many rows were rewritten.",
      "Run all commands from here on in the new folder.",
      { id: "folder", lines: ["cd lamb"] },
    ],
  };
}

const { uploads } = LAMB.folders;
/** The first release in which uploads are in a folder of their volume. */
const WITH_FOLDER = since(({ services }) => services.lamb.folders.uploads.subpath !== undefined)?.version;

/** Without what a release keeps in the folder, the folder is the volume itself. */
const inside = (name: string, folder?: string) => code(folder === undefined ? name : `${name}/${folder}`);

function bytes(): GuideChapter {
  const places = OLD_PLACES.map(({ holds, volume, to, folders = [], volumes = [], layer }) => [
    holds,
    folders.map((folder) => (folder === "." ? "the checkout itself" : code(folder))).join(", or ") || "nowhere",
    volumes.map(({ key, folder }) => inside(key, folder)).join(", or "),
    layer === undefined ? "nothing" : `${code(layer.path)} of ${code(layer.service)}`,
    inside(volume, to),
  ]);
  const keys = OLD_KEY_FILES.map(({ service, path, variable }) => [
    "the key of Open WebUI's sessions",
    "nowhere",
    "nowhere",
    `${code(path)} of ${code(service)}`,
    `the setting ${code(variable.name)} in ${code(".env")}`,
  ]);
  const settings = OLD_ENV_FILES.map(({ path }) => code(path)).join(", ");
  return {
    id: "bytes",
    title: "Where each byte goes",
    blocks: [
      "The data of the old stack is in its checkout, the folder that `LAMB_PROJECT_PATH` names. The data of an earlier `docker-compose.next.yaml` is in volumes, and some of it in the containers themselves: that must be copied out before the first `up`, `down` or `pull`. Where several places are named, the first that is there counts; `volume/folder` is a folder in a volume; `$NAME` is the value of that setting in the old files.",
      {
        head: ["what", "in a checkout", "in a volume", "in a container alone", "new place: the volume"],
        rows: [
          ...places,
          ...keys,
          ["settings", settings, "nowhere", "nothing", code(".env")],
          [
            "pip's cache, built pages, `node_modules`",
            "they may be deleted",
            "`pip-cache`",
            "nothing",
            "nowhere: the images bring what they need",
          ],
        ],
      },
      {
        list: [
          "A database is several files, the same name with `-wal` and `-shm` at the end: they go together.",
          ...OLD_PLACES.flatMap(({ mind = [] }) => mind),
          `From LAMB ${WITH_FOLDER} on, uploads are in the folder ${code(uploads.subpath ?? "")} of their volume.`,
          `The library needs LAMB ${WITH_LIBRARY}: for older releases no image of it is published.`,
          "Without the old certificates new ones are requested, and an authority gives five a week for the same names.",
          `The files in the new volumes belong to the user of the image that runs: 0 for images that LAMB published, ${LAMB_USER.id} for those of this repository, ${LIBRARY_USER.id} for the library. With another owner, LAMB reports *attempt to write a readonly database*.`,
        ],
      },
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
          [
            "`baseUrl`, `lambServer`, `openWebUiServer` in `config.js`",
            "the settings that begin with `LAMB_FRONTEND_`",
            "with Caddy they are made of `LAMB_PUBLIC_HOST`",
          ],
          ["none", "`LAMB_JWT_SECRET`, `WEBUI_SECRET_KEY`", "new; everybody logs in again"],
          ["every other one", "the same name and value", "[Settings](deployment#variables) lists them all"],
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
          [
            `\`http://host:${OLD_SERVICES.frontend?.port}\`, open to everybody`,
            "gone: the pages are LAMB's own address",
          ],
          [
            `ports ${[LAMB, OPEN_WEBUI, KB].map(({ published }) => published?.default).join(", ")} on \`127.0.0.1\``,
            "the same without Caddy; none with it",
          ],
          [`port ${LIBRARY_MANAGER.port}`, "gone: only LAMB reaches the library"],
          [
            `the name ${code(FORMER_LAMB.name)} for LAMB among the containers`,
            `${code(LAMB.name)}; \`lamb-compose init --alias\` keeps the old name until LAMB ${FORMER_LAMB.goneIn}, because Open WebUI has saved it`,
          ],
          [`LTI: ${code(OLD_LTI_PREFIX + LTI.launch)}`, `${code(LTI.launch)}: change it in Moodle`],
          ["`/kb/…`: everything of the knowledge base", "`/kb/static/…`: documents alone"],
        ],
      },
    ],
  };
}

/** What names an old place, and how. */
const SAVED: Readonly<Record<Frozen["kind"], string>> = {
  path: "the whole path",
  address: "the whole address",
  connection: "the address and the key",
};

function savedPlaces(): GuideChapter {
  return {
    id: "inside",
    title: "Old places inside the data",
    blocks: [
      "Some data contains the place or the address that it had. Copying does not change that:",
      {
        head: ["database", "of what", "what is saved", "without a change"],
        rows: FROZEN.map(({ database, holds, kind, without }) => [code(database), holds, SAVED[kind], without]),
      },
    ],
  };
}

function decide(): GuideChapter {
  return {
    id: "decide",
    title: "Decide",
    blocks: [
      `This says whether the new LAMB can replace the old one: what differs between their files (data, ports, services, variables), what has been proved about the new one, and a verdict with its reasons. It changes nothing, and shows no values. For an old LAMB in \`${SAMPLES.old}\`:`,
      { id: "cutover", lines: [`lamb-compose cutover --from ${SAMPLES.old}/docker-compose.yaml`] },
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
      { id: "back-start", lines: [`cd ${SAMPLES.old}`, "docker compose start"] },
    ],
  };
}
