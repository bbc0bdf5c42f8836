package io.mirrorimages.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.report.line.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ListOptionTest {
  @TempDir private Path folder;

  @Test
  void imagesWithoutATagAreToldOnceTogether() throws Exception {
    assertThat(told("rancher/a", "rancher/b:1", "rancher/c"))
        .hasLineCount(1)
        .contains("2 images", "latest", "rancher/a", "rancher/c")
        .doesNotContain("rancher/b");
  }

  @Test
  void wherePinsOrTagsAreWrittenNothingIsTold() throws Exception {
    assertThat(told("rancher/a:latest", "rancher/b@sha256:" + "a".repeat(64))).isEmpty();
  }

  private String told(String... lines) throws Exception {
    Path list = Files.write(folder.resolve("list.txt"), List.of(lines));
    ListOption option = new ListOption();
    CommandLine.populateCommand(option, "--list", list.toString());
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    option.read(Console.notices(new PrintStream(err, true, StandardCharsets.UTF_8)));
    return err.toString(StandardCharsets.UTF_8);
  }
}
