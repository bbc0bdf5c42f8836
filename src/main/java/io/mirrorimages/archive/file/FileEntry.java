package io.mirrorimages.archive.file;

/**
 * A file, folder or link of an image layout: an entry of a tar, or something in a folder.
 *
 * @param kind what it is
 * @param name its checked and normalised name: relative, without {@code .}, {@code ..} and empty
 *     components; empty for the folder that has all others
 * @param data the offset of its bytes in the tar, all of which are within the tar; 0 in a folder
 * @param size their number; 0 for all but files
 * @param target where a symbolic link in a tar leads, unchecked; empty for all else
 */
public record FileEntry(EntryType kind, String name, long data, long size, String target) {
  /** Anything but a symbolic link in a tar. */
  public FileEntry(EntryType kind, String name, long data, long size) {
    this(kind, name, data, size, "");
  }

  /** What an entry is. */
  public enum EntryType {
    /** A regular file. */
    FILE,
    /** A folder. */
    FOLDER,
    /** A symbolic or hard link; it is not looked at where it leads. */
    LINK
  }
}
