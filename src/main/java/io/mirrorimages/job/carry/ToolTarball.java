package io.mirrorimages.job.carry;

import io.mirrorimages.failure.FailureKind;
import io.mirrorimages.failure.Setting;
import io.mirrorimages.failure.TransferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A packed distribution, as a release has it.
 *
 * @param file the gzipped tar
 * @param folder the folder that it unpacks to
 * @param hasJava whether it has a Java of its own
 */
public record ToolTarball(Path file, String folder, boolean hasJava) implements CarriedTool {
  private static final Pattern LAUNCHER = Pattern.compile("([\\w.+-]+)/bin/mirror-images");
  private static final Pattern JAVA = Pattern.compile("[\\w.+-]+/runtime/bin/java");

  /**
   * Reads a file to its end: what is cut off or damaged is found before it is carried.
   *
   * @throws TransferException {@link FailureKind#OPTION} if it is not this tool; {@link
   *     FailureKind#FILE_MISSING} if there is no such file
   */
  public static ToolTarball open(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new TransferException(
          FailureKind.FILE_MISSING, Setting.WITH_TOOL + "=" + file + ": there is no such file");
    }
    String folder = "";
    boolean hasJava = false;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        GzipCompressorInputStream content = new GzipCompressorInputStream(in);
        TarArchiveInputStream tar = new TarArchiveInputStream(content, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Matcher launcher = LAUNCHER.matcher(entry.getName());
        folder = launcher.matches() ? launcher.group(1) : folder;
        hasJava |= JAVA.matcher(entry.getName()).matches();
      }
      content.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw notThis(file, e);
    }
    if (folder.isEmpty()) {
      throw notThis(file, null);
    }
    return new ToolTarball(file, folder, hasJava);
  }

  private static TransferException notThis(Path file, @Nullable IOException cause) {
    return new TransferException(
        FailureKind.OPTION,
        Setting.WITH_TOOL
            + "="
            + file
            + " is not a whole mirror-images-VERSION.tar.gz or"
            + " mirror-images-VERSION-linux-ARCH.tar.gz: give one of a release, or "
            + Setting.WITH_TOOL
            + " alone for the one that runs",
        cause);
  }

  @Override
  public String fileName() {
    return String.valueOf(file.getFileName());
  }

  @Override
  public long largestSize() throws IOException {
    return Files.size(file);
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    Files.copy(file, out);
  }
}
