package io.mirrorimages.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.mirrorimages.cli.process.ExitCode;
import io.mirrorimages.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of reasons in the documents says what the code does. */
class FailureKindTableTest {
  private static final Path PAGE = Path.of("src/site/markdown/exit-codes.md");
  private static final String BEGIN = "<!-- begin of the table of reasons -->\n\n";
  private static final String END = "\n<!-- end of the table of reasons -->";

  @Test
  void theDocumentShowsTheTableOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    String shown = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    assertThat(shown).as("the table in %s; put the expected text there", PAGE).isEqualTo(table());
  }

  private static String table() {
    return Arrays.stream(FailureKind.values())
        .map(
            kind ->
                "| `%s` | %s | %d | %d |\n"
                    .formatted(
                        kind.label(),
                        kind.meaning(),
                        ExitCode.meaning(kind).run(),
                        ExitCode.meaning(kind).images()))
        .collect(
            Collectors.joining(
                "",
                "| reason | means that | the run ends with it: | all images failed with such: |\n"
                    + "| --- | --- | --- | --- |\n",
                ""));
  }
}
