/**
 * Why a file cannot be had, as errors of a port.
 *
 * @module
 */

import type { PortError, SyncErrorCode } from "cert-parser-core";

/** Why a file could not be had. */
export type FileFaultReason =
  /** Reading was cancelled. */
  "ABORTED" | "FILE_EMPTY" | "FILE_IS_DIRECTORY" | "FILE_NOT_FOUND" | "FILE_TOO_LARGE" | "FILE_UNREADABLE";

/** What an error of the file system comes to. */
export function fileFault(path: string, cause: unknown): PortError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") {
    return portError("CONFIGURATION_ERROR", "FILE_NOT_FOUND", `${path} does not exist`, cause);
  }
  // Not every runtime opens a directory.
  if (code === "EISDIR") return isDirectory(path);
  const message = `${path} cannot be read (${code ?? String(cause)}): check its permissions`;
  return portError("CONFIGURATION_ERROR", "FILE_UNREADABLE", message, cause);
}

/** A directory in place of a file. */
export function isDirectory(path: string): PortError {
  return portError("CONFIGURATION_ERROR", "FILE_IS_DIRECTORY", `${path} is a directory; expected a file`);
}

/** A file over the limit. */
export function tooLarge(path: string, maxBytes: number): PortError {
  const message = `${path} is larger than ${maxBytes} bytes: if that is right, raise MAX_DOWNLOAD_BYTES`;
  return portError("PARSE_ERROR", "FILE_TOO_LARGE", message);
}

/** A file without bytes. */
export function isEmpty(path: string): PortError {
  return portError("PARSE_ERROR", "FILE_EMPTY", `${path} is empty`);
}

/** Reading was stopped. */
export function cancelled(path: string): PortError {
  return portError("CANCELLED", "ABORTED", `reading ${path} was cancelled`);
}

function portError(
  code: SyncErrorCode,
  reason: FileFaultReason,
  message: string,
  cause?: unknown,
): PortError {
  return { code, reason, message, ...(cause === undefined ? {} : { cause }) };
}
