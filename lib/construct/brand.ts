/**
 * Brands tell what an object is without `instanceof`, so that two copies of this package in one program work together.
 *
 * @returns a pair: a function that marks an object, and the test for the mark
 */
export function brand<T extends object>(
  name: string,
): [mark: (object: T) => void, has: (value: unknown) => value is T] {
  const symbol = Symbol.for(`lamb-compose.${name}`);
  return [
    (object) => {
      Object.defineProperty(object, symbol, { value: true });
    },
    (value): value is T => typeof value === "object" && value !== null && Reflect.get(value, symbol) === true,
  ];
}
