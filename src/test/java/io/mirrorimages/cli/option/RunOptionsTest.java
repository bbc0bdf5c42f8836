package io.mirrorimages.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.mirror.event.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RunOptionsTest {
  @Test
  void remarksAreForThoseWhoLook() {
    assertThat(remark()).isEqualTo("mirror-images: a remark\n");
    assertThat(remark("--quiet")).isEmpty();
  }

  private static String remark(String... arguments) {
    RunOptions options = CommandLine.populateCommand(new RunOptions(), arguments);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    options
        .remarks(new PrintStream(err, true, StandardCharsets.UTF_8))
        .on(new RunEvent.Hint("a remark"));
    return err.toString(StandardCharsets.UTF_8);
  }
}
