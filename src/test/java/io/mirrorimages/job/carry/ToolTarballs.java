package io.mirrorimages.job.carry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small tarballs in the form of a release's, for tests. */
public final class ToolTarballs {
  private ToolTarballs() {}

  /**
   * Makes {@code NAME.tar.gz} below a folder that does not exist yet.
   *
   * @param java whether it has one of its own
   */
  public static Path make(Path folder, String name, boolean java) throws IOException {
    Distribution unpacked = new Distribution(unpacked(folder.resolve("unpacked"), java), name);
    Path packed = folder.resolve(unpacked.fileName());
    try (OutputStream out = Files.newOutputStream(packed)) {
      unpacked.writeTo(out);
    }
    return packed;
  }

  /** Makes the folder of a distribution, and gives it. */
  static Path unpacked(Path root, boolean java) throws IOException {
    write(root.resolve("bin/mirror-images"), "#!/bin/sh", true);
    write(root.resolve("lib/mirror-images-9.9.9.jar"), "jar", false);
    write(root.resolve("lib/mirror-images.aot"), "of this machine", false);
    write(root.resolve("LICENSE"), "text", false);
    if (java) {
      write(root.resolve("runtime/bin/java"), "ELF", true);
      Files.createSymbolicLink(root.resolve("runtime/LICENSE"), Path.of("../LICENSE"));
    }
    return root;
  }

  private static void write(Path file, String content, boolean runs) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    if (!file.toFile().setExecutable(runs, false)) {
      throw new IOException("can't change the mode of " + file);
    }
  }
}
