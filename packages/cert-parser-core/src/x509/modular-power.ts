/**
 * Powers and inverses modulo a number. Not in constant time: everything that verifying reckons with is public.
 *
 * @module
 */

/** `base` to the power of `exponent`, which is not negative. The modulus is positive, and so is the result. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  for (const digit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (digit === "1") result = (result * base) % modulus;
  }
  return result;
}

/** The inverse of a number above 0 and below a prime, by Fermat's little theorem. */
export function inverseModuloPrime(value: bigint, prime: bigint): bigint {
  return modularPower(value, prime - 2n, prime);
}
