/**
 * Looks at everything that a result says, as a program might that keeps it, and holds it to what every result promises.
 *
 * @module
 */

/** What a result must not be; the message says where in it. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

/** Visits every field and element of `value`, those that are read on demand too. Gives how many there were. */
export function walk(value: unknown, input: Uint8Array): number {
  let visited = 0;
  // Not recursive, so that a deep result is no failure of the walk.
  const waiting: [value: unknown, path: string][] = [[value, "result"]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [at, path] = next;
    visited++;
    if (typeof at === "number" && Number.isNaN(at)) throw new BrokenPromise(`${path} is not a number`);
    if (typeof at !== "object" || at === null) continue;
    if (at instanceof Uint8Array) expectInside(at, input, path);
    else if (at instanceof Date) expectInstant(at, path);
    else if (Symbol.iterator in at) pushElements(at as Iterable<unknown>, path, waiting);
    else pushFields(at, path, waiting);
  }
  return visited;
}

/** A view on the buffer of the input is a view of the input itself, never of what stands beside it. */
function expectInside(view: Uint8Array, input: Uint8Array, path: string): void {
  if (view.buffer !== input.buffer || view.length === 0) return;
  const start = view.byteOffset - input.byteOffset;
  if (start < 0 || start + view.length > input.length) {
    throw new BrokenPromise(
      `${path} is a view of ${start} to ${start + view.length}, the input has ${input.length} bytes`,
    );
  }
}

function expectInstant(date: Date, path: string): void {
  if (Number.isNaN(date.getTime())) throw new BrokenPromise(`${path} is no instant`);
}

function pushElements(elements: Iterable<unknown>, path: string, waiting: [unknown, string][]): void {
  const inside = `${path}[]`;
  for (const element of elements) waiting.push([element, inside]);
}

function pushFields(object: object, path: string, waiting: [unknown, string][]): void {
  if ("code" in object && "clause" in object) expectFinding(object, path);
  for (const field of fieldsOf(object)) {
    const value: unknown = Reflect.get(object, field);
    if (value !== undefined && typeof value !== "function") waiting.push([value, `${path}.${field}`]);
  }
}

function expectFinding(finding: object, path: string): void {
  const { code, message, clause, offset } = finding as Readonly<Record<string, unknown>>;
  const texts = [code, message, clause];
  if (texts.some((text) => typeof text !== "string" || text === ""))
    throw new BrokenPromise(`${path} says too little`);
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) {
    throw new BrokenPromise(`${path} (${String(code)}) is at ${String(offset)}`);
  }
}

/** Own fields, and those that a view reads when it is asked for them. */
function fieldsOf(object: object): readonly string[] {
  const prototype: object | null = Object.getPrototypeOf(object);
  const own = Object.keys(object);
  return prototype === null || prototype === Object.prototype ? own : own.concat(gettersOf(prototype));
}

function gettersOf(prototype: object): readonly string[] {
  const known = getters.get(prototype);
  if (known !== undefined) return known;
  const found = Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([, { get }]) => get !== undefined)
    .map(([name]) => name);
  getters.set(prototype, found);
  return found;
}

const getters = new WeakMap<object, readonly string[]>();
