import type { Construct } from "constructs";
import { brand } from "../construct/brand";
import { Service } from "../construct/service";
import { UPLOADS } from "./generated/programs";
import type { LambService } from "./lamb-service";

const [mark, isUploadsLayout] = brand<UploadsLayout>("UploadsLayout");

/** The service: what it is called, and what it is to people. */
export const UPLOADS_JOB = {
  name: "uploads",
  is: "moves uploads of an earlier release to where LAMB looks for them, then exits",
} as const;

/**
 * Gives the volume of uploads the layout of LAMB's own files from 0.7 on, before LAMB starts: uploads lie below `public`.
 * A volume of before has them at its root, and LAMB would not find one of them. It moves them once, deletes nothing, and
 * then finds nothing to do.
 */
export class UploadsLayout extends Service {
  static isUploadsLayout = isUploadsLayout;

  constructor(scope: Construct, lamb: LambService) {
    super(scope, UPLOADS_JOB.name);
    mark(this);
    const { path } = lamb.release.service("lamb").folders.uploads;
    this.set({
      image: lamb.image,
      entrypoint: ["python", "-IS", "-c", UPLOADS],
      command: [path],
      network_mode: "none",
      read_only: true,
      restart: "no",
      healthcheck: { test: ["NONE"] },
      volumes: [
        lamb.uploads.at(path, {
          reason: "It moves uploads to where LAMB looks for them, and ends before LAMB starts.",
        }),
      ],
    });
    lamb.by(this, () => lamb.dependsOn(this, "service_completed_successfully"));
  }
}
