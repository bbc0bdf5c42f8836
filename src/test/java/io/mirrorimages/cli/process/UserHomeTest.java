package io.mirrorimages.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UserHomeTest {
  @Test
  void itIsWhereTheShellHasIt() {
    assertThat(UserHome.folder(Map.of("HOME", "/var/ci"), "/root")).isEqualTo(Path.of("/var/ci"));
    assertThat(UserHome.folder(Map.of("HOME", ""), "/root")).isEqualTo(Path.of("/root"));
    assertThat(UserHome.folder(Map.of(), "/root")).isEqualTo(Path.of("/root"));
  }
}
