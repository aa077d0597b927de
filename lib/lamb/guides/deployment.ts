import { OLDEST_ENGINE } from "../../construct/engine-version";
import type { GuideFacts } from "../../guides/facts";
import type { GuideChapter, GuidePage } from "../../guides/page";
import { dataChapter, filesChapter, servicesChapter, variablesChapter } from "../../guides/reference";
import { SAMPLES, WORDS } from "./words";

const NO_TERMINAL = "it asks questions, and a test has no terminal";
const FROM_NPM = "the package comes from the registry of npm";
const OTHER_WAY = "it is another way of doing what an earlier command of the page did";

/** How to install LAMB, for a teacher with a server. */
export function deploymentPage(facts: GuideFacts): GuidePage {
  return {
    id: "deployment",
    title: "Install LAMB",
    intro:
      "LAMB runs on one server, in containers. This page leads from an empty server to a LAMB that people use: it takes about half an hour, most of it waiting for downloads. How to look after it says [Operations](operations). Who has an older LAMB begins with [Migration](migration).",
    chapters: [
      requirements(),
      install(),
      firstLogin(),
      models(),
      moodle(),
      closedNetwork(),
      proxy(),
      ownImages(),
      gpu(),
      withoutNode(facts),
      servicesChapter(facts, WORDS),
      filesChapter(facts),
      variablesChapter(facts),
      dataChapter(facts, WORDS),
    ],
  };
}

function requirements(): GuideChapter {
  return {
    id: "requirements",
    title: "What you need",
    blocks: [
      {
        head: ["what", "how much", "why"],
        rows: [
          [
            "a server with Linux, amd64 or arm64",
            "2 processors, 4 GB of memory",
            "in use without load LAMB, the knowledge base, the library, Open WebUI and Caddy take about 1 GB together; an upload is held in memory as a whole, so that one of 300 MB takes 0.9 GB for a moment",
          ],
          [
            "room on its disk",
            "20 GB, and what people will upload, three times",
            "images take about 6 GB; an upgrade keeps a copy of the data as the way back, and makes the next one",
          ],
          [
            "the same with language models on the server",
            "16 GB of memory or more, better a GPU",
            "a model of 8 billion parameters takes about 6 GB",
          ],
          [
            "Docker Engine and Docker Compose",
            `${OLDEST_ENGINE} and 2.40, or later`,
            "[docs.docker.com/engine/install](https://docs.docker.com/engine/install/) says how",
          ],
          ["Node.js", "20.19 or later", "for `lamb-compose`. LAMB runs without it: see [below](#without-node)"],
          [
            "two host names",
            "such as `lamb.university.example` and `chat.university.example`",
            "LAMB and Open WebUI each have one. Both must lead to the server before you begin",
          ],
          [
            "ports 80 and 443",
            "open to everybody",
            "people come in there, and the certificate authority, too. No other port has to be open",
          ],
          [
            "a key of a provider of language models",
            "OpenAI, or whoever speaks its language",
            "or models of your own: see [GPU](#gpu)",
          ],
        ],
      },
      "These say what the server has:",
      {
        id: "versions",
        lines: ["docker version --format '{{.Server.Version}}'", "docker compose version --short", "node --version"],
      },
    ],
  };
}

function install(): GuideChapter {
  const { lamb, chat, mail } = SAMPLES;
  return {
    id: "install",
    title: "Install in four answers",
    blocks: [
      "Get the command:",
      { id: "get", lines: ["npm install --global lamb-compose"], notRun: FROM_NPM },
      "Ask it whether the server is fit. It changes nothing, and says what to do about each thing that is wrong:",
      { id: "host", lines: ["lamb-compose doctor --host"], notRun: "what it finds depends on the host" },
      "Make the deployment, in a folder `lamb`. It asks four questions: the two host names, the e-mail address of the first administrator, and one to which the certificate authority may write. It makes all passwords and keys itself.",
      { id: "init-asking", lines: ["lamb-compose init --dir lamb"], notRun: NO_TERMINAL },
      "The same without questions:",
      {
        id: "init",
        lines: [
          "lamb-compose init --dir lamb \\",
          `  --set LAMB_PUBLIC_HOST=${lamb} --set OWI_PUBLIC_HOST=${chat} \\`,
          `  --set OWI_ADMIN_EMAIL=${mail} --set CADDY_EMAIL=${mail}`,
        ],
      },
      "Everything that is yours is now in the file `.env` there. Keep a copy of it in a safe place, apart from the server: who has it can do everything. The commands from here on are given in the folder.",
      { id: "folder", lines: ["cd lamb"] },
      { id: "check", lines: ["lamb-compose env check"] },
      "Start it. The first time the images are downloaded. It says of each service when it is ready, and names the first that is not, with the end of what it said:",
      { id: "up", lines: ["lamb-compose up"], output: ["4 services are up and well; the state is kept as 1"] },
      "Look at it from outside, as people do:",
      { id: "verify", lines: ["lamb-compose verify"], notRun: "a test has no certificate that everybody trusts" },
    ],
  };
}

