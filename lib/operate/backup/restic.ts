import type { Environment } from "../../env/file";
import { isSecretName } from "../../env/secret-name";
import { Docker, type DockerAnswer } from "../engine/docker";
import { OperateError } from "../error";

/** Seconds that a command on a repository may take. */
const LIMIT = 24 * 3600;
/** When restic answers in another form than it does since 0.14. */
export const UNLIKE_RESTIC = {
  code: "restic-failed",
  fix: "check whether restic is 0.14 or later: `restic version`",
} as const;
/** Shorter values stand in too many texts that say something else. */
const SHORTEST = 6;
/** Lines of what restic said that are shown. */
const SHOWN_LINES = 6;
/** How restic ends when it could not read some of what it was to back up. The snapshot is there, and lacks it. */
const INCOMPLETE = 3;

/** A way in which restic fails, told from what it says. */
interface Failure {
  readonly code: string;
  readonly says: RegExp;
  readonly reason: string;
  readonly fix: string;
}

const AWAY = "the repository does not answer";
const AWAY_FIX =
  "check its name and the network, or mount the disk on which it is, and run this again: earlier snapshots are whole";

/**
 * The first that matches counts: where access is denied, or nobody answers, restic adds that there may be no repository. The
 * words are those of restic 0.14 to 0.19.
 */
const FAILURES: readonly Failure[] = [
  {
    code: "wrong-key",
    says: /wrong password or no key found/i,
    reason: "the key does not open the repository",
    fix: "give the key that was shown when the repository was made: a file that RESTIC_PASSWORD_FILE names, or RESTIC_PASSWORD in the environment",
  },
  {
    code: "repository-locked",
    says: /repository is already locked|unable to create lock in backend: repository/i,
    reason: "another process works on the repository",
    fix: "wait until it has ended; if none is at work on any host, `restic unlock` removes what it left",
  },
  {
    code: "disk-full",
    says: /no space left on device|disk quota exceeded|insufficient storage/i,
    reason: "the disk is full",
    fix: "make room where the repository and the deployment are, and run this again: earlier snapshots are whole",
  },
  {
    code: "repository-damaged",
    says: /ciphertext verification failed|does not match (?:its )?id|hash mismatch|repository contains errors|invalid data returned|contains \d+ errors|content hash is invalid|pack \S+ .*(?:not found|does not exist)|unexpected pack/i,
    reason: "the repository is damaged",
    fix: "make a new backup into another repository with --to; `restic check --read-data` names what is damaged, and restic's manual says what can be repaired",
  },
  {
    code: "repository-denied",
    says: /permission denied|access ?denied|forbidden|unauthorized|\b40[13]\b/i,
    reason: "this user may not use the repository",
    fix: "give the rights, or the credentials that restic's manual names for this kind of repository, in the environment or in .lamb-compose/backup.env",
  },
  {
    code: "repository-away",
    says: /dial tcp|no such host|i\/o timeout|TLS handshake|connection re(?:fused|set)|ssh: connect to host|unable to start the sftp session|input\/output error|stale file handle/i,
    reason: AWAY,
    fix: AWAY_FIX,
  },
  {
    code: "no-repository",
    says: /is there a repository at the following location|unable to open config file|repository does not exist|config file does not exist/i,
    reason: "there is no repository at the place that was given, or it cannot be reached",
    fix: "mount or reach the place where it was, or correct its name; a new one is made by `lamb-compose backup --to` at a place where none was",
  },
  {
    code: "repository-away",
    says: /unexpected EOF|no such file or directory|ssh: /i,
    reason: AWAY,
    fix: AWAY_FIX,
  },
];

const OTHER: Omit<Failure, "says"> = {
  code: "restic-failed",
  reason: "restic failed",
  fix: "correct what restic reports, and run this again",
};

/** restic's own command, which knows where repositories can be. What is secret reaches it by its environment. */
export class Restic {
  private readonly program: Docker;

  /** @param environment with `RESTIC_REPOSITORY` and a key, or what stands for them */
  constructor(private readonly environment: Environment) {
    this.program = new Docker({ RESTIC_PROGRESS_FPS: "2", ...environment }, "restic");
  }

  /** Runs a command to its end. A failure is an answer. */
  run(words: readonly string[], cwd?: string, onLine?: (line: string) => void): Promise<DockerAnswer> {
    return this.program.run(words, { cwd, timeout: LIMIT, onLine });
  }

  /**
   * Runs a command that must succeed, and gives its standard output.
   *
   * @param onLine gets each line while it runs; then only the end of the output is given
   * @throws OperateError
   */
  async must(words: readonly string[], cwd?: string, onLine?: (line: string) => void): Promise<string> {
    const answer = await this.run(words, cwd, onLine);
    if (answer.code !== 0) throw this.problem(words, answer);
    return answer.stdout;
  }

  /** What became of a command that failed. */
  problem([command = ""]: readonly string[], answer: DockerAnswer): OperateError {
    const path = `restic ${command}`;
    if (answer.cut === "not-found") {
      const fix = "install it: the package `restic` of Debian, Ubuntu, Fedora and others, version 0.14 or later";
      return new OperateError({ code: "no-restic", path, reason: "there is no command `restic` on this host", fix });
    }
    const text = this.redacted(answer.stderr === "" ? answer.stdout : answer.stderr);
    if (answer.cut === undefined && answer.code === INCOMPLETE) {
      const fix = "run it again; `restic forget` removes the snapshot that lacks something";
      const reason = `not everything could be read: ${lastLines(text)}`;
      return new OperateError({ code: "incomplete-snapshot", path, reason, fix });
    }
    const found = FAILURES.find(({ says }) => says.test(text)) ?? OTHER;
    const said = lastLines(text);
    const reason = `${found.reason}${said === "" ? "" : `: ${said}`}`;
    return new OperateError({ code: found.code, path, reason, fix: found.fix });
  }

  /** A text of restic's without what is secret of how the repository is reached. */
  private redacted(text: string): string {
    const secrets = Object.entries(this.environment).flatMap(([name, value = ""]) => {
      const isSecret =
        isSecretName(name) || /^(?:AWS|AZURE|B2|GOOGLE|OS|ST|RCLONE|RESTIC)_.*(?:KEY|PASS|TOKEN|SECRET)/.test(name);
      return isSecret && !name.endsWith("_FILE") && value.length >= SHORTEST ? [value] : [];
    });
    const within = secretIn(this.environment.RESTIC_REPOSITORY ?? "");
    return [...secrets, ...within].reduce((left, value) => left.replaceAll(value, "***"), text);
  }
}

/** The password in an address such as `rest:https://user:password@host/`: all up to the last `@` before the path. */
export function secretIn(location: string): readonly string[] {
  const [, secret = ""] = /\/\/[^/:]*:([^/]+)@/.exec(location) ?? [];
  return secret === "" ? [] : [secret];
}

function lastLines(text: string): string {
  const lines = text.split(/[\r\n]+/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  return [...new Set(lines)].slice(-SHOWN_LINES).join("\n    ");
}
