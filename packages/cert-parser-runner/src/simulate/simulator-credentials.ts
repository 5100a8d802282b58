/**
 * Who may log in at the simulator.
 *
 * @module
 */

/** The client and the user that a simulator knows. They open nothing else. */
export interface SimulatorCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** The defaults, the same in each run, so that a runner can be set up for them by hand. */
export const simulatorCredentials: SimulatorCredentials = Object.freeze({
  clientId: "cert-parser",
  clientSecret: "simulated-client-secret",
  username: "border-post",
  password: "simulated-password",
});
