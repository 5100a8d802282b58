/**
 * Loaded before a command: its clock starts at the instant that `TEST_CLOCK` names, and goes on from there.
 *
 * @module
 */

const RealDate = Date;
const ahead = RealDate.parse(process.env.TEST_CLOCK ?? "") - RealDate.now();

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + ahead] : args, newTarget),
  get: (target, name, receiver) =>
    name === "now" ? () => RealDate.now() + ahead : Reflect.get(target, name, receiver),
});
