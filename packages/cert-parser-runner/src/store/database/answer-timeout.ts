/**
 * A limit on our side for the answer to a statement: that of the server does not reach us where the network fell silent.
 *
 * @module
 */

import type { Driver, DriverClient, DriverFactory } from "@slonik/driver";

/** Makes a driver whose statements fail with `ETIMEDOUT` after so long; the connection is given up with them. */
export function withAnswerTimeout(factory: DriverFactory, timeoutMs: number): DriverFactory {
  return async (setup): Promise<Driver> => {
    const driver = await factory(setup);
    return { createClient: async () => limitAnswers(await driver.createClient(), timeoutMs) };
  };
}

function limitAnswers(client: DriverClient, timeoutMs: number): DriverClient {
  let lost = false;
  return {
    ...client,
    async query(...statement) {
      // The rollback after a lost answer would be waited for as long again.
      if (lost) throw noAnswer(timeoutMs);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          lost = true;
          // It waits for the statement itself, and whoever asked has an answer by then.
          void client.destroy().catch(() => undefined);
          reject(noAnswer(timeoutMs));
        }, timeoutMs);
      });
      try {
        return await Promise.race([client.query(...statement), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function noAnswer(timeoutMs: number): Error {
  return Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: "ETIMEDOUT" });
}
