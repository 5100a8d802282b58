/**
 * Reads a tar archive (POSIX.1-2024, pax, ustar interchange format): enough for archives of small files.
 *
 * @module
 */

/** One regular file of an archive. */
export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Gives the regular files of an archive, in its order. */
export function readTar(archive: Uint8Array): readonly TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; at + blockSize <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + blockSize);
    const size = Number.parseInt(text(header, 124, 12), 8);
    const content = at + blockSize;
    const [name, prefix, type] = [text(header, 0, 100), text(header, 345, 155), text(header, 156, 1)];
    if (type === "0" || type === "") {
      files.push({
        name: prefix === "" ? name : `${prefix}/${name}`,
        bytes: archive.slice(content, content + size),
      });
    }
    at = content + Math.ceil(size / blockSize) * blockSize;
  }
  return files;
}

function text(header: Uint8Array, start: number, length: number): string {
  return new TextDecoder().decode(header.subarray(start, start + length)).replace(/\0.*$/s, "");
}

const blockSize = 512;
