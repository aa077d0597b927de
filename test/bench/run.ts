/** Every benchmark, one after the other. Build first: what a process costs is measured on the package. */
await import("./emit");
await import("./synth");
await import("./resolve");

export {};
