package io.mirrorimages.nodes.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFoldersTest {
  @TempDir private Path folder;

  @Test
  void theFirstFolderOfAHostCountsAndIsReadOnce() throws IOException {
    Path first = Files.createDirectories(folder.resolve("first/h:5000"));
    Path second = Files.createDirectories(folder.resolve("second/h:5000"));
    Path ca = Files.createFile(first.resolve("ca.crt"));
    Files.createFile(second.resolve("ca.crt"));
    CertificateFolders folders =
        new CertificateFolders(List.of(folder.resolve("first"), folder.resolve("second")));

    NodeTls read = folders.of("h:5000");

    assertThat(read.options().caFile()).contains(ca);
    assertThat(folders.of("h:5000")).isSameAs(read);
    assertThat(folders.of("other")).isEqualTo(NodeTls.SYSTEM);
  }
}
