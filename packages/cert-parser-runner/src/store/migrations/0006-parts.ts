/**
 * Parts of files that are more than one list: members of archives, entries of directories.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The sixth version: rejected lists and deviations, and where in a file a rejected part stood. */
export const partsMigration: Migration = {
  version: 6,
  name: "parts",
  statements: [
    "alter table certs.rejections drop constraint rejections_kind_check",
    `alter table certs.rejections
      add constraint rejections_kind_check check (kind in ('certificate', 'crl', 'deviation', 'list'))`,
    "alter table certs.rejections add column origin text",
    ...comments("rejections", "Parts of accepted bundles that could not be read. Their neighbours were.", {
      origin: "Member of the archive, entry of the directory or PEM block that it stood in; null elsewhere.",
      byte_offset: "Offset of the part in the bundle, or in the part of it that origin names, in bytes.",
    }),
  ],
};
