import { OLDEST_ENGINE } from "../../construct/engine-version";
import type { GuideFacts } from "../../guides/facts";
import type { GuideChapter, GuidePage } from "../../guides/page";
import { dataChapter, filesChapter, servicesChapter, variablesChapter } from "../../guides/reference";
import { LTI } from "../facts/lti";
import { LARGEST_BODY, MIB } from "../facts/sizes";
import { OLLAMA_MODEL } from "../variables/models";
import { SAMPLES, WORDS } from "./words";

/** How to install LAMB, for a teacher with a server. */
export function deploymentPage(facts: GuideFacts): GuidePage {
  return {
    id: "deployment",
    title: "Install LAMB",
    intro:
      "LAMB runs on one server, in containers. This page takes you from an empty server to a LAMB that people can use, in about half an hour, most of it spent waiting for downloads. [Operations](operations) explains how to look after it. If you already run an older LAMB, start with [Migration](migration).",
    chapters: [
      requirements(),
      install(),
      firstLogin(),
      models(),
      moodle(),
      closedNetwork(),
      proxy(),
      ownImages(),
      mirror(),
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
            "2 processors; 4 GB of memory to try it, 8 GB for a school",
            "Open WebUI takes 0.25 to 0.4 GB while people use it, and 0.9 GB for the moment in which somebody uploads a file of 300 MB",
          ],
          [
            "room on its disk",
            "60 GB, plus three times what people will upload",
            "two releases of the images are there during an upgrade, and those of LAMB and its knowledge base take 7 and 13 GB; an upgrade works on a copy of the data and keeps the old one, so that you can go back",
          ],
          [
            "memory, if language models run on the server",
            "16 GB or more; a GPU is better",
            `a model of 8 billion parameters, such as \`${OLLAMA_MODEL.default}\`, is about 5 GB large and is held in memory as a whole`,
          ],
          [
            "Docker Engine and Docker Compose",
            `${OLDEST_ENGINE} and 2.40, or later`,
            "see [docs.docker.com/engine/install](https://docs.docker.com/engine/install/)",
          ],
          ["Node.js", "20.19 or later", "for `lamb-compose`. LAMB itself runs without it: see [below](#without-node)"],
          [
            "two host names",
            "such as `lamb.university.example` and `chat.university.example`",
            "one for LAMB and one for Open WebUI. Both must point to the server before you begin",
          ],
          [
            "ports 80 and 443",
            "open to the internet",
            "browsers and the certificate authority connect to them. No other port has to be open",
          ],
          [
            "an API key for language models",
            "from OpenAI, or from any provider with an OpenAI-compatible API",
            "or run models of your own: see [GPU](#gpu)",
          ],
        ],
      },
      "The figures for images were measured at LAMB's sources of June 2026, those for Open WebUI in a running LAMB, on a server with 2 processors. Right after their start, LAMB's own programs take 0.1 GB of memory (LAMB), 0.35 GB (the knowledge base) and 0.1 GB (the library manager). How much to have is a recommendation that leaves room. Images that are built by this project's workflow are much smaller: 0.4 GB and 1 GB instead of 7 and 13.",
      "Check what the server has:",
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
      "Install the command:",
      { id: "get", lines: ["npm install --global lamb-compose"] },
      "Check whether the server is ready. This changes nothing, and tells you how to fix whatever it finds:",
      { id: "host", lines: ["lamb-compose doctor --host"] },
      "Create the deployment in a folder `lamb`. It needs four answers of yours: the two host names, the e-mail address of the first administrator, and an e-mail address for the certificate authority. To everything else that it asks, Enter is the right answer for most. It generates all passwords and keys itself.",
      { id: "init-asking", lines: ["lamb-compose init --dir lamb"] },
      "The same without questions:",
      {
        id: "init",
        lines: [
          "lamb-compose init --dir lamb \\",
          `  --set LAMB_PUBLIC_HOST=${lamb} --set OWI_PUBLIC_HOST=${chat} \\`,
          `  --set OWI_ADMIN_EMAIL=${mail} --set CADDY_EMAIL=${mail}`,
        ],
      },
      "Your settings and all secrets are now in the file `.env` in that folder. Keep a copy in a safe place that is not on the server: anybody who has it can do everything. Run all commands from here on in that folder.",
      { id: "folder", lines: ["cd lamb"] },
      { id: "check", lines: ["lamb-compose env check"] },
      "Start it. The first time, it downloads the images. It reports each service that is ready, and stops at the first one that fails, with the end of its log:",
      { id: "up", lines: ["lamb-compose up"], output: ["4 services are up and well; the state is kept as 1"] },
      "Check it from outside, the way people will use it:",
      { id: "verify", lines: ["lamb-compose verify"] },
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
          "Change the password in LAMB. The one in `.env` is used at the first start only; changing it there later has no effect.",
          "Under *Admin*, create an account for each teacher, or let people come in from Moodle: see [Moodle](#moodle).",
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
      "Without an API key no assistant can answer. This asks for the key, does not show what you type or paste, writes it into `.env`, and restarts the services that use it:",
      { id: "key", lines: ["lamb-compose env set OPENAI_API_KEY"] },
      "`OPENAI_MODELS` lists the models to offer, and `OPENAI_BASE_URL` is the address of the provider if it is not OpenAI: see [Settings](#variables).",
    ],
  };
}

