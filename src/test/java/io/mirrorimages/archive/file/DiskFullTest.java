package io.mirrorimages.archive.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.failure.MirrorException;
import io.mirrorimages.failure.Reason;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFullTest {
  @Test
  void aFullDiskIsSaidWithWhatIsNeeded(@TempDir Path folder) {
    IOException full = new IOException("No space left on device");

    assertThat(DiskFull.explain(full, folder.resolve("a.tar"), 12345))
        .isInstanceOfSatisfying(
            MirrorException.class, e -> assertThat(e.reason()).isEqualTo(Reason.SPACE))
        .hasMessageContaining("12345");
  }
}
