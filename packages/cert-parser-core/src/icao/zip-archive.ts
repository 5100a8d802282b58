/**
 * ZIP archives of any files of this field, such as the one in which the BSI publishes its Master List.
 *
 * @module
 */

import { type ExpansionBudget, readZip, type ZipMember } from "../containers/zip.ts";
import { CertParserError } from "../errors.ts";
import type { Finding, Origin } from "../findings.ts";
import type { Contents, Opening } from "./opening.ts";
import { countUnreadable } from "./parts.ts";

/** Opens every member of the archive with `open`. A member that holds nothing that is read here is a finding. */
export async function openZip(
  archive: Uint8Array,
  opening: Opening,
  budget: ExpansionBudget,
  open: (content: Iterable<Uint8Array>, opening: Opening) => Promise<Contents>,
): Promise<Contents> {
  const { limits } = opening;
  if (opening.archives >= limits.maxArchiveDepth) {
    throw new CertParserError("LIMIT_EXCEEDED", `archives nest over ${limits.maxArchiveDepth} deep`);
  }
  const members = readZip(archive, limits, budget);
  const opened: Contents[] = [];
  const skipped: Finding[] = [];
  for (const member of members) {
    const origin = originOf(member, opening.origin);
    try {
      opened.push(await open(member.content(), { ...opening, origin, archives: opening.archives + 1 }));
    } catch (error) {
      if (!(error instanceof CertParserError) || error.code === "LIMIT_EXCEEDED") throw error;
      countUnreadable(opening, member.offset);
      skipped.push({
        code: "ARCHIVE_MEMBER_SKIPPED",
        message: `${origin.name} was passed over: ${error.code}: ${error.message}`,
        offset: member.offset,
        clause: "APPNOTE 6.3",
      });
    }
  }
  const objects = opened.flatMap((contents) => contents.objects);
  const directories = opened.flatMap((contents) => contents.directories);
  if (objects.length + directories.length === 0) throw nothingIn(members, skipped);
  return {
    kind: "zip",
    objects,
    directories,
    findings: [...opened.flatMap((contents) => contents.findings), ...skipped],
  };
}

function originOf({ name, offset }: ZipMember, parent: Origin | undefined): Origin {
  return { name: parent === undefined ? name : `${parent.name}!/${name}`, offset };
}

function nothingIn(members: readonly ZipMember[], skipped: readonly Finding[]): CertParserError {
  if (members.length === 0) return new CertParserError("INPUT_UNRECOGNISED", "input is an empty ZIP archive");
  const reasons = skipped.slice(0, 3).map(({ message }) => message);
  return new CertParserError(
    "INPUT_UNRECOGNISED",
    `input is a ZIP archive of ${members.length} members, none of which can be read: ${reasons.join("; ")}`,
  );
}
