package io.mirrorimages.job.carry;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.CodeSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * An unpacked distribution, as it is packed again: sorted, owned by nobody in particular, with the
 * times of its files, which the start-up cache knows.
 *
 * @param root the folder that has {@code bin/mirror-images}
 * @param folder the name of that folder in the packed file
 */
public record Distribution(Path root, String folder) implements CarriedTool {
  /** What a release has. Anything else in the folder is the user's, as an archive may be. */
  private static final List<String> PARTS =
      List.of(
          "LICENSE",
          "README.md",
          "README.zh-CN.md",
          "THIRD-PARTY.txt",
          "bin",
          "image-lists",
          "lib",
          "licenses",
          "runtime",
          "share",
          "src");

  /** Good for the Java of the machine that made it, and for no other. */
  private static final String LOCAL_CACHE = "mirror-images.aot";

  private static final Pattern JAR = Pattern.compile("(mirror-images-.+)\\.jar");
  private static final int ANYONE_READS = 0644;
  private static final int ANYONE_RUNS = 0755;

  /** The one that this process runs from; empty if it runs from something else, as in a test. */
  public static Optional<Distribution> running() throws IOException {
    CodeSource source = Distribution.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? Optional.empty() : of(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** The one that has this jar in its {@code lib}; empty if there is none. */
  static Optional<Distribution> of(Path jar) {
    Matcher name = JAR.matcher(String.valueOf(jar.getFileName()));
    Path lib = jar.toAbsolutePath().getParent();
    Path root = lib == null ? null : lib.getParent();
    if (!name.matches() || root == null || !Files.exists(root.resolve("bin/mirror-images"))) {
      return Optional.empty();
    }
    String platform = Files.isDirectory(root.resolve("runtime")) ? "-linux-" + architecture() : "";
    return Optional.of(new Distribution(root, name.group(1) + platform));
  }

  /** As Debian and OCI call it. */
  private static String architecture() {
    String java = System.getProperty("os.arch");
    return java.equals("aarch64") ? "arm64" : java;
  }

  @Override
  public String fileName() {
    return folder + ".tar.gz";
  }

  @Override
  public boolean hasJava() {
    return Files.isDirectory(root.resolve("runtime"));
  }

  /** Its files before they are packed. */
  @Override
  public long largestSize() throws IOException {
    long size = 0;
    for (String part : PARTS) {
      if (Files.exists(root.resolve(part))) {
        try (Stream<Path> files = Files.walk(root.resolve(part))) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            size += Files.size(file);
          }
        }
      }
    }
    return size;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(
            new GzipCompressorOutputStream(new OpenOutputStream(out)), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      add(tar, root, folder);
      for (String part : PARTS) {
        if (Files.exists(root.resolve(part))) {
          addAll(tar, root.resolve(part), folder + "/" + part);
        }
      }
    }
  }

  private static void addAll(TarArchiveOutputStream tar, Path file, String name)
      throws IOException {
    if (name.endsWith("/lib/" + LOCAL_CACHE)) {
      return;
    }
    add(tar, file, name);
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      List<Path> children;
      try (Stream<Path> listed = Files.list(file)) {
        children = listed.sorted(Comparator.comparing(child -> nameOf(child))).toList();
      }
      for (Path child : children) {
        addAll(tar, child, name + "/" + nameOf(child));
      }
    }
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void add(TarArchiveOutputStream tar, Path file, String name) throws IOException {
    boolean link = Files.isSymbolicLink(file);
    boolean folder = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    TarArchiveEntry entry =
        link
            ? new TarArchiveEntry(name, TarConstants.LF_SYMLINK)
            : new TarArchiveEntry(folder ? name + "/" : name);
    boolean runs = link || folder || isExecutable(file);
    entry.setMode(runs ? ANYONE_RUNS : ANYONE_READS);
    entry.setIds(0, 0);
    entry.setNames("", "");
    long seconds = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.SECONDS);
    entry.setModTime(TimeUnit.SECONDS.toMillis(seconds));
    if (link) {
      entry.setLinkName(Files.readSymbolicLink(file).toString());
    } else if (!folder) {
      entry.setSize(Files.size(file));
    }
    tar.putArchiveEntry(entry);
    if (!link && !folder) {
      Files.copy(file, tar);
    }
    tar.closeArchiveEntry();
  }

  private static boolean isExecutable(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
  }

  /** Leaves what it writes to open. */
  private static final class OpenOutputStream extends FilterOutputStream {
    OpenOutputStream(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
