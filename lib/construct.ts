/**
 * For constructs of your own kind: what stands in a program for a value that only the synthesis knows, and what a
 * construct is told when it is written.
 *
 * @packageDocumentation
 */
export { Annotated } from "./construct/annotated";
export { BIND, type Bindable, type BindableProps, type Binding, type Use, type VolumeUse } from "./construct/binding";
export { ComposeConstruct } from "./construct/compose-construct";
export { DATA_GENERATION } from "./construct/data-volume";
export { Resource, type ResourceSection } from "./construct/resource";
export { ServiceOverride } from "./construct/service-override";
export type { SynthesisContext } from "./construct/synth/context";