function firstLogin(): GuideChapter {
  return {
    id: "first-login",
    title: "The first login",
    blocks: [
      {
        steps: [
          `Open \`https://${SAMPLES.lamb}\` in a browser.`,
          "Log in with the administrator's e-mail address and password. Both are in `.env`; the command below shows them.",
          "Change the password in LAMB. The one in `.env` counts at the first start only: a new one there changes nothing.",
          "Under *Admin* make an account for each teacher, or let people come in from Moodle: see [Moodle](#moodle).",
        ],
      },
      { id: "password", lines: ["grep -E '^OWI_ADMIN_(EMAIL|PASSWORD)=' .env"] },
    ],
  };
}

function models(): GuideChapter {
  return {
    id: "models",
    title: "A key for language models",
    blocks: [
      "Without a key no assistant answers. Put it into a file of one line, hand it over, and remove the file. It does not stand in the history of your shell that way:",
      { id: "key-file", lines: ["touch key.txt && chmod 600 key.txt"] },
      {
        id: "key",
        lines: ["lamb-compose env init --set-from-stdin OPENAI_API_KEY < key.txt"],
        notRun: "it wants a key, and the file of the page is empty",
      },
      { id: "key-gone", lines: ["rm key.txt"] },
      { id: "key-up", lines: ["lamb-compose up"] },
      "`OPENAI_MODELS` says which models are offered, and `OPENAI_BASE_URL` where they are, when it is not OpenAI: see [Settings](#variables).",
    ],
  };
}

function moodle(): GuideChapter {
  const { lamb } = SAMPLES;
  return {
    id: "moodle",
    title: "LTI: LAMB in Moodle, step by step",
    blocks: [
      "Students and teachers come into LAMB from a course, without a password of their own. One tool serves all courses. You need the shared secret, which this command shows:",
      { id: "lti-secret", lines: ["grep '^LTI_SECRET=' .env"] },
      {
        steps: [
          "In Moodle, as its administrator: *Site administration → Plugins → Activity modules → External tool → Manage tools → configure a tool manually*.",
          `*Tool name*: LAMB. *Tool URL*: \`https://${lamb}/lamb/v1/lti/launch\`. *LTI version*: LTI 1.0/1.1.`,
          "*Consumer key*: `lamb`, or what `LTI_GLOBAL_CONSUMER_KEY` says. *Shared secret*: the secret from above, or `LTI_GLOBAL_SECRET` when you have set that.",
          "*Tool configuration usage*: Show in activity chooser and as a preconfigured tool. *Default launch container*: New window, unless LAMB's host name ends like Moodle's (`lamb.university.example` and `moodle.university.example`); then *Embed* works, too.",
          "*Privacy*: share launcher's name and e-mail address, always. LAMB knows people by them.",
          "In a course, as a teacher who has an account in LAMB under the same e-mail address: *Add an activity → LAMB*, save, and open it. LAMB asks which assistants the activity offers.",
          "Open it as a student: the chat begins.",
        ],
      },
      "Other systems (Canvas, Sakai, Blackboard) take the same address, key and secret as an LTI 1.1 tool. LTI 1.3 is not spoken. When a launch is refused, see [Trouble](operations#trouble).",
    ],
  };
}

function closedNetwork(): GuideChapter {
  return {
    id: "closed-network",
    title: "In a closed network",
    blocks: [
      "Where no certificate authority can reach the server, Caddy makes certificates of its own:",
      { id: "internal", lines: ["lamb-compose init --dir . --tls internal"] },
      { id: "internal-up", lines: ["lamb-compose up"] },
      { id: "internal-verify", lines: ["lamb-compose verify"] },
      "Browsers trust them when the root certificate of that authority is installed on every computer. This copies it here:",
      { id: "root", lines: ["docker compose cp caddy:/data/caddy/pki/authorities/local/root.crt root.crt"] },
      "With a certificate that you already have for both names, choose `--tls certificate` instead. Caddy sees the folder `TLS_FOLDER` of `.env`, and in it `TLS_CERTIFICATE_FILE` and `TLS_KEY_FILE`. Certbot's files are links, so the folder must hold what they lead to, too: `/etc/letsencrypt`, with `live/NAME/fullchain.pem` and `live/NAME/privkey.pem`. Whatever renews them then runs this, in the folder of the deployment; nobody is cut off:",
      {
        id: "renewed",
        lines: [
          "docker compose exec --no-TTY caddy caddy reload --force --config /etc/caddy/Caddyfile.next --adapter caddyfile",
        ],
      },
      "Images come over on a disk, from a computer that can reach the registries. `docker compose config --images` lists them:",
      { id: "images", lines: ["docker compose config --images"] },
      {
        id: "save",
        lines: ["docker save $(docker compose config --images) | gzip > images.tar.gz"],
        notRun: "it writes some gigabytes",
      },
      {
        id: "load",
        lines: ["gunzip -c images.tar.gz | docker load"],
        notRun: "it reads what the command before it wrote",
      },
      "Without the internet LAMB has no news, and its LTI pages are without colours: they load a style sheet from `cdn.tailwindcss.com`. Language models have to be in the network, too: see [GPU](#gpu), or `OPENAI_BASE_URL` of a server that speaks OpenAI's language.",
    ],
  };
}

