import type { Finding } from "../../report/finding";
import { mapOf } from "../../spec/value";
import type { Deployment } from "../synth/deployment";
import { inDeployment } from "./check";
import { namesIn } from "./model";

/** Services that need another one which their own profiles do not start: Compose would refuse to start them alone. */
export function* profiles(deployment: Deployment): Generator<Finding> {
  const profilesOf = (name: string) => namesIn(mapOf(deployment.services[name]).profiles);
  for (const name of Object.keys(deployment.services)) {
    const own = profilesOf(name);
    for (const { name: other, required, key } of deployment.dependenciesOf(name)) {
      const theirs = profilesOf(other);
      const alone = own.length === 0 ? undefined : own.find((profile) => !theirs.includes(profile));
      if (!required || theirs.length === 0 || (own.length > 0 && alone === undefined)) continue;
      const when = alone === undefined ? "without any profile" : `with the profile ${alone}`;
      yield inDeployment(deployment, {
        code: "profile-dependency",
        path: ["services", name, key],
        reason: `${name} starts ${when}, and ${other}, which it needs, does not`,
        fix: `give ${name} the profiles of ${other}, or make the dependency { required: false }`,
      });
    }
  }
}
