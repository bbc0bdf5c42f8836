package io.mirrorimages.archive.tar;

/**
 * A file, folder or link in a tar.
 *
 * @param kind what it is
 * @param name its checked and normalised name: relative, without {@code .}, {@code ..} and empty
 *     components; empty for the folder that has all others
 * @param data the offset of its bytes in the tar; all of them are within the file
 * @param size their number; 0 for all but files
 */
public record TarEntry(Kind kind, String name, long data, long size) {
  /** What an entry is. */
  public enum Kind {
    /** A regular file. */
    FILE,
    /** A folder. */
    FOLDER,
    /** A symbolic or hard link; it is not looked at where it leads. */
    LINK
  }
}
