import type { Deployment } from "./deployment";
import { standIn } from "./stand-ins";

/** Data of each kind that each service keeps, written through the service and read back through it. */
export class Markers {
  /** What must be read, by service and place. */
  readonly written: Readonly<Record<string, { readonly text: string }>>;
  private readonly all: readonly { readonly service: string; readonly place: string }[];

  constructor(
    private readonly stack: Deployment,
    services: readonly string[],
  ) {
    this.all = services.flatMap((service) => standIn(service).places.map((place) => ({ service, place })));
    this.written = Object.fromEntries(
      this.all.map(({ service, place }) => [`${service} ${place}`, { text: `kept by ${service} in ${place}` }]),
    );
  }

  async write(): Promise<void> {
    for (const { service, place } of this.all) {
      const path = `/stand-in/marker?place=${place}`;
      await this.stack.call(service, "PUT", path, `kept by ${service} in ${place}`);
    }
  }

  /** What is there now; `null` where nothing is. */
  async read(): Promise<Readonly<Record<string, unknown>>> {
    const found: Record<string, unknown> = {};
    for (const { service, place } of this.all) {
      found[`${service} ${place}`] = await this.stack.call(service, "GET", `/stand-in/marker?place=${place}`);
    }
    return found;
  }

  /** The services and places whose data is not what was written. */
  async lost(): Promise<readonly string[]> {
    const found = await this.read();
    return Object.entries(this.written)
      .filter(([place, { text }]) => JSON.stringify(found[place]) !== JSON.stringify({ text }))
      .map(([place]) => place);
  }
}
