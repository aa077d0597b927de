import { BIND, type Binding, type Input } from "../../construct/binding";
import { Overlay, type OverlayProps } from "../../construct/overlay";
import { Service, type ServiceProps } from "../../construct/service";
import type { Volume } from "../../construct/volume";
import { LAMB_USER, LIBRARY_USER } from "../facts/users";
import type { LambStack } from "../lamb-stack";
import { LibraryManager } from "../library-manager";
import { IN_PRODUCTION } from "../running";
import { UploadsLayout } from "../uploads-layout";

/** A volume, and the user whose data it holds. */
interface Owned {
  readonly volume: Volume;
  readonly user: number;
}

/**
 * Gives the data that images running as root have left to the users of the images that these Dockerfiles build, before
 * anything starts: once, in the upgrade from the ones to the others. Afterwards it finds nothing to do, and the file can
 * be taken out of `COMPOSE_FILE` again.
 *
 * @example
 * ```ts
 * new OwnershipOverlay(stack);
 * ```
 */
export class OwnershipOverlay extends Overlay {
  /** The service that does it, and ends. */
  readonly ownership: Service;
  private readonly stack: LambStack;

  constructor(stack: LambStack, id = "ownership", props: Omit<OverlayProps, "over"> = {}) {
    super(stack, id, {
      description: "For one upgrade: data of root's become data of the users that the images have now.",
      ...props,
      over: stack,
    });
    this.stack = stack;
    const { lamb, kb, openwebui } = stack;
    this.ownership = new Service(this, "ownership", {
      image: lamb.image,
      entrypoint: ["/bin/sh", "-euc"],
      command: [
        later(() =>
          this.owned()
            .map(({ volume, user }) => takeOver(folderOf(volume), user))
            .join("\n"),
        ),
      ],
      user: "0:0",
      // To look into folders of others, and to give files away. Nothing else of root's.
      cap_add: ["CHOWN", "DAC_READ_SEARCH"],
      network_mode: "none",
      read_only: true,
      restart: "no",
      healthcheck: { disable: true },
      volumes: later(() =>
        this.owned().map(({ volume }) =>
          volume.at(folderOf(volume), {
            nocopy: true,
            reason: "It gives the files to their new user, and ends before that one starts.",
          }),
        ),
      ),
    });
    this.ownership.with(...IN_PRODUCTION);
    for (const service of [lamb, kb, openwebui]) {
      this.change(service).dependsOn(this.ownership, "service_completed_successfully");
    }
  }

  protected override changesTo(service: Service): ServiceProps {
    if (!LibraryManager.isLibraryManager(service) && !UploadsLayout.isUploadsLayout(service)) return {};
    return { depends_on: { [this.ownership.name]: { condition: "service_completed_successfully" } } };
  }

  /** The volumes of all services that the stack has by the time it is synthesized. */
  private owned(): readonly Owned[] {
    const { lamb, kb, openwebui, services } = this.stack;
    const libraries = services.filter((service) => LibraryManager.isLibraryManager(service));
    return [
      ...[lamb.data, lamb.uploads, kb.data, kb.originals, openwebui.data].map((volume) => ({
        volume,
        user: LAMB_USER.id,
      })),
      ...libraries.map(({ data }) => ({ volume: data, user: LIBRARY_USER.id })),
    ];
  }
}

/** A value that is worked out when the file is made. */
function later(value: () => Input): Binding {
  return { [BIND]: value };
}

function folderOf(volume: Volume): string {
  return `/volumes/${volume.name}`;
}

/** A command that gives away what is not the user's yet. */
function takeOver(folder: string, user: number): string {
  return `find ${folder} ! -uid ${user} -exec chown --no-dereference ${user}:${user} {} +`;
}
