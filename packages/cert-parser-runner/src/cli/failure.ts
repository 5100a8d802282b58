/**
 * How a command ends when it does not succeed: with one message and an exit code.
 *
 * @module
 */

/**
 * 0: done, or good. 1: refused or failed. 2: wrong usage or configuration. Of commands that give verdicts also 3, undetermined,
 * and 5, could not be judged.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 5;

/** What failed, in stable codes and one sentence. */
export interface FailureDetails {
  /** Such as `PARSE_ERROR`. */
  readonly code: string;
  /** The code underneath, such as `DER_TRUNCATED`. */
  readonly reason: string;
  /** Stage of the run, where it was a run that failed. */
  readonly stage?: string | undefined;
  readonly message: string;
}

/** A failure that was foreseen: its message is for the user, and needs no stack. */
export interface CommandFailure extends Error {
  readonly exitCode: ExitCode;
  /** Null for a misuse. */
  readonly details: FailureDetails | null;
}

/**
 * Refused or failed: exit code 1. `file` is what the user called the file that it is about; `hints` say how to go on, a line
 * each.
 */
export function failure(
  error: FailureDetails,
  file?: string,
  cause?: unknown,
  hints: readonly string[] = [],
): CommandFailure {
  const { code, reason, stage, message } = error;
  const where = stage === undefined ? "" : ` at stage ${stage}`;
  const about = file === undefined || message.includes(file) ? "" : `${file}: `;
  const text = [`${code} (${reason})${where}: ${about}${message}`, ...hints].join("\n  ");
  const details: FailureDetails = { code, reason, ...(stage === undefined ? {} : { stage }), message };
  return Object.assign(new Error(text, { cause }), { exitCode: 1 as const, details });
}

/** Nothing speaks against it, and not enough is known to say that it is good: exit code 3. */
export function undetermined(error: FailureDetails, file: string): CommandFailure {
  return Object.assign(failure(error, file), { exitCode: 3 as const });
}

/** There is no verdict, since the file cannot be read: exit code 5. */
export function unjudged(error: FailureDetails, file: string, cause?: unknown): CommandFailure {
  return Object.assign(failure(error, file, cause), { exitCode: 5 as const });
}

/** Wrong usage or configuration: exit code 2. */
export function misuse(message: string): CommandFailure {
  return Object.assign(new Error(message), { exitCode: 2 as const, details: null });
}

/** Tells foreseen failures, those of the adapters included, from faults of the program: null. */
export function toCommandFailure(error: unknown): CommandFailure | null {
  if (!(error instanceof Error)) return null;
  if ("exitCode" in error && "details" in error) return error as CommandFailure;
  const { code: reason } = error as { code?: unknown };
  if (typeof reason !== "string") return null;
  const { message } = error;
  if (error.name === "StoreError") {
    const code = trustReasons.has(reason) ? "TRUST_ERROR" : "DATABASE_ERROR";
    return failure({ code, reason, message }, undefined, error);
  }
  if (listenCodes.has(reason)) {
    return failure({ code: "CONFIGURATION_ERROR", reason, message }, undefined, error);
  }
  // Such as a stdout on a full disk.
  if ("syscall" in error) return failure({ code: "SYSTEM_ERROR", reason, message }, undefined, error);
  return null;
}

const listenCodes: ReadonlySet<string> = new Set([
  "ADDRESS_UNAVAILABLE",
  "LISTEN_FAILED",
  "PORT_FORBIDDEN",
  "PORT_IN_USE",
]);

// The store is well, and does not hold what was asked for.
const trustReasons: ReadonlySet<string> = new Set([
  "KEY_AMBIGUOUS",
  "KEY_UNKNOWN",
  "PUBLISHER_AMBIGUOUS",
  "PUBLISHER_UNKNOWN",
  "QUARANTINE_AMBIGUOUS",
  "QUARANTINE_MISSING",
  "SOURCE_UNKNOWN",
]);
