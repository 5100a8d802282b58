/**
 * Splits a text that comes in chunks into lines, without holding any of it.
 *
 * @module
 */

/** Told of the lines, in pieces where a chunk ends within one. */
export interface LineVisitor {
  /** Some bytes of a line, never its end. `begins` where they are its first; `offset` is where `start` stands in the text. */
  piece(chunk: Uint8Array, start: number, end: number, offset: number, begins: boolean): void;
  /** A line that had no bytes. */
  emptyLine(offset: number): void;
  /** May take some lines by itself, where one begins; gives where it stopped, at the beginning of a line or within one. */
  takeAhead(chunk: Uint8Array, start: number, offset: number): number;
}

/** Takes the text in chunks. */
export interface LineSplitter {
  push(chunk: Uint8Array): void;
}

/** Makes a splitter for one text; lines end with a line feed, or a return and a line feed. */
export function createLineSplitter(visitor: LineVisitor): LineSplitter {
  let passed = 0;
  let withinLine = false;
  let heldReturn = false;

  const piece = (chunk: Uint8Array, start: number, end: number, offset: number): void => {
    if (start === end) return;
    const begins = !withinLine;
    withinLine = true;
    visitor.piece(chunk, start, end, offset, begins);
  };

  const endLine = (offset: number): void => {
    if (!withinLine) visitor.emptyLine(offset);
    withinLine = false;
  };

  const takeAhead = (chunk: Uint8Array, start: number): number => {
    const at = visitor.takeAhead(chunk, start, passed + start);
    withinLine = at > start && chunk[at - 1] !== lineFeed;
    return at;
  };

  return {
    push(chunk) {
      if (chunk.length === 0) return;
      // Whether a return at the end of a chunk belongs to the line, only the next chunk tells.
      if (heldReturn && chunk[0] !== lineFeed) piece(loneReturn, 0, 1, passed - 1);
      heldReturn = false;
      let start = 0;
      for (;;) {
        if (!withinLine) start = takeAhead(chunk, start);
        const found = chunk.indexOf(lineFeed, start);
        if (found < 0) break;
        piece(chunk, start, found - endsWithReturn(chunk, start, found), passed + start);
        endLine(passed + start);
        start = found + 1;
      }
      const held = endsWithReturn(chunk, start, chunk.length);
      piece(chunk, start, chunk.length - held, passed + start);
      heldReturn = held === 1;
      passed += chunk.length;
    },
  };
}

function endsWithReturn(chunk: Uint8Array, start: number, end: number): 0 | 1 {
  return end > start && chunk[end - 1] === carriageReturn ? 1 : 0;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const loneReturn = Uint8Array.of(carriageReturn);
