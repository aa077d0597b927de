import { Construct } from "constructs";
import type { Finding } from "../report/finding";
import { brand } from "./brand";
import { ConstructError } from "./errors";

const [mark, isComposeConstruct] = brand<ComposeConstruct>("ComposeConstruct");

/** Ids that the child map of `constructs` cannot hold: it is an ordinary object. */
function isAwkward(id: string): boolean {
  return id in {} || /^(0|[1-9]\d*)$/.test(id);
}

/**
 * The id under which the tree keeps a construct. The construct's name is always the id that the program gave.
 *
 * @throws ConstructError `no-scope`, `no-id`, `duplicate-id`, `empty-id`
 */
function nodeId(scope: Construct, id: string, kind: string): string {
  refuseNonsense(scope, id);
  const key = isAwkward(id) || kind !== "" ? `${kind || "id"}:${id}` : id;
  if (id === "") {
    throw new ConstructError({
      code: "empty-id",
      construct: scope.node.path,
      reason: "a construct needs an id: it becomes the name in the file",
      fix: "pass a name as the second argument",
    });
  }
  if (scope.node.tryFindChild(key.replaceAll("/", "--")) !== undefined) {
    throw new ConstructError({
      code: "duplicate-id",
      construct: scope.node.path,
      value: JSON.stringify(id),
      reason: "there is already a construct with this id here",
      fix: "give the second one another id, or change the first one instead",
    });
  }
  return key;
}

/** Programs without types, and those that a cast has silenced, can pass anything. */
function refuseNonsense(scope: unknown, id: unknown): void {
  if (!Construct.isConstruct(scope)) {
    throw new ConstructError({
      code: "no-scope",
      value: scope === null ? "null" : typeof scope,
      reason: "is not a construct: a construct is created in another one",
      fix: "pass the app, a file or another construct as the first argument",
    });
  }
  if (typeof id !== "string") {
    throw new ConstructError({
      code: "no-id",
      construct: scope.node.path,
      value: id === null ? "null" : typeof id,
      reason: "is not an id: it is the name in the file",
      fix: "pass a text as the second argument",
    });
  }
}

/**
 * What every construct of this library is: a node of the tree with a name and, at synthesis, findings about itself.
 *
 * The id is the name in the file, so a construct of one's own that is used twice in one file derives the names of what
 * it creates from its own: `new Service(this, \`${this.node.id}-db\`, …)`.
 */
export abstract class ComposeConstruct extends Construct {
  static isComposeConstruct = isComposeConstruct;

  /** The id that the program gave. It is the name in the file. */
  readonly name: string;

  /**
   * @param kind puts the id into a name space of its own, so that a service and a volume can share a name
   * @throws ConstructError `no-scope`, `no-id`, `duplicate-id`, `empty-id`
   */
  constructor(scope: Construct, id: string, kind = "") {
    super(scope, nodeId(scope, id, kind));
    mark(this);
    this.name = id;
  }

  /** What is wrong with this construct by itself. Called at synthesis; other constructs are not looked at. */
  findings(): readonly Finding[] {
    return [];
  }
}
