/**
 * What is wrong with a setting.
 *
 * @module
 */

/** Kinds of faults: branch on these, never on messages. */
export type ConfigurationFaultCode =
  /** Two settings, or two spellings of one, exclude each other. */
  | "CONFLICT"
  /** A file that the setting or `NAME_FILE` names cannot be used. */
  | "FILE"
  /** The value is not of the form that the setting wants. */
  | "INVALID"
  /** Not set, though another setting needs it. */
  | "MISSING";

/** One fault. It never holds a secret's value. */
export interface ConfigurationFault {
  /** The setting, as it is spelled in the environment. */
  readonly name: string;
  readonly code: ConfigurationFaultCode;
  /** What was found and what is expected; reads on from the name. */
  readonly message: string;
}
