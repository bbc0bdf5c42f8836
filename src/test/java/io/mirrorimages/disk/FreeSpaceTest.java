package io.mirrorimages.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FreeSpaceTest {
  @TempDir private Path folder;

  @Test
  void isThatOfTheFileSystem() throws IOException {
    assertThat(FreeSpace.of(folder))
        .isPositive()
        .isLessThanOrEqualTo(Files.getFileStore(folder).getTotalSpace());
  }

  @Test
  void isUnknownForWhatIsNotThere() {
    assertThatThrownBy(() -> FreeSpace.of(folder.resolve("absent")))
        .isInstanceOf(IOException.class);
  }
}