function moodle(): GuideChapter {
  const { lamb } = SAMPLES;
  return {
    id: "moodle",
    title: "LTI: LAMB in Moodle, step by step",
    blocks: [
      "Students and teachers enter LAMB from a course, without a separate password. One tool serves all courses. You need the shared secret, which this command shows:",
      { id: "lti-secret", lines: ["grep '^LTI_SECRET=' .env"] },
      {
        steps: [
          "In Moodle, as its administrator: *Site administration → Plugins → Activity modules → External tool → Manage tools → configure a tool manually*.",
          `*Tool name*: LAMB. *Tool URL*: \`https://${lamb}${LTI.launch}\`. *LTI version*: LTI 1.0/1.1.`,
          "*Consumer key*: `lamb`, or the value of `LTI_GLOBAL_CONSUMER_KEY`. *Shared secret*: the secret from above, or the value of `LTI_GLOBAL_SECRET` if you have set it.",
          "*Tool configuration usage*: Show in activity chooser and as a preconfigured tool. *Default launch container*: New window. If LAMB and Moodle share a domain (`lamb.university.example` and `moodle.university.example`), *Embed* works, too.",
          "*Privacy*: always share the launcher's name and e-mail address. LAMB identifies people by them.",
          "In a course, as a teacher whose account in LAMB has the same e-mail address: *Add an activity → LAMB*, save, and open it. LAMB asks which assistants the activity offers.",
          "Open it as a student: the chat begins.",
        ],
      },
      "Other systems (Canvas, Sakai, Blackboard) take the same address, key and secret as an LTI 1.1 tool. LAMB does not support LTI 1.3. If a launch is refused, see [Trouble](operations#trouble).",
    ],
  };
}

function closedNetwork(): GuideChapter {
  return {
    id: "closed-network",
    title: "In a closed network",
    blocks: [
      "If no certificate authority can reach the server, Caddy can issue its own certificates:",
      { id: "internal", lines: ["lamb-compose init --dir . --tls internal"] },
      { id: "internal-up", lines: ["lamb-compose up"] },
      { id: "internal-verify", lines: ["lamb-compose verify"] },
      "Browsers trust them once Caddy's root certificate is installed on every computer. This copies it to the current folder:",
      { id: "root", lines: ["docker compose cp caddy:/data/caddy/pki/authorities/local/root.crt root.crt"] },
      "If you already have a certificate for both names, choose `--tls certificate` instead. Set `TLS_FOLDER` in `.env` to its folder, and `TLS_CERTIFICATE_FILE` and `TLS_KEY_FILE` to the files in it. Certbot's files are links, so the folder must contain what they point to, too: use `/etc/letsencrypt`, with `live/NAME/fullchain.pem` and `live/NAME/privkey.pem`. A renewed certificate is served within a minute, whoever renews it. To have it served at once, and to see whether Caddy accepts it, run this in the folder of the deployment. It interrupts nobody:",
      {
        id: "renewed",
        lines: [
          "docker compose exec --no-TTY caddy caddy reload --force --config /etc/caddy/Caddyfile.next --adapter caddyfile",
        ],
      },
      "`lamb-compose up` does the same. `lamb-compose doctor` says when an old certificate is still shown.",
      "Carry the images over on a disk, from a computer that can reach the registries and has a copy of the folder. There, these list the images, fetch those that are missing, and put all of them into one file:",
      { id: "images", lines: ["docker compose config --images"] },
      { id: "images-pull", lines: ["docker compose pull --policy missing"] },
      { id: "save", lines: ["docker save $(docker compose config --images) | gzip > images.tar.gz"] },
      "Copy the file to the server, and load it there:",
      { id: "load", lines: ["gunzip -c images.tar.gz | docker load"] },
      "Without the internet, LAMB shows no news, and its LTI pages are unstyled, because they load a style sheet from `cdn.tailwindcss.com`. Language models must be inside the network, too: see [GPU](#gpu), or set `OPENAI_BASE_URL` to a server with an OpenAI-compatible API.",
    ],
  };
}

