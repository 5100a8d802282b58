/**
 * What a finished stage says of itself in its event.
 *
 * @module
 */

import type { Bundle } from "../icao/bundle.ts";
import type { BundleJudgment } from "../policy/judgment.ts";
import type { StageFigures } from "./events.ts";
import type { Download, StoreReport } from "./ports.ts";

/** What was found in the bundle. */
export function bundleFigures({ kind, objects }: Bundle): StageFigures {
  const count = (of: (object: Bundle["objects"][number]) => number) =>
    objects.reduce((total, object) => total + of(object), 0);
  return {
    kind,
    certificates: count((object) => object.certificates.length),
    envelope_certificates: count((object) => object.envelopeCertificates.length),
    crls: count((object) => object.crls.length),
    rejected: count((object) => object.rejections.length),
  };
}

/** How its objects were judged. */
export function judgmentFigures({ outcome, reasons, objects }: BundleJudgment): StageFigures {
  const codes = [...objects.flatMap((object) => object.reasons), ...reasons].map(({ code }) => code);
  return { outcome, reasons: [...new Set(codes)].join(" ") };
}

/** What changed in the store. */
export function storeFigures(report: StoreReport): StageFigures {
  return {
    added: report.added,
    removed: report.removed,
    unchanged: report.unchanged,
    new_to_store: report.newToStore,
    crls_added: report.crlsAdded,
    revoked_added: report.revokedAdded,
    rejections_added: report.rejectionsAdded,
  };
}

/** How much came down. */
export function downloadFigures(downloaded: Download): StageFigures {
  return downloaded.modified
    ? { modified: true, bytes: downloaded.bytes.length }
    : { modified: false, bytes: 0 };
}

/** Tokens are secret: the stages that get them say nothing. */
export function noFigures(): StageFigures {
  return {};
}
