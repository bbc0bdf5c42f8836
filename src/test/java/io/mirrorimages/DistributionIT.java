package io.mirrorimages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The libraries in the built distribution: listed with their licences, and unchanged. */
class DistributionIT {
  private static final Path DIST =
      Path.of(System.getProperty("mirror-images.command")).getParent().getParent();

  private static final Pattern LICENCE = Pattern.compile(" +([A-Za-z0-9.-]+):");
  private static final Pattern LIBRARY =
      Pattern.compile(" +\\* .* \\(([^: ]+):([^: ]+):([^: ]+) - .*\\)");

  /** An entry of THIRD-PARTY.txt. */
  private record Library(String licence, String group, String artifact, String version) {
    /** One, or one for each platform. */
    List<String> jars() {
      String name = artifact + "-" + version;
      return artifact.equals("zstd-jni")
          ? List.of(name + "-linux_amd64.jar", name + "-linux_aarch64.jar")
          : List.of(name + ".jar");
    }

    Path in(Path repository) {
      return repository.resolve(group.replace('.', '/')).resolve(artifact).resolve(version);
    }
  }

  @Test
  void listsEachBundledLibraryWithALicenceWhoseTextIsThere() throws IOException {
    List<Library> listed = listed();

    assertThat(listed).flatExtracting(Library::jars).containsExactlyInAnyOrderElementsOf(bundled());
    assertThat(listed)
        .extracting(Library::licence)
        .containsOnly("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT");
    assertThat(DIST.resolve("LICENSE")).content().contains("Apache License");
    // The jars under MIT carry theirs, and 0BSD asks for none.
    assertThat(listed.stream().filter(library -> library.licence().startsWith("BSD-")))
        .allSatisfy(
            library ->
                assertThat(DIST.resolve("licenses/" + library.licence() + ".txt"))
                    .content()
                    .contains(library.artifact()));
  }

  @Test
  void shipsEachLibraryAsItIsPublished() throws Exception {
    Path repository = localRepository();

    for (Library library : listed()) {
      for (String jar : library.jars()) {
        Path published = library.in(repository).resolve(jar);
        String shipped = sha1(DIST.resolve("lib").resolve(jar));
        assertThat(shipped).as(jar).isEqualTo(sha1(published));
        Path checksum = published.resolveSibling(jar + ".sha1");
        if (Files.exists(checksum)) {
          assertThat(Files.readString(checksum)).as(jar).startsWith(shipped);
        }
      }
    }
  }

  @Test
  void packsAllOfItselfToBeCarriedWithAnArchive(@TempDir Path folder) throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), "localhost:1/none:1");
    Process save =
        new ProcessBuilder(
                DIST.resolve("bin/mirror-images").toString(),
                "save",
                "--list=" + list,
                "--output=" + folder.resolve("rancher.tar"),
                "--with-tool",
                "--retries=0",
                "--failed=" + folder.resolve("failed.txt"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(save.waitFor()).as(Files.readString(folder.resolve("log"))).isEqualTo(3);

    List<String> packed = new ArrayList<>();
    Path tool;
    try (Stream<Path> files = Files.list(folder)) {
      tool = files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(tool)))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        packed.add(e.getName().replaceFirst("^[^/]*/", "").replaceFirst("/$", ""));
      }
    }
    try (Stream<Path> files = Files.walk(DIST)) {
      assertThat(packed)
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> DIST.relativize(file).toString())
                  .filter(name -> !name.equals("lib/mirror-images.aot"))
                  .toList());
    }
  }

  private static List<Library> listed() throws IOException {
    List<Library> listed = new ArrayList<>();
    String licence = "";
    for (String line : Files.readAllLines(DIST.resolve("THIRD-PARTY.txt"))) {
      Matcher heading = LICENCE.matcher(line);
      Matcher entry = LIBRARY.matcher(line);
      if (heading.matches()) {
        licence = heading.group(1);
      } else if (entry.matches()) {
        listed.add(new Library(licence, entry.group(1), entry.group(2), entry.group(3)));
      }
    }
    return listed;
  }

  private static List<String> bundled() throws IOException {
    try (Stream<Path> files = Files.list(DIST.resolve("lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar") && !name.startsWith("mirror-images-"))
          .toList();
    }
  }

  /** Maven's, where this test's own libraries are taken from. */
  private static Path localRepository() throws URISyntaxException {
    Path picocli =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return picocli.resolve("../../../../..").normalize();
  }

  private static String sha1(Path file) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-1");
    try (InputStream in = Files.newInputStream(file)) {
      digest.update(in.readAllBytes());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