function proxy(): GuideChapter {
  return {
    id: "proxy",
    title: "Behind a proxy",
    blocks: [
      "If another server (nginx, Apache, Traefik, a load balancer) already uses ports 80 and 443 and has the certificates, it can pass requests for both host names on to Caddy over plain HTTP. Tell Caddy the address of that proxy, or `private_ranges` if it runs on the same server: Caddy trusts what this proxy says about visitors, and nobody else.",
      {
        id: "proxied",
        lines: ["lamb-compose init --dir . --tls proxied --trusted-proxies private_ranges --http-port 8081"],
      },
      { id: "proxied-up", lines: ["lamb-compose up"] },
      "The folder `proxy` now has the settings for your proxy, as a file each for nginx, Apache and Traefik. Each says at its top where it belongs. If your proxy is another one, take from there what it has to do:",
      {
        list: [
          "Pass the `Host` header on unchanged, and set `X-Forwarded-Proto: https` and `X-Forwarded-For`. Without `X-Forwarded-Proto` every launch from Moodle is refused, because LAMB checks the signature against the address that people used.",
          `Allow requests of up to ${LARGEST_BODY / MIB} MB, or more where you chose a larger upload, do not collect answers before passing them on, allow WebSockets, and wait for up to 15 minutes: answers arrive word by word.`,
          "Block that port for everybody but the proxy.",
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
      "LAMB's repository builds its images with a GitHub workflow. A fork can build its own with the same workflow. To run such an image, name it in a Compose file of your own, which comes last in `COMPOSE_FILE`:",
      {
        id: "own-image",
        lines: [
          "cat > docker-compose.own.yaml <<'END'",
          "services:",
          "  lamb:",
          `    image: \${LAMB_IMAGE:-${SAMPLES.registry}/lamb:ours-1}`,
          "END",
        ],
      },
      "Add `:docker-compose.own.yaml` to the end of `COMPOSE_FILE` in `.env`, check which images will run, and start them:",
      { id: "own-image-check", lines: ["docker compose config --images"] },
      { id: "own-image-up", lines: ["lamb-compose up"] },
    ],
  };
}

function mirror(): GuideChapter {
  return {
    id: "mirror",
    title: "All images from a registry of your own",
    blocks: [
      "This prints a command for each image that copies it to your registry. Run those where both registries can be reached:",
      { id: "mirror-images", lines: [`lamb-compose images --mirror ${SAMPLES.registry}`] },
      "From then on, take the images from there:",
      { id: "mirror", lines: [`lamb-compose init --dir . --registry ${SAMPLES.registry}`] },
      { id: "mirror-up", lines: ["lamb-compose up"] },
      { heading: "Images that cannot change" },
      "With or without a registry of your own: a tag can be moved to another image by the people who publish it. This asks the registries which images the tags mean now, and saves that in `images.lock.json`; `init` uses it from then on:",
      { id: "lock", lines: ["lamb-compose lock"] },
      { id: "lock-init", lines: ["lamb-compose init --dir ."] },
      { id: "lock-up", lines: ["lamb-compose up"] },
    ],
  };
}

function gpu(): GuideChapter {
  return {
    id: "gpu",
    title: "Models of your own, with a GPU",
    blocks: [
      "Ollama runs language models on the server. For an NVIDIA GPU, install the driver and the NVIDIA Container Toolkit on the server. Without a GPU, leave `--gpu` out, and expect slow answers.",
      { id: "ollama", lines: ["lamb-compose init --dir . --ollama --gpu"] },
      "It changes no line of your `.env`. If it says that a file does not run, replace the line `COMPOSE_FILE=` there by the one that it shows. Then start it, and download a model:",
      { id: "ollama-up", lines: ["lamb-compose up"] },
      { id: "ollama-model", lines: [`docker compose exec ollama ollama pull ${OLLAMA_MODEL.default}`] },
      "`OLLAMA_ENABLED=true` in `.env` offers its models to assistants. `EMBEDDINGS_VENDOR=ollama` with `EMBEDDINGS_MODEL=nomic-embed-text` makes new collections of the knowledge base use it; existing collections keep the model that they were created with.",
    ],
  };
}

function withoutNode({ template }: GuideFacts): GuideChapter {
  return {
    id: "without-node",
    title: "Without Node.js on the server",
    blocks: [
      `Create the folder \`lamb\` on another computer with \`lamb-compose init\`, and copy it to the server. Or copy the Compose files, the folder \`caddy\` and \`${template}\` from LAMB's repository, fill the template in, and start it with Docker alone:`,
      { id: "plain-settings", lines: [`cp ${template} .env`, "chmod 600 .env"] },
      { id: "plain-up", lines: ["docker compose up --detach --wait"] },
      "You then do without what `lamb-compose` adds to Docker: upgrades that can be undone, consistent backups, and help with finding what is wrong. You can install it at any time later; it finds everything in the folder.",
    ],
  };
}
