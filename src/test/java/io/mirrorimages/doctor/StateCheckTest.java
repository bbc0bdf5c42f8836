package io.mirrorimages.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateCheckTest {
  @TempDir Path folder;

  private CheckResult look(Path state, boolean asked) throws IOException {
    try (TestSite there = new TestSite()) {
      there.state = state;
      there.stateAsked = asked;
      return new StateCheck(there.site()).look().getFirst();
    }
  }

  @Test
  void aFolderMayBeThereOrNot() throws IOException {
    for (Path state : new Path[] {folder, folder.resolve("a/b/c")}) {
      assertThat(look(state, true))
          .isEqualTo(CheckResult.ok(CheckId.STATE, "how far uploads are can be kept in " + state));
    }
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    String problem = file + " is no folder";

    assertThat(look(file.resolve("state"), true))
        .isEqualTo(
            CheckResult.failure(
                CheckId.STATE, problem, "name another folder with {setting state}"));
    assertThat(look(file, false))
        .isEqualTo(
            CheckResult.warning(
                CheckId.STATE,
                problem + ", so large layers begin again after an interruption",
                "name another folder with {setting state}"));
  }
}