function proxy(): GuideChapter {
  return {
    id: "proxy",
    title: "Behind a proxy",
    blocks: [
      "When another server already has ports 80 and 443 and the certificates (nginx, Apache, Traefik, a load balancer), it passes both host names on to Caddy, which speaks plain HTTP then. Caddy must know that proxy's address, or `private_ranges` when it runs on the same server: it believes what the proxy says of the visitor, and nobody else.",
      {
        id: "proxied",
        lines: ["lamb-compose init --dir . --tls proxied --trusted-proxies private_ranges --http-port 8081"],
        notRun: OTHER_WAY,
      },
      {
        list: [
          "Pass on the host name as it came (`Host`), and say `X-Forwarded-Proto: https` and `X-Forwarded-For`. Without the second every launch from Moodle is refused: LAMB checks the signature of the address that people used.",
          "Let requests of 501 MB through (`client_max_body_size 501m` in nginx), do not buffer answers (`proxy_buffering off`), allow websockets, and wait at least 600 seconds: answers are written word by word.",
          "Close that port of the server to everybody but the proxy.",
        ],
      },
    ],
  };
}

function ownImages(): GuideChapter {
  return {
    id: "own-images",
    title: "Images of your own",
    blocks: [
      "LAMB's repository builds its images with the workflow that lies beside this page. A fork gets its own by the same workflow. A server takes them from another registry when a line in a file of your own says so; it comes last in `COMPOSE_FILE`:",
      {
        id: "own-image",
        lines: [
          "cat > docker-compose.own.yaml <<'END'",
          "services:",
          "  lamb:",
          "    image: ${LAMB_IMAGE:-registry.university.example/lamb:v0.6-ours}",
          "END",
        ],
      },
      "A registry that mirrors all images is named with `lamb-compose init --dir . --registry registry.university.example/lamb` instead. For a file of your own add `:docker-compose.own.yaml` to the end of `COMPOSE_FILE` in `.env`, and:",
      {
        id: "own-image-check",
        lines: ["docker compose -f docker-compose.next.yaml -f docker-compose.own.yaml config --images"],
      },
      "Which image runs can be fixed by digest, so that a tag that moves changes nothing. This asks the registries and keeps the answers in `images.lock.json`; `init` names the images so from then on:",
      { id: "lock", lines: ["lamb-compose lock"], notRun: "its answers come from registries" },
      { id: "lock-init", lines: ["lamb-compose init --dir ."], notRun: "it takes what the command before it kept" },
    ],
  };
}

function gpu(): GuideChapter {
  return {
    id: "gpu",
    title: "Models of your own, with a GPU",
    blocks: [
      "Ollama runs language models on the server. With an NVIDIA GPU it needs the driver and the NVIDIA Container Toolkit on the server, and `--gpu`; without one leave `--gpu` out, and expect slow answers.",
      { id: "ollama", lines: ["lamb-compose init --dir . --ollama --gpu"], notRun: "it needs a GPU" },
      { id: "ollama-up", lines: ["lamb-compose up"], notRun: "it needs a GPU" },
      {
        id: "ollama-model",
        lines: ["docker compose exec ollama ollama pull llama3.1"],
        notRun: "it downloads a model",
      },
      "`OLLAMA_ENABLED=true` in `.env` offers its models to assistants, and `EMBEDDINGS_VENDOR=ollama` with `EMBEDDINGS_MODEL=nomic-embed-text` has new collections of the knowledge base use it. A collection keeps the model with which it was made.",
    ],
  };
}

function withoutNode({ template }: GuideFacts): GuideChapter {
  return {
    id: "without-node",
    title: "Without Node.js on the server",
    blocks: [
      `Make the folder \`lamb\` on another computer with \`lamb-compose init\`, and copy it to the server. Or copy the Compose files, the folder \`caddy\` and \`${template}\` from LAMB's repository, fill the template in, and start it with Docker alone:`,
      { id: "plain-settings", lines: [`cp ${template} .env`, "chmod 600 .env"], notRun: OTHER_WAY },
      { id: "plain-up", lines: ["docker compose up --detach --wait"] },
      "What is missing then is what `lamb-compose` does beyond Docker: upgrades with a way back, backups of one instant, and the search for what is wrong. It can be installed at any time later: it finds everything in the folder.",
    ],
  };
}
