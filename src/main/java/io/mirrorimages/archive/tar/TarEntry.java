package io.mirrorimages.archive.tar;

/**
 * A regular file in a tar.
 *
 * @param name its checked and normalised name: relative, without {@code .}, {@code ..} and empty
 *     components
 * @param data the offset of its bytes in the tar; all of them are within the file
 * @param size their number
 */
public record TarEntry(String name, long data, long size) {}
