import { Commented, type YamlNode, type YamlNodeMap } from "../../compose/emit/emit";
import { ACTIONS, type ActionName, type PinnedAction } from "./actions";

/** What steps have in common, in the order in which they are written. */
interface StepProps {
  readonly name: string;
  /** Why the step is there, above it. */
  readonly comment?: string;
  readonly id?: string;
  readonly if?: string;
}

/** A step that uses an action, with its version as a comment. */
export function use(action: ActionName, props: StepProps & { readonly with?: YamlNodeMap }): YamlNode {
  const { name, version, commit }: PinnedAction = ACTIONS[action];
  const { with: inputs } = props;
  return step(props, {
    // Where bots that renew pins read the version.
    uses: new Commented(version, `${name}@${commit}`, true),
    ...(inputs === undefined ? {} : { with: inputs }),
  });
}

/** A step that runs a script. What the script must not hold itself, such as the name of a branch, comes by `env`. */
export function bash(
  props: StepProps & { readonly env?: Readonly<Record<string, string>>; readonly run: string },
): YamlNode {
  const { env, run } = props;
  return step(props, { ...(env === undefined ? {} : { env }), run });
}

function step({ name, comment, id, if: condition }: StepProps, rest: YamlNodeMap): YamlNode {
  const node = {
    name,
    ...(id === undefined ? {} : { id }),
    ...(condition === undefined ? {} : { if: condition }),
    ...rest,
  };
  return comment === undefined ? node : new Commented(comment, node);
}

/** The repository's files, without leaving the token of the run among them. */
export function checkout(inputs: YamlNodeMap = {}): YamlNode {
  return use("checkout", { name: "Check out the repository", with: { "persist-credentials": false, ...inputs } });
}

/**
 * Access to a registry for the rest of the job, with what the job's `permissions` allow.
 *
 * @param folder where the images lie in it, such as `ghcr.io/lamb-project`
 */
export function login(folder: string): YamlNode {
  const [registry = ""] = folder.split("/");
  return use("login", {
    name: "Log in to the registry",
    with: {
      registry,
      username: "${{ github.actor }}",
      password: "${{ github.token }}",
    },
  });
}
