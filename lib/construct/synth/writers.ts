import type { IConstruct } from "constructs";
import type { YamlPath } from "../../spec";

interface Branch {
  by?: IConstruct;
  readonly below: Map<string, Branch>;
}

/** Which values of a file a construct wrote into the entry of another one. */
export class Writers {
  private readonly root: Branch = { below: new Map() };

  /** Ascribes what stands at a path, and all below it, to a construct. What was known of it before is forgotten. */
  set(path: YamlPath, by: IConstruct): void {
    let branch = this.root;
    for (const [index, step] of path.entries()) {
      const key = String(step);
      let next = branch.below.get(key);
      if (next === undefined || index === path.length - 1) {
        next = { below: new Map() };
        branch.below.set(key, next);
      }
      branch = next;
    }
    branch.by = by;
  }

  /** The construct that wrote what stands at a path. `undefined` when it is the one whose entry it is. */
  at(path: YamlPath): IConstruct | undefined {
    let branch: Branch | undefined = this.root;
    let by: IConstruct | undefined;
    for (const step of path) {
      branch = branch.below.get(String(step));
      if (branch === undefined) break;
      by = branch.by ?? by;
    }
    return by;
  }
}
