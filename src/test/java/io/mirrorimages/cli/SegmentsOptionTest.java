package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentsOptionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"0", "17", "-1"})
  void aNumberThatMakesNoSenseIsRefused(String number) throws Exception {
    Path list = Files.writeString(folder.resolve("list.txt"), "rancher/shell:1\n");

    Command save =
        Command.run(
            "save", "--list", list, "--output", folder.resolve("a.tar"), "--segments", number);

    assertThat(save.complaint(2)).contains("--segments takes a number from 1 to 16");
  }

  @Test
  void onlySaveHasIt() {
    for (String command : new String[] {"sync", "load", "verify", "serve"}) {
      Command refused = Command.run(command, "--segments", "4");

      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("--segments");
    }
  }
}
