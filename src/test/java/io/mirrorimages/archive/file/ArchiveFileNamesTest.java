package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveFileNamesTest {
  @TempDir private Path folder;

  @Test
  void filesAreNamedAfterTheOutput() {
    Path output = folder.resolve("a.tar");
    ArchiveFileNames one = ArchiveFileNames.ofOneFile(output);
    ArchiveFileNames several = ArchiveFileNames.ofVolumes(output);

    assertThat(one.volume(1)).isEqualTo(output);
    assertThat(several.volume(12)).isEqualTo(folder.resolve("a-0012.tar"));
    assertThat(several.volume(12345)).isEqualTo(folder.resolve("a-12345.tar"));
    assertThat(ArchiveFileNames.partial(several.volume(1)))
        .isEqualTo(folder.resolve("a-0001.tar.partial"))
        .matches(ArchiveFileNames::isPartial);
    assertThat(one.journal()).isEqualTo(folder.resolve("a.tar.journal"));
    assertThat(one.lock()).isEqualTo(folder.resolve("a.tar.lock"));
    assertThat(several.checksums()).isEqualTo(folder.resolve("SHA256SUMS"));
    assertThat(one.companion(".txt")).isEqualTo(folder.resolve("a.txt"));
    assertThat(ArchiveFileNames.ofVolumes(Path.of("images")).volume(1))
        .isEqualTo(Path.of("images-0001"));
    assertThat(ArchiveFileNames.ofOneFile(Path.of("a.tar")).folder())
        .isEqualTo(Path.of("").toAbsolutePath());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.tar", "a.tar.partial", "a.tar.journal", "a.tar.journal.new", "a.tar.lock"})
  void anArchiveInOneFileIncludes(String name) {
    assertThat(ArchiveFileNames.ofOneFile(folder.resolve("a.tar")).includes(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a-0001.tar",
        "a-10000.tar",
        "a-0002.tar.partial",
        "a.tar.journal",
        "a.tar.journal.new",
        "a.tar.lock",
        "SHA256SUMS",
        "SHA256SUMS.new"
      })
  void anArchiveInVolumesIncludes(String name) {
    assertThat(ArchiveFileNames.ofVolumes(folder.resolve("a.tar")).includes(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a-0001.tar, false", "SHA256SUMS, false", "b.tar, false", "a.tar.txt, false",
    "a-001.tar, true", "a-0001.tar.txt, true", "b-0001.tar, true", "aa-0001.tar, true",
    "report.json, true", "a-0001, true", ".partial, true",
  })
  void otherFilesAreNotIncluded(String name, boolean inVolumes) {
    assertThat(new ArchiveFileNames(folder.resolve("a.tar"), inVolumes).includes(name)).isFalse();
  }

  @Test
  void aNameIsNoPattern() {
    assertThat(ArchiveFileNames.ofOneFile(folder.resolve("a.+.tar")).includes("abb.tar")).isFalse();
    assertThat(ArchiveFileNames.ofVolumes(folder.resolve("a.*")).includes("abc-0001")).isFalse();
  }

  @Test
  void findsTheFilesThatExist() throws IOException {
    for (String name :
        List.of("a-0002.tar", "a-0001.tar", "a-0003.tar.partial", "a.tar.lock", "b", "a.tar")) {
      Files.createFile(folder.resolve(name));
    }
    ArchiveFileNames several = ArchiveFileNames.ofVolumes(folder.resolve("a.tar"));

    assertThat(several.finished())
        .containsExactly(folder.resolve("a-0001.tar"), folder.resolve("a-0002.tar"));
    assertThat(several.existing())
        .containsExactly(
            folder.resolve("a-0001.tar"),
            folder.resolve("a-0002.tar"),
            folder.resolve("a-0003.tar.partial"),
            folder.resolve("a.tar.lock"));
    assertThat(ArchiveFileNames.ofOneFile(folder.resolve("a.tar")).finished())
        .containsExactly(folder.resolve("a.tar"));
    assertThat(ArchiveFileNames.ofOneFile(folder.resolve("none.tar")).finished()).isEmpty();
  }
}
