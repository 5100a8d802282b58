/**
 * Who decides on trust.
 *
 * @module
 */

import { userInfo } from "node:os";
import { misuse } from "./failure.ts";
import type { Surroundings } from "./surroundings.ts";

/** The name that was given, or that of the user of the system. */
export function operatorOf({ environment }: Surroundings, given: string | undefined): string {
  if (given !== undefined && given.trim() === "") throw misuse("--by wants a name");
  return given ?? environment.SUDO_USER ?? environment.USER ?? systemUser();
}

/** A pod may run as a user that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return "operator";
  }
}
