package io.mirrorimages.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a configuration go below the folder that was named, however it was named. */
class ConfigurationFolderTest {
  private static final NodeFile FILE = new NodeFile("/etc/a", NodeFile.PUBLIC, "text");

  @TempDir private Path folder;

  @Test
  void theFolderMayBeRelative() throws Exception {
    Path relative = Path.of("").toAbsolutePath().relativize(folder.toRealPath());

    new ConfigurationFolder(relative).write(List.of(FILE));

    assertThat(folder.resolve("etc/a")).hasContent("text");
  }

  @Test
  void theFolderMayBeTheWorkingFolder() throws Exception {
    Path inside = Files.createTempDirectory(Path.of("").toAbsolutePath(), "nodes");
    try {
      NodeFile file = new NodeFile("/" + inside.getFileName() + "/a", NodeFile.PUBLIC, "text");

      new ConfigurationFolder(Path.of(".")).write(List.of(file));

      assertThat(inside.resolve("a")).hasContent("text");
    } finally {
      Files.deleteIfExists(inside.resolve("a"));
      Files.delete(inside);
    }
  }

  @Test
  void noFileLeadsOutOfTheFolder() {
    NodeFile outside = new NodeFile("/../a", NodeFile.PUBLIC, "text");

    assertThatThrownBy(
            () -> new ConfigurationFolder(folder.resolve("tree")).write(List.of(outside)))
        .hasMessageContaining("leads out of the folder");
    assertThat(folder).isEmptyDirectory();
  }
}
