/**
 * The table of `docs/logs.md`.
 *
 * @module
 */

import { logEvents } from "../../src/log/events.ts";
import { code, codes, type Sections, table } from "./markdown.ts";

export const logSections: Sections = {
  events: () =>
    table(
      ["event", "level", "fields", "when"],
      Object.entries(logEvents).map(([name, { levels, fields, meaning }]) => [
        code(name),
        levels.join(", "),
        codes(fields),
        meaning,
      ]),
    ),
};
