/**
 * How much may be spent on the signatures of one file: who writes it decides how many there are, and by which keys.
 *
 * @module
 */

/** A budget of signatures, in units of `signatureCost`. */
export interface WorkBudget {
  /** Takes the cost out of what is left; false if that is not enough, and then nothing is taken. */
  spend(cost: number): boolean;
  /** What was spent so far. */
  readonly spent: number;
  /** What is set aside for one object, and as much of this budget as a small file may cost: no object starves another. */
  share(units: number): WorkBudget;
  /** An allowance of its own for one search, and this budget for what goes beyond: no search can starve another. */
  search(): WorkBudget;
}

/** The budget for objects of so many certificates, CRLs and signers each: none can use up the share of another. */
export function budgetFor(...parts: readonly number[]): WorkBudget {
  const units = parts.reduce((sum, ofObject) => sum + unitsFor(ofObject), 0);
  return budgetOf(Math.min(units, maxUnits), undefined);
}

/** What so many parts may cost beyond the allowances of their searches. */
export function unitsFor(parts: number): number {
  return baseUnits + parts * unitsPerPart;
}

/** What is set aside for a signed list, or for anything else, of so many parts in a file of `all` parts. */
export function shareFor(parts: number, isList: boolean, all: number): number {
  const units = parts * Math.min(unitsPerPart, maxUnits / Math.max(all, 1));
  return isList ? units + unitsPerList : units;
}

interface Account extends WorkBudget {
  /** Takes the cost from what is left here and above. */
  take(cost: number): boolean;
  /** Counts what was spent, here and above, whatever it was taken from. */
  count(cost: number): void;
}

function budgetOf(units: number, above: Account | undefined, allowance = 0): Account {
  let left = units;
  let free = allowance;
  let spent = 0;
  const account: Account = {
    get spent() {
      return spent;
    },
    take(cost) {
      if (cost <= free) {
        free -= cost;
        return true;
      }
      if (cost > left || above?.take(cost) === false) return false;
      left -= cost;
      return true;
    },
    count(cost) {
      spent += cost;
      above?.count(cost);
    },
    spend(cost) {
      const isTaken = account.take(cost);
      if (isTaken) account.count(cost);
      return isTaken;
    },
    share: (own) => budgetOf(baseUnits, account, own),
    search: () => budgetOf(Number.POSITIVE_INFINITY, account, unitsPerSearch),
  };
  return account;
}

// A list on brainpoolP512r1 with three links takes some hundred units.
const baseUnits = 512;
// Whatever its neighbors cost: its signature and the path above it, by keys on brainpoolP512r1.
const unitsPerList = 64;
// The German list of 2026-01 takes three units for each of its 581 certificates, nearly all of them out of the allowances.
const unitsPerPart = 8;
// Two signatures on brainpoolP512r1, or six on P-384. Of 581 certificates, 14 ask for a second key.
const unitsPerSearch = 32;
// Some two minutes of one processor: three times ICAO's directory of 31,000 certificates.
const maxUnits = 1_000_000;
