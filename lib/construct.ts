/**
 * For constructs of your own kind: what stands in a program for a value that only the synthesis knows, and what a
 * construct is told when it is written. And what a stack of your own tells the commands on its deployment: which release it
 * is, and what `doctor` looks at in its services.
 *
 * @packageDocumentation
 */
export { Annotated } from "./construct/annotated";
export { BIND, type Bindable, type BindableProps, type Binding, type Use, type VolumeUse } from "./construct/binding";
export { ComposeConstruct } from "./construct/compose-construct";
export { DATA_GENERATION } from "./construct/data-volume";
export { OutsideCheck, type OutsideCheckProps } from "./construct/outside-check";
export { Resource, type ResourceSection } from "./construct/resource";
export { ServiceCheck, type ServiceCheckProps } from "./construct/service-check";
export { ServiceOverride } from "./construct/service-override";
export { StackRelease, type StackReleaseProps } from "./construct/stack-release";
export type { SynthesisContext } from "./construct/synth/context";
